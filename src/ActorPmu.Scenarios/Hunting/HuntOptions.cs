using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>How a hunt is run.</summary>
public sealed record HuntOptions
{
    /// <summary>Makes the design that is hunted.</summary>
    public required Func<ISharingDesign> Design { get; init; }

    /// <summary>Makes the kernel as it is. What breaks the same property there is not the design's.</summary>
    public required Func<ISharingDesign> Baseline { get; init; }

    /// <summary>The seed of everything.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Random schedules for each scenario, 1 or more.</summary>
    public long Schedules { get; init; } = 60;

    /// <summary>Random schedules of the kernel as it is before a finding is the design's; with 0 all is the design's.</summary>
    public long BaselineSchedules { get; init; } = 300;

    /// <summary>
    /// Asked, where it is given, in place of running <see cref="Baseline"/>: whether a scenario breaks a property without what is hunted. For a
    /// baseline that is bound to another kernel.
    /// </summary>
    public Func<Scenario, Property, bool>? BreaksAnyway { get; init; }

    /// <summary>Properties that no scenario looks at, because what breaks them is known.</summary>
    public IReadOnlyList<Property> Ignored { get; init; } = [];

    /// <summary>Features that no scenario uses (<see cref="HuntFeatures.Names"/>), because what they break is known.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Whether Linux's own faults are left as they are: what they break is found again and again.</summary>
    public bool LinuxAsItIs { get; init; }

    /// <summary>The bound on the steps of a schedule.</summary>
    public long StepsMax { get; init; } = 20_000;

    /// <summary>How many findings of one cause are made small; more are counted.</summary>
    public int ShrunkPerCause { get; init; } = 2;

    /// <summary>How many schedules one scenario's shrinking may take.</summary>
    public long ShrinkSchedulesMax { get; init; } = 8_000;
}
