namespace ActorPmu.Kernel;

/// <content>States and times.</content>
public sealed partial class PerfCore
{
    /// <summary><c>update_context_time()</c>.</summary>
    private void UpdateContextTime(PerfContext ctx)
    {
        // A reader elsewhere may be ahead of, or behind, the processor where the context is active.
        long now = _machine.Cpus[ctx.ClockCpu].ClockNs;
        ctx.Time += now - ctx.Timestamp;
        ctx.Timestamp = now;
        if (_machine.Selectors is { } selectors)
        {
            ctx.Occurrences.Advance(selectors, _machine.Cpus[ctx.ClockCpu]);
        }
    }

    /// <summary><c>update_cgrp_time_from_cpuctx()</c>.</summary>
    private void UpdateCgrpTimeFromCpuctx(PerfContext cpuctx)
    {
        for (Cgroup? c = cpuctx.Cgrp; c is not null; c = c.Parent)
        {
            UpdateCgrpTime(c);
        }
    }

    private void UpdateCgrpTime(Cgroup c) => UpdateCgrpTime(c, _cpu);

    private void UpdateCgrpTime(Cgroup c, Cpu cpu)
    {
        CgroupClock clock = c.Clock(cpu.Index);
        long now = cpu.ClockNs;
        clock.Time += now - clock.Timestamp;
        clock.Timestamp = now;
        if (_machine.Selectors is { } selectors)
        {
            clock.Occurrences.Advance(selectors, cpu);
        }
    }

    /// <summary><c>update_cgrp_time_from_event()</c>.</summary>
    private void UpdateCgrpTimeFromEvent(PerfEvent e)
    {
        if (e.Cgrp is not null && IsMended(LinuxFaults.CgroupOfTheReader))
        {
            if (e.Ctx!.Cgrp is { } there && there.IsDescendantOf(e.Cgrp))
            {
                UpdateCgrpTime(e.Cgrp, _machine.Cpus[e.Ctx.Cpu]);
            }
        }
        else if (e.Cgrp is not null && CurrentCgroup.IsDescendantOf(e.Cgrp))
        {
            UpdateCgrpTime(e.Cgrp);
        }
    }

    /// <summary><c>perf_cgroup_set_timestamp()</c>.</summary>
    private void PerfCgroupSetTimestamp(PerfContext ctx)
    {
        if (ctx.NrCgroups == 0)
        {
            return;
        }

        for (Cgroup? c = CurrentCgroup; c is not null; c = c.Parent)
        {
            CgroupClock clock = c.Clock(_cpu.Index);
            if (IsMended(LinuxFaults.CgroupTimeBeginsAgain) && RunsForOtherContext(c, ctx))
            {
                UpdateCgrpTime(c);
                continue;
            }

            clock.Timestamp = ctx.Timestamp;
            if (_machine.Selectors is { } selectors)
            {
                clock.Occurrences.Restart(selectors, _cpu);
            }
        }
    }

    // The processor's contexts have one clock for each cgroup between them.
    private bool RunsForOtherContext(Cgroup c, PerfContext ctx)
    {
        PerfContext other = CpuCtx(ctx.Kind == PmuType.HardwareKind ? PmuType.SoftwareKind : PmuType.HardwareKind);
        return (other.IsActive & EventTypes.Time) != 0 && other.Cgrp is { } running && running.IsDescendantOf(c);
    }

    /// <summary>The cgroup of the task that is on this processor, or the one that it is switching to.</summary>
    private Cgroup CurrentCgroup => _cpu.Current?.Cgroup ?? _machine.Cgroups[0];

    /// <summary><c>perf_event_time()</c>: the clock of the event's context, or of its cgroup on its processor.</summary>
    private static long PerfEventTime(PerfEvent e) =>
        e.Cgrp is not null ? e.Cgrp.Clock(e.Cpu).Time : e.Ctx?.Time ?? 0;

    // What a perfect counter of the event would show, on the same clock.
    private static long Occurrences(PerfEvent e) =>
        e.Cgrp is not null ? e.Cgrp.Clock(e.Cpu).Occurrences.Seen(e.Truth.Selector) : e.Ctx?.Occurrences.Seen(e.Truth.Selector) ?? 0;

    /// <summary><c>__perf_effective_state()</c>: a leader that is off makes its siblings off.</summary>
    internal static EventState EffectiveState(PerfEvent e) =>
        e.GroupLeader.State <= EventState.Off ? e.GroupLeader.State : e.State;

    /// <summary><c>perf_event_update_time()</c>.</summary>
    private static void PerfEventUpdateTime(PerfEvent e)
    {
        long now = PerfEventTime(e);
        (e.TotalTimeEnabled, e.TotalTimeRunning) = Times(e, now);
        e.Tstamp = now;
        long seen = Occurrences(e);
        e.Truth.WhileEnabled += EffectiveState(e) >= EventState.Inactive ? seen - e.Truth.EnabledStamp : 0;
        e.Truth.EnabledStamp = seen;
    }

    /// <summary><c>__perf_update_times()</c>.</summary>
    private static (long Enabled, long Running) Times(PerfEvent e, long now)
    {
        EventState state = EffectiveState(e);
        long delta = now - e.Tstamp;
        return (
            e.TotalTimeEnabled + (state >= EventState.Inactive ? delta : 0),
            e.TotalTimeRunning + (state >= EventState.Active ? delta : 0));
    }

    private static void PerfEventUpdateSiblingTime(PerfEvent leader)
    {
        for (int i = 0; i < leader.Siblings.Count; i++)
        {
            PerfEventUpdateTime(leader.Siblings[i]);
        }
    }

    /// <summary><c>perf_event_set_state()</c>.</summary>
    /// <param name="e">The event.</param>
    /// <param name="state">The new state.</param>
    public static void PerfEventSetState(PerfEvent e, EventState state)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.State == state)
        {
            return;
        }

        PerfEventUpdateTime(e);
        if ((e.State < 0) != (state < 0))
        {
            PerfEventUpdateSiblingTime(e);
        }

        e.State = state;
    }
}
