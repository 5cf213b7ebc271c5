using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>Holds what is ACTIVE on a processor against what its PMU is programmed for.</summary>
/// <remarks>
/// The moment is when the processor releases its last context lock with the PMU on: only then does the kernel itself promise anything.
/// What has been sent to the PMU may still be under way; what the counters are to show is therefore kept until the PMU has taken the last
/// message sent before. No message is added: runs are the same with and without these checks.
/// </remarks>
public sealed class Invariants
{
    private readonly Machine _machine;
    private readonly Cpu _cpu;
    private readonly long[] _sent;
    private readonly long[] _received;
    private readonly Queue<Snapshot>[] _pending;
    private readonly Queue<(long After, PerfEvent Leader, PmuEvent[] Group)>[] _leftOff;
    private readonly Stack<Snapshot> _spare = new();
    private bool _changed;

    internal Invariants(Machine machine, Cpu cpu)
    {
        _machine = machine;
        _cpu = cpu;
        _sent = new long[cpu.Pmus.Count];
        _received = new long[cpu.Pmus.Count];
        _pending = [.. cpu.Pmus.Select(_ => new Queue<Snapshot>())];
        _leftOff = [.. cpu.Pmus.Select(_ => new Queue<(long, PerfEvent, PmuEvent[])>())];
    }

    /// <summary>What is wrong with the use of counters, whatever they count; null when nothing is.</summary>
    /// <param name="uses">The programmed counters.</param>
    /// <param name="capacity">How many counters the PMU has.</param>
    public static string? CounterProblem(IReadOnlyList<CounterUse> uses, int capacity)
    {
        ArgumentNullException.ThrowIfNull(uses);
        if (uses.Count > capacity)
        {
            return $"{uses.Count} counters are in use; the PMU has {capacity}";
        }

        for (int i = 0; i < uses.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (uses[i].Counter == uses[j].Counter)
                {
                    return $"counter {uses[i].Counter} is programmed for two events";
                }
            }
        }

        return null;
    }

    /// <summary>An event was scheduled, or its membership or its state changed: there is something to look at.</summary>
    internal void Changed() => _changed = true;

    /// <summary>An event is freed: nobody in its context may still follow it.</summary>
    internal void Freed(PerfEvent freed)
    {
        for (int i = 0; _machine.ChecksInvariants && i < freed.Ctx?.EventsSeen.Count; i++)
        {
            PerfEvent e = freed.Ctx.EventsSeen[i];
            if (!ReferenceEquals(e, freed) && ReferenceEquals(_machine.Design.CounterOwner(e), freed))
            {
                _machine.Report(Property.OneMaster, $"{e} follows {freed}, which has been freed");
            }
        }
    }

    internal void Sent(ActorId whom)
    {
        // Only its own: an event that is freed here is forgotten everywhere.
        if (whom.Kind == ActorKind.Pmu && whom == Pmu.IdOf(_cpu.Index, PmuIndexOf(whom)))
        {
            _sent[PmuIndexOf(whom)]++;
        }
    }

    internal void Received(ActorId pmu)
    {
        int index = PmuIndexOf(pmu);
        _received[index]++;
        while (_leftOff[index].TryPeek(out (long After, PerfEvent Leader, PmuEvent[] Group) left) && _received[index] >= left.After)
        {
            _ = _leftOff[index].Dequeue();
            CheckRoom(index, left.Leader, left.Group);
        }

        while (_pending[index].TryPeek(out Snapshot? due) && _received[index] >= due.After)
        {
            CheckCounters(_pending[index].Dequeue());
        }
    }

    /// <summary>A pass has left a group off the PMU: as soon as that has taken all that was sent before, it must have no room for it.</summary>
    /// <param name="leader">The group's leader.</param>
    /// <param name="events">Those of its events that need a counter, all of one PMU; none for software.</param>
    internal void LeftOff(PerfEvent leader, List<PerfEvent> events)
    {
        if (events.Count == 0)
        {
            ReportLeftOff(leader);
            return;
        }

        int pmu = events[0].Pmu.Index;
        PmuEvent[] group = [.. events.Select(e => e.Hw)];
        if (_received[pmu] == _sent[pmu])
        {
            CheckRoom(pmu, leader, group);
        }
        else
        {
            _leftOff[pmu].Enqueue((_sent[pmu], leader, group));
        }
    }

    private void CheckRoom(int pmu, PerfEvent leader, PmuEvent[] group)
    {
        if (_cpu.Pmus[pmu]!.Hardware.HasRoomFor(group))
        {
            ReportLeftOff(leader);
        }
    }

    private void ReportLeftOff(PerfEvent leader) => _machine.Report(
        Property.WorkConserving, $"{(leader.Siblings.Count > 0 ? "the group of " : "")}{leader} is left off cpu/{_cpu.Index}, where there is room for it");

    internal void ContextReleased()
    {
        if (!_changed || !_machine.ChecksInvariants || HoldsContext() || !PmusAreOn())
        {
            return;
        }

        _changed = false;
        PerfContext cpuctx = _machine.CpuContext(_cpu.Index, PmuType.HardwareKind);
        for (int i = 0; i < _cpu.Pmus.Count; i++)
        {
            if (_cpu.Pmus[i] is null)
            {
                continue;
            }

            Snapshot now = _spare.TryPop(out Snapshot? spare) ? spare : new Snapshot();
            now.Pmu = i;
            now.After = _sent[i];
            Collect(cpuctx, now);
            if (cpuctx.TaskCtx is { } taskCtx)
            {
                Collect(taskCtx, now);
            }

            CheckMasters(now);
            CheckGroups(now);
            if (_received[i] == _sent[i])
            {
                CheckCounters(now);
            }
            else
            {
                _pending[i].Enqueue(now);
            }
        }
    }

    private static int PmuIndexOf(ActorId pmu) => pmu.Index % 4;

    private bool HoldsContext()
    {
        IReadOnlyList<HeldLock> held = _cpu.Running.Held;
        for (int i = 0; i < held.Count; i++)
        {
            if (held[i].Class is LockClass.CpuCtxLock or LockClass.CtxLock)
            {
                return true;
            }
        }

        return false;
    }

    private bool PmusAreOn()
    {
        for (int i = 0; i < _cpu.Pmus.Count; i++)
        {
            if (!_cpu.PmuIsOn(i))
            {
                return false;
            }
        }

        return true;
    }

    private void Collect(PerfContext ctx, Snapshot now)
    {
        for (int i = 0; i < ctx.EventList.Count; i++)
        {
            PerfEvent e = ctx.EventList[i];
            if (e.Pmu.Index != now.Pmu)
            {
                continue;
            }

            PerfEvent? owner = _machine.Design.CounterOwner(e);
            if (owner is { Freed: true })
            {
                _machine.Report(Property.OneMaster, $"{e} follows {owner}, which has been freed");
            }
            else if (e.State == EventState.Active && e.OnCpu == _cpu.Index)
            {
                now.Active.Add((e, owner, e.Truth.IsPaused));
            }
        }
    }

    private void CheckMasters(Snapshot now)
    {
        for (int i = 0; i < now.Active.Count; i++)
        {
            (PerfEvent e, PerfEvent? owner, _) = now.Active[i];
            if (owner is null || ReferenceEquals(owner, e))
            {
                continue;
            }

            if (e.Attr.IsSampling)
            {
                _machine.Report(Property.SamplersAlone, $"{e} samples every {e.Attr.SamplePeriod} and follows {owner}, which does not overflow for it");
            }

            CheckMaster(e, owner);
            for (int j = 0; j < i; j++)
            {
                (PerfEvent other, PerfEvent? otherOwner, _) = now.Active[j];
                if (!ReferenceEquals(otherOwner, owner) && otherOwner is not null && !ReferenceEquals(otherOwner, other)
                    && ReferenceEquals(other.Ctx, e.Ctx) && other.Attr.Config == e.Attr.Config && other.Attr == e.Attr
                    && (Covers(e, other) || Covers(other, e)))
                {
                    _machine.Report(
                        Property.OneMaster, $"{e} and {other} ask for the same in {e.Ctx}, and follow {owner} and {otherOwner}");
                }
            }
        }
    }

    // perf_event_open(2): a group «will be put onto the CPU only if all of the events in the group can be put onto the CPU», and where an exclusive one
    // is, it «should be the only group using the CPU's counters».
    private void CheckGroups(Snapshot now)
    {
        for (int i = 0; i < now.Active.Count; i++)
        {
            PerfEvent e = now.Active[i].Event;
            PerfEvent leader = e.GroupLeader;
            if (!e.IsLeader && leader.State == EventState.Inactive && (leader.Attach & AttachState.Context) != 0)
            {
                _machine.Report(Property.ActiveCounts, $"{e} is ACTIVE on cpu/{_cpu.Index}, and {leader}, which leads its group, is not");
            }

            if (e.IsLeader && e.Siblings.Find(s => s.State == EventState.Inactive) is { } missing)
            {
                _machine.Report(Property.ActiveCounts, $"{e} is ACTIVE on cpu/{_cpu.Index}, and {missing} of its group is not");
            }

            if (e.IsLeader && e.Attr.Exclusive && _machine.Spec.KernelVersion < 511
                && now.Active.Find(a => !ReferenceEquals(a.Event.GroupLeader, e)).Event is { } other)
            {
                _machine.Report(Property.CountersOwned, $"{other} is ACTIVE on cpu/{_cpu.Index} beside {e}, which is exclusive");
            }
        }
    }

    private void CheckMaster(PerfEvent e, PerfEvent owner)
    {
        string? wrong =
            !ReferenceEquals(owner.Ctx, e.Ctx) ? $"is in {owner.Ctx}, not in {e.Ctx}"
            : !ReferenceEquals(owner.Pmu, e.Pmu) ? $"is an event of {owner.Pmu.Name}, not of {e.Pmu.Name}"
            : _machine.Design.CounterOwner(owner) is { } above && !ReferenceEquals(above, owner) ? $"follows {above} itself"
            : null;
        if (wrong is not null)
        {
            _machine.Report(Property.OneMaster, $"{e} follows {owner}, which {wrong}");
        }

        HwSelector mine = e.Hw.Selector;
        HwSelector masters = owner.Hw.Selector;
        if (mine != masters)
        {
            _machine.Report(
                Property.SlaveInScope, $"{e} counts {Text(mine)} and follows {owner}, which counts {Text(masters)}");
        }
        else if (_machine.Design.MasterMustCoverSlaves && !owner.IsHidden && !Covers(owner, e))
        {
            _machine.Report(Property.SlaveInScope, $"{e} counts {Scope(e)} and follows {owner}, which counts {Scope(owner)}");
        }
    }

    private void CheckCounters(Snapshot then)
    {
        PmuHardware hardware = _cpu.Pmus[then.Pmu]!.Hardware;
        IReadOnlyList<CounterUse> uses = hardware.Counters;
        foreach ((PerfEvent e, PerfEvent? owner, bool paused) in then.Active)
        {
            if (owner is null || !Counts(hardware, owner.Id))
            {
                string who = owner is null ? "nobody has a counter for it" : $"{(ReferenceEquals(owner, e) ? "it" : owner)} has no counter";
                _machine.Report(Property.ActiveCounts, $"{e} is ACTIVE on cpu/{_cpu.Index}, and {who}");
            }
            else if (hardware.IsStopped(owner.Id) && !(paused && ReferenceEquals(owner, e)))
            {
                // Who is throttled itself may stand still; who follows it was told nothing.
                _machine.Report(Property.ActiveCounts, $"{e} is ACTIVE on cpu/{_cpu.Index}, and the counter of {owner} is stopped");
            }
        }

        for (int i = 0; i < uses.Count; i++)
        {
            if (!then.Active.Exists(a => a.Owner?.Id == uses[i].Event))
            {
                string who = _machine.Find(uses[i].Event) is { } e ? e.ToString() : $"event {uses[i].Event.Value}";
                _machine.Report(
                    Property.CountersOwned, $"counter {uses[i].Counter} of cpu/{_cpu.Index} counts for {who}, and nobody ACTIVE needs it");
            }
        }

        if (CounterProblem(uses, hardware.Capacity) is { } problem)
        {
            _machine.Report(Property.CountersEnough, $"cpu/{_cpu.Index}: {problem}");
        }

        then.Active.Clear();
        _spare.Push(then);
    }

    // A PMU of software events has no counters to run out of: there it is enough to have been added.
    private static bool Counts(PmuHardware hardware, EventId id)
    {
        if (hardware.Profile.Assignment == CounterAssignment.Software)
        {
            return hardware.Has(id);
        }

        IReadOnlyList<CounterUse> uses = hardware.Counters;
        for (int i = 0; i < uses.Count; i++)
        {
            if (uses[i].Event == id)
            {
                return true;
            }
        }

        return false;
    }

    // Whether one may count wherever the other may.
    private static bool Covers(PerfEvent large, PerfEvent small) =>
        (large.Cpu == -1 || large.Cpu == small.Cpu)
        && (large.Cgrp?.Parent is null || (small.Cgrp is { } c && c.IsDescendantOf(large.Cgrp)));

    private static string Scope(PerfEvent e) =>
        (e.Cgrp?.Parent is null ? "every cgroup" : $"cgroup {e.Cgrp}") + (e.Cpu == -1 ? " on every processor" : $" on cpu/{e.Cpu}");

    private static string Text(HwSelector s) => $"{s.Code:x} in {s.Counts}{(s.Extra == 0 ? "" : $" with {s.Extra:x}")}";

    // What was ACTIVE, and who was said to own a counter for it.
    private sealed class Snapshot
    {
        public int Pmu { get; set; }

        public long After { get; set; }

        public List<(PerfEvent Event, PerfEvent? Owner, bool Paused)> Active { get; } = [];
    }
}
