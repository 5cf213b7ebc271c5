using System.Globalization;
using System.Text;
using ActorPmu.Actors;
using ActorPmu.Akka.Controlled;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Akka.Actor;
using Envelope = ActorPmu.Actors.Envelope;
using Message = ActorPmu.Actors.Message;

namespace ActorPmu.TestKit;

/// <summary>The machine of a live script: its actors are Akka actors, and it goes on only when the script lets it.</summary>
public sealed class ScriptMachine : IDisposable
{
    private const int StepsShown = 20;

    private readonly List<Interception> _interceptions = [];
    private readonly List<string> _log = [];
    private readonly IReadOnlyList<ScriptProbe> _probes;
    private readonly ScriptOrder _order;
    private readonly ControlledRun _run;
    private readonly string _name;
    private ScriptHost? _host;
    private ControlledResult? _result;

    internal ScriptMachine(ControlledSystem akka, ScriptPlan plan, IReadOnlyList<ScriptProbe> probes)
    {
        _probes = probes;
        _order = new ScriptOrder(plan.Seed, _log);
        _name = $"{plan.Scenario.Name} under {plan.Design().Name}";
        _run = akka.Begin(
            host => plan.Scenario.SubjectIn(_host = new ScriptHost(host, this), plan.Design(), plan.PreemptRt), _order, plan.StepsMax, _order);
        HasBegun = true;
    }

    /// <summary>The perf machine: its events, contexts and counters.</summary>
    public Machine Kernel => _run.Subject.Machine!;

    /// <summary>Deliveries made so far.</summary>
    public long Steps => _host?.Steps ?? 0;

    /// <summary>Why the run ended; null while it goes on.</summary>
    public RunEnd? End => _run.End;

    /// <summary>Makes one delivery.</summary>
    /// <returns>Whether there was one to make.</returns>
    public bool Step()
    {
        while (true)
        {
            IReadOnlyList<Envelope> possible = _run.Possible();
            if (possible.Count > 0)
            {
                Deliver(possible, _order.Pick(possible.Count));
                return true;
            }

            // Nobody can go on but those who wait for a message that is late.
            if (End is not null || _interceptions.Find(i => i.FirstDue is not null) is not { } late)
            {
                return false;
            }

            late.Release(0);
        }
    }

    /// <summary>Makes deliveries until something is so.</summary>
    /// <param name="condition">What is to be so; asked before each delivery.</param>
    /// <returns>Whether it is so; if not, the run has ended, or nobody can go on.</returns>
    public bool RunUntil(Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (!condition())
        {
            if (!Step())
            {
                return condition();
            }
        }

        return true;
    }

    /// <summary>Makes deliveries until such a message could be delivered; does not deliver it.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="from">Who sent it; null for anybody.</param>
    /// <param name="to">Who gets it; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <exception cref="ScenarioFailedException">That does not happen.</exception>
    public void RunUntilPossible<T>(string? from = null, string? to = null, Predicate<T>? where = null)
        where T : Message
    {
        LetterMatch match = LetterMatch.Of(from, to, where);
        if (!RunUntil(() => _run.Possible().Any(e => match.Has(e))))
        {
            throw Failure($"{match} must become possible, and does not");
        }
    }

    /// <summary>Delivers a message that could be delivered now, before all others.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="from">Who sent it; null for anybody.</param>
    /// <param name="to">Who gets it; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ScenarioFailedException">There is none.</exception>
    public T Deliver<T>(string? from = null, string? to = null, Predicate<T>? where = null)
        where T : Message
    {
        LetterMatch match = LetterMatch.Of(from, to, where);
        IReadOnlyList<Envelope> possible = _run.Possible();
        for (int i = 0; i < possible.Count; i++)
        {
            if (match.Has(possible[i]))
            {
                T message = (T)possible[i].Message;
                Deliver(possible, i);
                return message;
            }
        }

        string others = possible.Count == 0 ? "nothing is" : "possible are " + string.Join("; ", possible.Select(e => Text(e)));
        throw Failure($"{match} must be possible now, and is not; {others}");
    }

    /// <summary>Sends a message from outside the machine: an interrupt, for instance.</summary>
    /// <param name="to">Who gets it.</param>
    /// <param name="message">The message: on lane Nmi for <see cref="Pmi"/> and <see cref="InjectedPmi"/>, else on lane Irq.</param>
    /// <exception cref="ArgumentException">There is no such actor.</exception>
    public void Inject(string to, Message message)
    {
        bool nmi = message is Pmi or InjectedPmi;
        Inject(to, message, "env/0", nmi ? Lane.Nmi : Lane.Irq, nmi ? Accept.Nmi : Accept.Irq);
    }

    /// <summary>Sends a message in somebody's name.</summary>
    /// <param name="to">Who gets it.</param>
    /// <param name="message">The message.</param>
    /// <param name="from">Who is to have sent it.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="acceptClass">A class of <see cref="Accept"/>.</param>
    /// <exception cref="ArgumentException">There is no such actor.</exception>
    public void Inject(string to, Message message, string from, Lane lane, byte acceptClass)
    {
        ArgumentNullException.ThrowIfNull(message);
        SendBy("injected", new Envelope(ActorNames.Parse(from), ActorNames.Parse(to), lane, acceptClass, 0, 0, message));
    }

    /// <summary>The machine goes on to its end, and no property is broken.</summary>
    /// <param name="properties">Which ones; all of them when none is named.</param>
    /// <exception cref="ScenarioFailedException">One is. A run that cannot end breaks <see cref="Property.NoDeadlock"/>.</exception>
    public void MustHold(params Property[] properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (Finish().Violations.Any(v => properties.Length == 0 || properties.Contains(v.Property)))
        {
            throw Failure($"must hold{ExploredScript.Named(" ", properties)}, and does not");
        }
    }

    /// <summary>The machine goes on to its end, and breaks a property.</summary>
    /// <param name="property">Which.</param>
    /// <returns>The first violation of it.</returns>
    /// <exception cref="ScenarioFailedException">It does not.</exception>
    public Violation MustViolate(Property property) =>
        Finish().Violations.FirstOrDefault(v => v.Property == property)
        ?? throw Failure($"must violate {Properties.Name(property)}, and does not");

    /// <summary>In the deliveries so far two events have shared a counter.</summary>
    /// <exception cref="ScenarioFailedException">They have not.</exception>
    public void MustShare()
    {
        if (Kernel.Shared == 0)
        {
            throw Failure("must share a counter, and does not");
        }
    }

    /// <summary>What has happened so far, a line for each delivery and each deed of the script.</summary>
    public string Story => string.Join('\n', _log);

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    internal bool HasBegun { get; }

    internal static string Text(in Envelope e) => RecordedStep.LabelOf(e);

    internal ScriptProbe? ProbeOf(ActorId id) => _probes.FirstOrDefault(p => p.Id == id);

    internal IActorRef ShellOf(ActorId id) => _run.ShellOf(id) ?? ActorRefs.Nobody;

    internal bool Intercepts(in Envelope letter)
    {
        foreach (Interception interception in _interceptions)
        {
            if (interception.Takes(letter))
            {
                return true;
            }
        }

        return false;
    }

    internal bool HoldsOnlyFrom(ActorKind kind) => _interceptions.TrueForAll(i => i.HasOnlyFrom(kind));

    internal Interception Add(LetterMatch match, Fate fate, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Interception made = new(this, match, fate, count);
        _interceptions.Add(made);
        return made;
    }

    internal void Outside(Action act) => _run.Outside(act);

    internal void SendBy(string how, Envelope letter)
    {
        Note(how, letter);
        Outside(() => _host!.Send(letter.From, letter.To, letter.Lane, letter.AcceptClass, letter.Message));
    }

    internal void Forward(string how, Envelope letter)
    {
        Note(how, letter);
        _host!.Forward(letter);
    }

    internal void Note(string how, Envelope letter) => _log.Add($"   script  {how}: {Text(letter)}");

    internal ScenarioFailedException Failure(string what, Exception? inner = null)
    {
        StringBuilder text = new();
        text.Append(_name).Append(' ').Append(what).Append('\n');
        foreach (Violation violation in _result?.Violations ?? Kernel.Violations)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nVIOLATION {Properties.Name(violation.Property)}  step {violation.Step:#,0}\n  {violation.What}\n");
            foreach (string line in violation.Evidence)
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        text.Append('\n');
        if (_log.Count > StepsShown)
        {
            text.Append(CultureInfo.InvariantCulture, $"  ({_log.Count - StepsShown} lines left out; {nameof(Story)} has them)\n");
        }

        foreach (string line in _log.TakeLast(StepsShown))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return new ScenarioFailedException(text.ToString(), inner);
    }

    private ControlledResult Finish()
    {
        if (_result is null)
        {
            RunUntil(() => End is not null);
            _run.Stop(RunEnd.Deadlock);
            _result = _run.Judge();
        }

        // A script that means somebody who was never there would hold whatever it says.
        ActorId[] strangers = [.. _probes.Select(p => p.Id).Concat(_interceptions.SelectMany(i => i.Named)).Where(id => id.Kind != ActorKind.Environment && _host!.Find(id) is null)];
        return strangers.Length == 0 ? _result : throw Failure($"has no actor {strangers[0]}, which the script names");
    }

    private void Deliver(IReadOnlyList<Envelope> possible, int picked)
    {
        _log.Add($"{(Steps + 1).ToString(CultureInfo.InvariantCulture),9}  {Text(possible[picked])}");
        _run.Deliver(picked);
        foreach (Interception interception in _interceptions)
        {
            interception.LetGo(Steps);
        }
    }
}

/// <summary>What a live script runs.</summary>
internal sealed record ScriptPlan(Scenario Scenario, Func<ISharingDesign> Design, bool? PreemptRt, ulong? Seed, long StepsMax);
