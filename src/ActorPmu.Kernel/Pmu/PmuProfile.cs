using System.Globalization;

namespace ActorPmu.Kernel;

/// <summary>The counters of a PMU and what they can count.</summary>
/// <param name="Name">The name under /sys/bus/event_source/devices.</param>
/// <param name="Assignment">How the driver gives out counters.</param>
/// <param name="GeneralCounters">General counters, 0 to 32. Their indices start at 0.</param>
/// <param name="Fixed">Fixed counters, at most 32. Their indices start at 32.</param>
/// <param name="WidthBits">Bits of a general counter, 2 to 64.</param>
/// <param name="Constraints">Event codes that may not use every general counter; the first match decides. x86 only.</param>
/// <param name="Codes">Raw code of each generic event ("cycles", "instructions", …) that this PMU has.</param>
/// <param name="Cpus">Numbers of the CPUs it serves (supported_cpus); empty for all.</param>
/// <param name="PeriodMin">
/// The shortest stretch a sampling counter can be loaded with, 1 or more. x86 has 2: a period of 1 overflows at each second occurrence
/// (<c>x86_perf_event_set_period()</c>, v5.3).
/// </param>
public sealed record PmuProfile(
    string Name,
    CounterAssignment Assignment,
    int GeneralCounters,
    IReadOnlyList<FixedCounter> Fixed,
    int WidthBits,
    IReadOnlyList<EventConstraint> Constraints,
    IReadOnlyDictionary<string, uint> Codes,
    IReadOnlyList<int> Cpus,
    int PeriodMin)
{
    /// <summary>The PMU of page faults, context switches and the like, which every machine has beside those of its profile.</summary>
    public static PmuProfile Software { get; } = new(
        "software", CounterAssignment.Software, 0, [], 64, [],
        new OrderedDictionary<string, uint>(StringComparer.Ordinal)
        {
            ["page-faults"] = 2, ["context-switches"] = 3, ["cpu-migrations"] = 4, ["minor-faults"] = 5, ["major-faults"] = 6,
            ["alignment-faults"] = 7, ["emulation-faults"] = 8, ["dummy"] = 9,
        },
        [], PeriodMin: 1);

    /// <summary>The general counters as bits from 0.</summary>
    public ulong GeneralMask => (1UL << GeneralCounters) - 1;

    /// <summary>What is wrong with the profile and how to put it right, in one sentence; null when nothing is.</summary>
    public string? Problem()
    {
        if (GeneralCounters is < 0 or > FixedCounter.FirstIndex)
        {
            return Say($"{GeneralCounters} general counters: give 0 to {FixedCounter.FirstIndex}");
        }

        if (Fixed.Count > 64 - FixedCounter.FirstIndex)
        {
            return Say($"{Fixed.Count} fixed counters: give at most {64 - FixedCounter.FirstIndex}");
        }

        if (WidthBits is < 2 or > 64)
        {
            return Say($"counters of {WidthBits} bits: give 2 to 64");
        }

        if (PeriodMin < 1 || (ulong)PeriodMin > ulong.MaxValue >> (65 - WidthBits))
        {
            return Say($"a shortest period of {PeriodMin}: give at least 1, and less than half a counter's range");
        }

        for (var i = 0; i < Fixed.Count; i++)
        {
            if (Fixed[i].WidthBits is < 2 or > 64)
            {
                return Say($"fixed counter {Fixed[i].Name} of {Fixed[i].WidthBits} bits: give 2 to 64");
            }
        }

        for (var i = 0; i < Constraints.Count; i++)
        {
            // A choice of a fixed counter could be taken back and made again for ever.
            if (Constraints[i].Overlap && Constraints[i].Counters >> FixedCounter.FirstIndex != 0)
            {
                return Say($"a constraint on 0x{Constraints[i].First:x} that overlaps and allows a fixed counter: leave out one of the two");
            }
        }

        return null;
    }

    private string Say(FormattableString problem) => $"PMU {Name} has {problem.ToString(CultureInfo.InvariantCulture)}.";
}
