namespace ActorPmu.Explorer;

/// <summary>What a violation hangs on.</summary>
public enum Cause
{
    /// <summary>The order of two deliveries: the other way round nothing is wrong.</summary>
    Race,

    /// <summary>One answer inside a step, such as an allocation that failed: answered otherwise, nothing is wrong.</summary>
    Answer,

    /// <summary>Nothing that a schedule decides, as far as tried: other schedules break, too.</summary>
    None,

    /// <summary>More than one thing: no pair turned round by itself makes it good, and other schedules are good.</summary>
    Several,
}

/// <summary>Why a run went wrong.</summary>
/// <param name="Cause">What it hangs on.</param>
public sealed record Explanation(Cause Cause)
{
    /// <summary>The pair of deliveries; null unless the cause is a race.</summary>
    public Race? Race { get; init; }

    /// <summary>Whether the run is good with the pair turned round and the plainest end; otherwise only with some other end.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>The step of the answer; 0 unless the cause is one.</summary>
    public long AnswerStep { get; init; }

    /// <summary>What was asked there; empty unless the cause is an answer.</summary>
    public string Question { get; init; } = "";

    /// <summary>The fields that both sides of the race changed before the run ended, in order of first change.</summary>
    public IReadOnlyList<string> Both { get; init; } = [];

    /// <summary>The fields that the earlier side changed.</summary>
    public IReadOnlyList<string> ByEarlier { get; init; } = [];

    /// <summary>The fields that the later side changed.</summary>
    public IReadOnlyList<string> ByLater { get; init; } = [];

    /// <summary>The step that sent the later message; 0 when it was there from the start.</summary>
    public long LaterSentIn { get; init; }

    /// <summary>How many races were turned round.</summary>
    public int PairsTried { get; init; }

    /// <summary>How many schedules were run by chance beside this one; 0 when that was not necessary.</summary>
    public int OthersTried { get; init; }

    /// <summary>How many of these broke a property.</summary>
    public int OthersBroken { get; init; }
}
