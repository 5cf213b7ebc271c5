using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

/// <summary>Short words for the tests: a PMU, events numbered as they are made, and runs of user-space work.</summary>
internal sealed class PmuBench(PmuProfile profile)
{
    public const uint A = 0xa1, B = 0xb1, C = 0xc1, D = 0xd9, F = 0xf9;

    /// <summary>f, a, b b, c c c, d d d d.</summary>
    public static readonly Work Unit = new(new(F, 1), new(A, 1), new(B, 2), new(C, 3), new(D, 4));

    private int events;

    public PmuBench(string profile)
        : this(Profiles.Find(profile)!.Pmus[0])
    {
    }

    public PmuHardware Pmu { get; } = new(profile);

    public List<EventId> Overflowed { get; } = [];

    public uint this[string name] => Pmu.Profile.Codes[name];

    public PmuEvent Event(uint code, ulong period = 0, bool long64 = false, Privilege counts = Privilege.User) =>
        new(new EventId(events++), new HwSelector(code, counts, 0), period, long64);

    /// <summary>Adds as perf core does, one by one, with the PMU off around it.</summary>
    public PmuStatus Add(PmuEvent e)
    {
        Pmu.Disable();
        var status = Pmu.Add(e);
        Pmu.Enable();
        return status;
    }

    public PmuEvent Added(uint code, ulong period = 0, bool long64 = false)
    {
        var e = Event(code, period, long64);
        Assert.Equal(PmuStatus.Ok, Add(e));
        return e;
    }

    /// <summary>Adds all in one transaction; cancels as group_sched_in() does when they do not fit.</summary>
    public PmuStatus AddGroup(params PmuEvent[] group)
    {
        Pmu.StartTxn();
        var added = new List<PmuEvent>();
        foreach (var e in group)
        {
            if (Pmu.Add(e) != PmuStatus.Ok)
            {
                break;
            }

            added.Add(e);
        }

        if (added.Count == group.Length && Pmu.CommitTxn() == PmuStatus.Ok)
        {
            return PmuStatus.Ok;
        }

        added.ForEach(e => Pmu.Del(e.Id));
        Pmu.CancelTxn();
        return PmuStatus.Again;
    }

    /// <summary>Runs units of user-space work to the end, collecting overflows on the way.</summary>
    public void Run(Work work, long units)
    {
        var to = WorkPosition.AfterUnits(units);
        for (var at = default(WorkPosition); at < to;)
        {
            at = Pmu.Retire(work, Privilege.User, at, to, Overflowed);
        }
    }

    public void Run(long units) => Run(Unit, units);

    /// <summary>The counters in use, as "counter:event".</summary>
    public string Counters => string.Join(' ', Pmu.Counters.Select(use => $"{use.Counter}:{use.Event.Value}"));
}
