using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>One sentence of the review, and how it is put to the test. A row of the table.</summary>
/// <remarks>A closed family: each kind asks one general question, and none knows a design.</remarks>
public abstract record Claim
{
    /// <summary>Its name in files, flags and reports.</summary>
    public required string Id { get; init; }

    /// <summary>What a design that passes does; one line.</summary>
    public required string Text { get; init; }

    /// <summary>Who raised it.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What the runs say about it beyond the marks; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The kind's name in files.</summary>
    public abstract string Kind { get; }
}

/// <summary>A claim that is explored: schedules of scenarios.</summary>
public abstract record ExploredClaim : Claim
{
    /// <summary>The scenarios, one or more.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>The kernels: PREEMPT_RT, not, or null for what each scenario says.</summary>
    public required IReadOnlyList<bool?> PreemptRt { get; init; }

    /// <summary>The profile on which the scenarios are run in place of their own, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>Scenarios that were asked for and cannot be run on <see cref="Profile"/>, with the reason.</summary>
    public IReadOnlyList<InputError> LeftOut { get; init; } = [];

    /// <summary>The bound on schedules of one scenario under one kernel.</summary>
    public required long SchedulesMax { get; init; }

    /// <summary>The strategy that is bounded so, by its name; null for those of the bounds.</summary>
    public string? Strategy { get; init; }
}

/// <summary>Properties hold in every schedule of the scenarios.</summary>
public sealed record HoldsClaim : ExploredClaim
{
    /// <summary>The properties that are looked at.</summary>
    public required IReadOnlySet<Property> Properties { get; init; }

    /// <inheritdoc/>
    public override string Kind => "holds";
}

/// <summary>Whatever is allocated is freed: <see cref="Property.NoLeak"/>, and something was allocated.</summary>
public sealed record FreeClaim : ExploredClaim
{
    /// <inheritdoc/>
    public override string Kind => "free";
}

/// <summary>Events share, or no more counters are in use than it takes.</summary>
public sealed record SharesClaim : ExploredClaim
{
    /// <summary>Whether two events share in some schedule, or in none; unsaid when only <see cref="Counters"/> matters.</summary>
    public SharingExpectation Sharing { get; init; }

    /// <summary>How many counters of one PMU are in use at the most, in each schedule; null for any number.</summary>
    public ValueRange? Counters { get; init; }

    /// <inheritdoc/>
    public override string Kind => "shares";
}

/// <summary>A cost stays below a bound, or grows no faster than it may.</summary>
public sealed record CostClaim : Claim
{
    /// <summary>What is measured.</summary>
    public required CostQuantity Quantity { get; init; }

    /// <summary>The most that it may be at any size; null for any.</summary>
    public long? AtMost { get; init; }

    /// <summary>The fastest that it may grow; null for any.</summary>
    public GrowthOrder? Growth { get; init; }

    /// <inheritdoc/>
    public override string Kind => "cost";
}

/// <summary>A measured quantity as a function of the number of events.</summary>
/// <param name="Head">What reports call it.</param>
/// <param name="Program">The program.</param>
/// <param name="Operation">One of its operations.</param>
/// <param name="Measure">One of <see cref="CostMeasures"/>.</param>
/// <param name="PerEvent">Whether it is what one more event adds, and not the whole.</param>
/// <param name="Sizes">The numbers of events, ascending, two or more.</param>
public sealed record CostQuantity(
    string Head, CostProgram Program, string Operation, string Measure, bool PerEvent, IReadOnlyList<int> Sizes);
