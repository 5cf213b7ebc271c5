namespace ActorPmu.Actors.Tests;

/// <summary>A message that says one word.</summary>
internal sealed record Note(string Text) : Message
{
    public override string Label => Text;
}

/// <summary>An actor that writes down what it receives, and does what a test tells it to.</summary>
internal sealed class Node(int index, List<string> log) : Actor(Name(index))
{
    public static ActorId Name(int index) => new(ActorKind.Node, index);

    /// <summary>What it does when the run starts.</summary>
    public Action<Node>? OnStart { get; init; }

    /// <summary>What it does with a note, after it has written it down.</summary>
    public Action<Node, string>? OnNote { get; init; }

    /// <summary>Which classes it accepts from now on.</summary>
    public void AcceptOnly(params int[] classes) => AcceptMask = classes.Aggregate(0UL, (mask, c) => mask | 1UL << c);

    public void Say(int to, string text, Lane lane = Lane.Request, byte acceptClass = 0, long delayNs = 0) =>
        Host.Send(Id, Name(to), lane, acceptClass, new Note(text), delayNs);

    public override void Start() => OnStart?.Invoke(this);

    public override void Receive(in Envelope envelope)
    {
        string text = envelope.Message.Label;
        log.Add(text);
        OnNote?.Invoke(this, text);
    }
}

/// <summary>Picks what a list says, then always the first; remembers what it could have picked.</summary>
internal sealed class ListChooser(params int[] picks) : IChooser
{
    private int _next;

    public List<string> Offers { get; } = [];

    /// <summary>What it answers to choices inside a step.</summary>
    public int Answer { get; init; }

    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        List<string> offer = [];
        foreach (int channel in enabled)
        {
            offer.Add(world.Head(channel).Message.Label);
        }

        Offers.Add(string.Join(" ", offer));
        return _next < picks.Length ? picks[_next++] : 0;
    }

    public int Choose(ActorId by, int optionCount, string what) => Answer;
}

/// <summary>Writes down each step as reports would.</summary>
internal sealed class StepLog : IStepObserver
{
    public List<string> Lines { get; } = [];

    public void Delivering(long step, in Envelope envelope, int optionCount, int picked) =>
        Lines.Add($"{step}: {picked} of {optionCount}, {envelope.From} to {envelope.To} #{envelope.Sequence} {envelope.Message.Label}");

    public void Chosen(ActorId by, int optionCount, int option, string what) =>
        Lines.Add($"{by} chose {option} of {optionCount}: {what}");

    public void Delivered(long step, in Envelope envelope) => Lines.Add($"{step} done");
}
