using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>Who is in a program: a world, and short ways to put actors and first messages into it.</summary>
/// <param name="saysItsState">Whether the actors say their states in numbers; else what they have received stands for these.</param>
internal sealed class Cast(bool saysItsState = true)
{
    public World World { get; } = new();

    public bool SaysItsState => saysItsState;

    /// <summary>Adds an actor.</summary>
    /// <param name="index">Its name.</param>
    /// <param name="on">What it does with the sender's name and what was said.</param>
    /// <param name="state">Its state at first.</param>
    /// <param name="accepts">The mask of a state; null where nothing is ever refused.</param>
    /// <param name="readsCommute">Whether one "read" may as well come after another one.</param>
    public Peer Add(int index, Action<Peer, int, Say> on, int[]? state = null, Func<int[], ulong>? accepts = null, bool readsCommute = false)
    {
        Peer peer = new(this, index, on, state ?? [], accepts, readsCommute);
        World.Add(peer);
        return peer;
    }

    /// <summary>Has a message under way when the run begins.</summary>
    public void Queue(int from, int to, string word, int value = 0, byte acceptClass = 0) =>
        World.Send(Node.IdOf(from), Node.IdOf(to), Lane.Request, acceptClass, new Say(word, value));
}

/// <summary>An actor whose state is a few numbers.</summary>
internal sealed class Peer : Actor
{
    private readonly Cast _cast;
    private readonly Action<Peer, int, Say> _on;
    private readonly Func<int[], ulong>? _accepts;

    public Peer(Cast cast, int index, Action<Peer, int, Say> on, int[] state, Func<int[], ulong>? accepts = null, bool readsCommute = false)
        : base(Node.IdOf(index))
    {
        (_cast, _on, _accepts, S, HasCommuting) = (cast, on, accepts, state, readsCommute);
        AcceptMask = accepts?.Invoke(state) ?? AcceptAll;
    }

    public int Index => Id.Index;

    /// <summary>The state.</summary>
    public int[] S { get; }

    public override int? SavedSize => _cast.SaysItsState ? S.Length : null;

    public override bool HasCommuting { get; }

    public override void Receive(in Envelope envelope)
    {
        _on(this, envelope.From.Index, (Say)envelope.Message);
        AcceptMask = _accepts?.Invoke(S) ?? AcceptAll;
    }

    public override bool Commutes(in Envelope a, in Envelope b) =>
        HasCommuting && a.Message is Say { Word: "read" } && b.Message is Say { Word: "read" };

    public override void Save(Span<ulong> into)
    {
        for (int i = 0; i < S.Length; i++)
        {
            into[i] = (ulong)S[i];
        }
    }

    public override void Load(ReadOnlySpan<ulong> from)
    {
        for (int i = 0; i < S.Length; i++)
        {
            S[i] = (int)from[i];
        }
    }

    public void Tell(int to, string word, int value = 0, byte acceptClass = 0) =>
        Host.Send(Id, Node.IdOf(to), Lane.Request, acceptClass, new Say(word, value));

    public int Choose(int optionCount, string what) => Host.Choose(Id, optionCount, what);

    public void Spawn(int index, Action<Peer, int, Say> on, int[] state) => Host.Spawn(new Peer(_cast, index, on, state));
}
