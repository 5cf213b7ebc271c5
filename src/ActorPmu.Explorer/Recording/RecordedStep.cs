using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>One answer of a chooser, with what it was about and what came of it.</summary>
/// <param name="Choice">The answer.</param>
/// <param name="Label">What it was about: <c>cpu/0→ctx/1 request: raw_spin_lock by cpu/0:irq</c>, or <c>allocator/0: kmalloc x fails</c>.</param>
/// <param name="Fingerprint">FNV-1a over all labels up to this one.</param>
/// <param name="Step">The number of the delivery, from 1; that in which a choice inside fell, 0 before the first.</param>
public sealed record RecordedStep(Choice Choice, string Label, ulong Fingerprint, long Step)
{
    /// <summary>Who sent it; of a choice inside, who asked.</summary>
    public ActorId From { get; init; }

    /// <summary>Who received it; of a choice inside, who asked.</summary>
    public ActorId To { get; init; }

    /// <summary>The lane of the channel.</summary>
    public Lane Lane { get; init; }

    /// <summary>What was said, or asked.</summary>
    public string What { get; init; } = "";

    /// <summary>The step that sent the message; 0 when it was there from the start.</summary>
    public long CausedBy { get; init; }

    /// <summary>Every field of the machine that it changed.</summary>
    public IReadOnlyList<StateChange> Fields { get; init; } = [];

    /// <summary>What it changed in the machine that a short report tells: tasks switched, states and counts of events, what a design keeps, who counts for whom.</summary>
    public IReadOnlyList<string> Changes => [.. Fields.Where(f => !f.IsDetail).Select(f => f.Text)];

    /// <summary>A label as replay files have it.</summary>
    /// <param name="envelope">What is delivered.</param>
    public static string LabelOf(in Envelope envelope) =>
        $"{envelope.From}→{envelope.To} {LaneName(envelope.Lane)}: {envelope.Message.Label}";

    /// <summary>The label of a choice inside a step.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="what">What.</param>
    public static string LabelOf(ActorId by, string what) => $"{by}: {what}";

    private static string LaneName(Lane lane) => lane switch
    {
        Lane.Request => "request",
        Lane.Reply => "reply",
        Lane.Irq => "irq",
        Lane.Nmi => "nmi",
        Lane.ReplyIrq => "irq-reply",
        _ => "nmi-reply",
    };
}
