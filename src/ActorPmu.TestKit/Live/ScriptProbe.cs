using ActorPmu.Actors;
using ActorPmu.Kernel;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Sdk;
using Envelope = ActorPmu.Actors.Envelope;
using Message = ActorPmu.Actors.Message;

namespace ActorPmu.TestKit;

/// <summary>A probe in the place of an actor of the machine. The actor itself stands behind it and gets what the script passes on.</summary>
/// <remarks>
/// The probe takes every message at once, also one that the actor would not accept yet. Each <c>Expect…</c> first lets the machine go on
/// until there is a message or nobody can go on, and then asks Akka's probe, without waiting: time plays no part.
/// </remarks>
public sealed class ScriptProbe
{
    private readonly Func<ScriptMachine> _machine;
    private readonly List<Envelope> _arrived = [];
    private readonly List<Envelope> _expected = [];
    private Actor? _original;
    private bool _passesAll;

    internal ScriptProbe(ActorId id, TestProbe akka, Func<ScriptMachine> machine)
    {
        Id = id;
        Akka = akka;
        _machine = machine;
    }

    /// <summary>Whom it stands for.</summary>
    public ActorId Id { get; }

    /// <summary>Akka's probe.</summary>
    public TestProbe Akka { get; }

    /// <summary>The channel of the message that was expected last.</summary>
    /// <exception cref="InvalidOperationException">None was.</exception>
    public Envelope Last => _expected.Count > 0 ? _expected[^1] : throw new InvalidOperationException($"nothing was expected of {Id} yet");

    /// <summary>The Akka actor that sent the message that was expected last; nobody for the environment.</summary>
    public IActorRef Sender => Akka.LastSender;

    /// <summary>What the lock of a context protects.</summary>
    /// <exception cref="InvalidOperationException">It stands for something else, or the machine has not started.</exception>
    public PerfContext Data =>
        (_original as Context)?.Data ?? throw new InvalidOperationException($"{Id} is no context of a machine that has started");

    /// <summary>Messages that the script has kept: neither answered nor passed on.</summary>
    internal IReadOnlyList<Envelope> Unanswered => _passesAll ? [] : [.. _expected, .. _arrived];

    /// <summary>The next message is of that type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="from">Who must have sent it; null for anybody.</param>
    /// <param name="lane">On which lane; null for any.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ScenarioFailedException">Another message comes, or none.</exception>
    public T ExpectMsg<T>(string? from = null, Lane? lane = null)
        where T : Message
    {
        ScriptMachine machine = _machine();
        ActorId? sender = from is null ? null : ActorNames.Parse(from);
        machine.RunUntil(() => _arrived.Count > 0);
        T message;
        try
        {
            message = Akka.ExpectMsg<T>(TimeSpan.Zero);
        }
        catch (XunitException e)
        {
            string got = _arrived.Count > 0 ? ScriptMachine.Text(_arrived[0]) : "nothing, and nobody can go on";
            throw machine.Failure($"{Id} must get {typeof(T).Name}, and gets {got}", e);
        }

        int at = _arrived.FindIndex(e => ReferenceEquals(e.Message, message));
        Envelope envelope = _arrived[at];
        _arrived.RemoveAt(at);
        _expected.Add(envelope);
        bool wrong = (sender is { } s && envelope.From != s) || (lane is { } l && envelope.Lane != l);
        return wrong
            ? throw machine.Failure(
                $"{Id} must get {typeof(T).Name}{(sender is null ? "" : $" from {sender}")}{(lane is null ? "" : $" on lane {lane}")}, and gets {ScriptMachine.Text(envelope)}")
            : message;
    }

    /// <summary>Passes everything on until a message of that type comes, and expects it.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <returns>The message, which is not passed on.</returns>
    /// <exception cref="ScenarioFailedException">None comes.</exception>
    public T PassOnUntil<T>(Predicate<T>? where = null)
        where T : Message
    {
        while (true)
        {
            _machine().RunUntil(() => _arrived.Count > 0);
            if (_arrived.Count == 0 || (_arrived[0].Message is T wanted && (where is null || where(wanted))))
            {
                return ExpectMsg<T>();
            }

            ExpectMsg<Message>();
            PassOn();
        }
    }

    /// <summary>Nothing comes, however long the machine goes on.</summary>
    /// <exception cref="ScenarioFailedException">Something does.</exception>
    public void ExpectNoMsg()
    {
        ScriptMachine machine = _machine();
        machine.RunUntil(() => _arrived.Count > 0);
        try
        {
            Akka.ExpectNoMsg(TimeSpan.Zero);
        }
        catch (XunitException e)
        {
            throw machine.Failure($"{Id} must get nothing, and gets {ScriptMachine.Text(_arrived[0])}", e);
        }
    }

    /// <summary>Gives the message that was expected last to the actor behind the probe.</summary>
    /// <exception cref="InvalidOperationException">It would not take it now: a lock that is held, for instance.</exception>
    public void PassOn()
    {
        Envelope envelope = Last;
        _machine().Outside(() => Give(envelope));
        _expected.RemoveAt(_expected.Count - 1);
    }

    /// <summary>From now on everything goes to the actor behind the probe as if there were no probe, what has been kept so far included.</summary>
    public void PassOnAll()
    {
        _passesAll = true;
        _arrived.InsertRange(0, _expected);
        _expected.Clear();
        _machine().Outside(GiveWhatIsTaken);
        while (Akka.HasMessages)
        {
            Akka.ReceiveOne(TimeSpan.Zero);
        }
    }

    /// <summary>Answers, in the actor's name, whoever sent the message that was expected last.</summary>
    /// <param name="answer">The answer; its path says which of the sender's execution contexts gets it.</param>
    public void Reply(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Envelope envelope = Last;
        ReplyTo to = ReplyTo.Of(envelope.From, answer.Path);
        _expected.RemoveAt(_expected.Count - 1);
        _machine().SendBy("by hand", new Envelope(Id, to.Cpu, to.Lane, to.AcceptClass, 0, 0, answer));
    }

    /// <summary>Takes no notice of the message that was expected last: nobody answers it.</summary>
    public void Ignore() => _expected.Remove(Last);

    internal Actor StandInFor(Actor original)
    {
        _original = original;
        return new StandIn(this, original);
    }

    internal void Arrive(in Envelope envelope)
    {
        _arrived.Add(envelope);
        if (_passesAll)
        {
            GiveWhatIsTaken();
            return;
        }

        Akka.Ref.Tell(envelope.Message, _machine().ShellOf(envelope.From));
    }

    // As a shell does it: what is not taken yet waits, and is tried again after each message; channels keep their order.
    private void GiveWhatIsTaken()
    {
        while (_arrived.FindIndex(IsNext) is var at and >= 0)
        {
            Envelope envelope = _arrived[at];
            _arrived.RemoveAt(at);
            Give(envelope);
        }
    }

    private bool IsNext(Envelope envelope) =>
        Takes(envelope)
        && _arrived.Find(e => e.From == envelope.From && e.Lane == envelope.Lane).Sequence == envelope.Sequence;

    private bool Takes(Envelope envelope) => (_original!.AcceptMask >> envelope.AcceptClass & 1) != 0;

    private void Give(Envelope envelope)
    {
        if (!Takes(envelope))
        {
            throw new InvalidOperationException(
                $"{Id} does not take {envelope.Message.Label} now; pass on first what it waits for");
        }

        _original!.Receive(envelope);
    }
}
