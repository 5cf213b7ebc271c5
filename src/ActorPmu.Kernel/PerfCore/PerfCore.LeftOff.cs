using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>What a schedule-in pass has left off the PMU, and whether it had to.</content>
/// <remarks>
/// Only the end of a pass promises anything: who leaves later leaves a counter that is free until the next one. v5.3 stops trying hardware groups of a
/// context at the first that does not fit (<c>can_add_hw</c>), so that of these this one alone must not fit; the others were not tried.
/// Groups of software are tried all the same.
/// </remarks>
public sealed partial class PerfCore
{
    private readonly List<PerfEvent> _leftOff = [];

    /// <summary><c>ctx_flexible_sched_in()</c> is over.</summary>
    private void FlexiblePassEnded(PerfContext ctx, PerfContext cpuctx)
    {
        if (!_machine.ChecksInvariants)
        {
            return;
        }

        // Whatever this looks at is under the lock that the pass holds.
        Footprint footprint = _machine.Footprint;
        bool noted = footprint.IsOn;
        footprint.IsOn = false;
        CheckLeftOff(ctx, cpuctx);
        footprint.IsOn = noted;
    }

    private void CheckLeftOff(PerfContext ctx, PerfContext cpuctx)
    {
        List<PerfEvent> any = ctx.FlexibleGroups.Of(-1);
        List<PerfEvent> here = ctx.FlexibleGroups.Of(_cpu.Index);
        bool canAddHw = true;
        for (int a = 0, h = 0; a < any.Count || h < here.Count;)
        {
            PerfEvent leader = h >= here.Count || (a < any.Count && any[a].GroupIndex < here[h].GroupIndex) ? any[a++] : here[h++];
            if (leader.State != EventState.Inactive || !EventFilterMatch(leader) || !(leader.GroupIsSoftware || canAddHw))
            {
                continue;
            }

            if (!leader.GroupIsSoftware && IsKeptOff(leader, ctx, cpuctx))
            {
                // From v5.11 on no hardware group after it is tried, either.
                canAddHw = !ExclusiveIsByKind;
                continue;
            }

            // After migrate-context what passes for a software group may have siblings that are not (list_add_event() sets group_caps anew).
            NoteLeftOff(leader);
            canAddHw = false;
        }
    }

    // The two rules of group_can_go_on() about exclusive groups.
    private bool IsKeptOff(PerfEvent leader, PerfContext ctx, PerfContext cpuctx) =>
        cpuctx.Exclusive
        || (leader.Attr.Exclusive && (ExclusiveIsByKind ? ActiveListOf(leader, ctx).Count > 0 : cpuctx.ActiveOnCpu > 0));

    /// <summary>A group that was tried, or should have been, is not on the PMU.</summary>
    private void NoteLeftOff(PerfEvent leader)
    {
        _leftOff.Clear();
        for (int i = -1; i < leader.Siblings.Count; i++)
        {
            PerfEvent e = i < 0 ? leader : leader.Siblings[i];
            if (e.State > EventState.Inactive)
            {
                // A design has it take part all the same.
                return;
            }

            if ((e.State == EventState.Inactive || ReferenceEquals(e, leader)) && !e.Pmu.IsSoftware)
            {
                _leftOff.Add(e);
            }
        }

        _cpu.Invariants.LeftOff(leader, _leftOff);
    }
}
