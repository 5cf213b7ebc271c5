namespace ActorPmu.Kernel;

/// <content>What the times of an event should be: by the scheduler's book of who ran, and by what users asked for.</content>
/// <remarks>
/// perf_event_open(2): «total time the event was enabled and running». An event is enabled from when somebody enables it until somebody disables
/// it, or its limit does; a member of a group only while its leader is. An event of a task has the time in which that was on a processor.
/// perf core's states, stamps and context clocks are not looked at: they are what is checked.
/// </remarks>
public sealed partial class PerfCore
{
    /// <summary>Brings the true time enabled up to now.</summary>
    private void TruthTime(PerfEvent e)
    {
        EventTruth truth = e.Truth;
        long now = TrueClock(e);
        truth.EnabledNs += IsTrulyEnabled(e) ? now - truth.EnabledAtNs : 0;
        truth.MayBeEnabledNs += LeaderIsOnItsWay(e) ? now - truth.EnabledAtNs : 0;
        truth.EnabledAtNs = now;
        long moving = MovingClock(e);
        truth.MovingNs += IsTrulyEnabled(e) ? moving - truth.MovingAtNs : 0;
        truth.MovingAtNs = moving;
    }

    // Of it and of those that it leads: they are enabled only while it is.
    private void TruthTimeOfGroup(PerfEvent e)
    {
        TruthTime(e);
        for (int i = 0; i < e.Siblings.Count; i++)
        {
            TruthTime(e.Siblings[i]);
        }
    }

    private static bool IsTrulyEnabled(PerfEvent e) => IsOnByItself(e.Truth) && (e.IsLeader || IsOnByItself(e.GroupLeader.Truth));

    private static bool IsOnByItself(EventTruth truth) => truth is { IsAttached: true, Wanted: true, Failed: false };

    private long TrueClock(PerfEvent e) => e.Cgrp is { } cgroup ? _machine.Cpus[e.Cpu].RanNs(cgroup) : e.Ctx?.TrueTime(_machine) ?? 0;

    // perf_cgroup_attach() tells the processor after the move; which cgroup has the time until then, nobody promises.
    private long MovingClock(PerfEvent e) => e.Cgrp is { } cgroup ? _machine.Cpus[e.Cpu].MovingNs(cgroup) : 0;

    // A group moves to another context event by event. Whether the time until its leader is there counts for a sibling, nobody promises.
    private static bool LeaderIsOnItsWay(PerfEvent e) =>
        IsOnByItself(e.Truth) && e.GroupLeader.Truth is { IsAttached: false, Wanted: true, Failed: false };

    private (long AtLeast, long AtMost) TrueTimeEnabled(PerfEvent e)
    {
        EventTruth truth = e.Truth;
        long since = IsOnByItself(truth) ? TrueClock(e) - truth.EnabledAtNs : 0;
        long atLeast = truth.EnabledNs + (IsTrulyEnabled(e) ? since : 0);
        long moving = truth.MovingNs + (IsTrulyEnabled(e) ? MovingClock(e) - truth.MovingAtNs : 0);
        return (atLeast - moving, atLeast + moving + truth.MayBeEnabledNs + (LeaderIsOnItsWay(e) ? since : 0));
    }

    private void TruthAttached(PerfEvent e, bool attached)
    {
        TruthTimeOfGroup(e);
        e.Truth.IsAttached = attached;
    }

    private void TruthWanted(PerfEvent e, bool wanted)
    {
        TruthTimeOfGroup(e);
        e.Truth.Wanted = wanted;
        e.Truth.IsUsedUp &= !wanted;

        // Who finds it in error has to know of that: between asking for it and doing it, it may have failed again.
        e.Truth.Failed &= !(wanted && e.Truth.Retries);
        e.Truth.Retries &= !wanted;
    }

    // perf_event_open(2) of PERF_EVENT_IOC_REFRESH: after so many overflows the event is disabled.
    private void TruthOverflow(PerfEvent e)
    {
        if (e.Truth.IsUsedUp && !e.Pmu.IsSoftware)
        {
            _machine.Report(Property.CountsExact, $"{e} overflows on cpu/{_cpu.Index} after the last overflow that a refresh allowed");
        }
        else if (e.Truth.Allowed != 0 && --e.Truth.Allowed == 0)
        {
            // The driver stops it; irq_work disables it.
            e.Truth.IsUsedUp = true;
        }
    }

    // perf_event_task_tick() ends throttling: who was stopped before it counts again.
    private void CheckUnthrottled(PerfContext ctx)
    {
        for (int i = 0; i < ctx.EventsSeen.Count; i++)
        {
            PerfEvent e = ctx.EventsSeen[i];
            if (e.State == EventState.Active && e.OnCpu == _cpu.Index && e.PendingDisable < 0
                && e.Truth is { IsPaused: true, IsUsedUp: false } && e.Truth.PausedInTick < _throttledSeq)
            {
                _machine.Report(Property.ActiveCounts, $"{e} was stopped on cpu/{_cpu.Index} before a tick, and is after it");
            }
        }
    }

    private void TruthFailed(PerfEvent e)
    {
        TruthTimeOfGroup(e);
        (e.Truth.Failed, e.Truth.Retries) = (true, false);
    }

    // The state of a copy is that of what it was made from when it joins the family, which is enabled and disabled as a whole.
    private static void TruthInherited(PerfEvent made, PerfEvent from) =>
        made.Truth.Wanted = from.Truth.Failed ? made.State >= EventState.Inactive : from.Truth.Wanted;

    // enable_on_exec: once, and only events that ask for it.
    private void TruthExec(PerfContext ctx)
    {
        for (int i = 0; i < ctx.EventList.Count; i++)
        {
            PerfEvent e = ctx.EventList[i];
            if (e.Attr.EnableOnExec)
            {
                e.Truth.Retries = true;
                e.Truth.IsEnabledByExec = true;
                TruthWanted(e, true);
            }
        }
    }

    // perf_event_open(2): an ioctl is for the event and, with PERF_IOC_FLAG_GROUP, for its group; «inherit»: copies belong to it.
    private static List<(PerfEvent Event, int Resets)> MeantBy(PerfEvent e, bool group)
    {
        List<(PerfEvent, int)> meant = [];
        PerfEvent first = group ? e.GroupLeader : e;
        for (int i = -1; i < (group ? first.Siblings.Count : 0); i++)
        {
            PerfEvent member = i < 0 ? first : first.Siblings[i];
            meant.Add((member, member.Truth.Resets));
            for (int c = 0; c < member.Children.Count; c++)
            {
                meant.Add((member.Children[c], member.Children[c].Truth.Resets));
            }
        }

        return meant;
    }

    // What leaves its context, or its task does, what has used its overflows up or was enabled by an exec has a reason of its own.
    private void CheckDone(PerfEvent told, List<(PerfEvent Event, int Resets)> meant, EventVerb verb)
    {
        foreach ((PerfEvent e, int resets) in meant)
        {
            EventTruth truth = e.Truth;
            bool done = verb switch
            {
                EventVerb.Enable => truth.Wanted || truth.IsUsedUp,
                EventVerb.Disable => !truth.Wanted || truth.Failed || truth.IsEnabledByExec,
                _ => truth.Resets > resets,
            };
            if (truth.IsAttached && e.Ctx is { Tombstone: false } && !done)
            {
                _machine.Report(Property.TimesRight, $"{told} was told to {verb switch
                {
                    EventVerb.Enable => "be enabled",
                    EventVerb.Disable => "be disabled",
                    _ => "begin at 0",
                }}, and {e} was not");
            }
        }
    }

    private void TruthOfExited(PerfEvent child, PerfEvent parent)
    {
        (long atLeast, long atMost) = TrueTimeEnabled(child);
        parent.Truth.ChildrensTimes += new TrueTimes(atLeast, atMost, child.Truth.RunningNs) + child.Truth.ChildrensTimes;
    }

    // A read for the group has the times of its leader.
    private static PerfEvent TimedBy(PerfEvent e) => (e.Attr.ReadFormat & ReadFormat.Group) != 0 ? e.GroupLeader : e;

    private TrueTimes TrueTimesOfFamily(PerfEvent e)
    {
        TrueTimes times = TrueTimesOf(e);
        for (int i = 0; i < e.Children.Count; i++)
        {
            times += TrueTimesOf(e.Children[i]);
        }

        return times;
    }

    private TrueTimes TrueTimesOf(PerfEvent e)
    {
        (long atLeast, long atMost) = TrueTimeEnabled(e);
        return new TrueTimes(atLeast, atMost, e.Truth.RunningAt(e.OnCpu >= 0 ? _machine.Cpus[e.OnCpu].ClockNs : 0)) + e.Truth.ChildrensTimes;
    }

    // What is returned was so at some moment of the system call, for the event and all its copies.
    private void CheckReadTimes(PerfEvent read, ReadRecord record, TrueTimes atStart)
    {
        PerfEvent e = TimedBy(read);
        if (LoadsMayBeLate || _machine.Distribution is not null)
        {
            return;
        }

        TrueTimes now = TrueTimesOfFamily(e);
        if (record.TimeEnabledNs < atStart.EnabledAtLeast || record.TimeEnabledNs > now.EnabledAtMost)
        {
            _machine.Report(
                Property.TimesRight,
                $"read({read}) returns time enabled {record.TimeEnabledNs} ns; it is between {atStart.EnabledAtLeast} and {now.EnabledAtMost}");
        }

        if (record.TimeRunningNs < atStart.Running || record.TimeRunningNs > now.Running)
        {
            _machine.Report(
                Property.TimesRight, $"read({read}) returns time running {record.TimeRunningNs} ns; it is between {atStart.Running} and {now.Running}");
        }
    }

    // A leader that is off stops the time running of its siblings.
    private void CheckTimes(PerfEvent e, string when)
    {
        if (e.IsHidden)
        {
            return;
        }

        EventTruth truth = e.Truth;
        long nowNs = _cpu.ClockNs;
        if (e.GroupLeader.State <= EventState.Off && !e.IsLeader)
        {
            truth.AgreeOnRunning(e.TotalTimeRunning, nowNs);
        }

        (long atLeast, long atMost) = TrueTimeEnabled(e);
        string? wrong =
            e.TotalTimeRunning != truth.RunningAt(nowNs) ? $"was on the PMU for {truth.RunningAt(nowNs)} ns"
            : e.TotalTimeEnabled < e.TotalTimeRunning ? "cannot run longer than it is enabled"
            : e.TotalTimeEnabled < truth.SeenEnabledNs ? $"had {truth.SeenEnabledNs} ns enabled before"
            : e.TotalTimeRunning < truth.SeenRunningNs ? $"had {truth.SeenRunningNs} ns running before"
            : (e.TotalTimeEnabled < atLeast || e.TotalTimeEnabled > atMost) && _machine.Distribution is null
                ? $"was enabled for {(atLeast == atMost ? $"{atLeast}" : $"{atLeast} to {atMost}")} ns"
            : null;
        if (wrong is not null)
        {
            _machine.Report(
                Property.TimesRight,
                $"{e} has time running {e.TotalTimeRunning} ns and time enabled {e.TotalTimeEnabled} ns when {when}; it {wrong}");
        }

        (truth.SeenEnabledNs, truth.SeenRunningNs) = (e.TotalTimeEnabled, e.TotalTimeRunning);
    }
}
