namespace ActorPmu.Kernel;

/// <content>The scheduler's own book of what software events count here, which perf core does not read.</content>
public sealed partial class Cpu
{
    private long _switches;
    private long _moves;
    private long _cgroupsSinceNs;

    /// <summary>A task that has been moved here is being switched to: how often <c>cpu-migrations</c> may have counted that already, 0 or 1.</summary>
    internal int Arriving { get => SeeingRunning(field); private set => field = ChangingRunning(value); }

    /// <summary>What has happened here since the start: a number, or ns for the clocks.</summary>
    /// <param name="what">What is asked for.</param>
    internal long Happened(SoftwareEvent what) => what switch
    {
        SoftwareEvent.CpuClock or SoftwareEvent.TaskClock => ClockNs,
        SoftwareEvent.ContextSwitches => SeeingRunning(_switches),
        SoftwareEvent.CpuMigrations => SeeingRunning(_moves),
        _ => 0,
    };

    /// <summary>How long a task of a cgroup, or of one below it, has been on this processor, ns. An idle processor is in the root.</summary>
    internal long RanNs(Cgroup cgroup) =>
        cgroup.Clock(Index).RanNs + (CgroupHere.IsDescendantOf(cgroup) ? ClockNs - _cgroupsSinceNs : 0);

    /// <summary>Another task is about to run here, or the one that does to be in another cgroup.</summary>
    internal void BookCgroups()
    {
        long now = ClockNs;
        for (Cgroup? c = CgroupHere; c is not null; c = c.Parent)
        {
            c.Clock(Index).RanNs += now - _cgroupsSinceNs;
        }

        foreach (Cgroup c in MovingHere)
        {
            c.Clock(Index).MovingNs += now - _cgroupsSinceNs;
        }

        _cgroupsSinceNs = now;
    }

    /// <summary>How long it was not said whether the task on this processor is in a cgroup, ns: it was on its way into it or out of it.</summary>
    internal long MovingNs(Cgroup cgroup) =>
        cgroup.Clock(Index).MovingNs + (MovingHere.Contains(cgroup) ? ClockNs - _cgroupsSinceNs : 0);

    // Those that the task on this processor is in before its move or after it, and not both.
    private IEnumerable<Cgroup> MovingHere =>
        Current is { MovingFrom: { } from } task ? _machine.Cgroups.Where(c => from.IsDescendantOf(c) != task.Cgroup.IsDescendantOf(c)) : [];

    private Cgroup CgroupHere => Current?.Cgroup ?? _machine.Cgroups[0];

    // rq->nr_switches: counted before anything of the task that leaves is taken off, which therefore counts its own leaving.
    private void BookSwitch() => _switches += ChangingRunning(1);

    // A move is counted where the task arrives, by whatever is on the PMU once its own events are.
    private void BookArrival(TaskStruct? next) => Arriving = next is { HasMoved: true } ? 1 : 0;

    private void BookArrived()
    {
        _moves += ChangingRunning(Arriving);
        Arriving = 0;
    }
}
