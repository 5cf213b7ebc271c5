using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Membership: lists, trees, groups.</content>
public sealed partial class PerfCore
{
    private static GroupTree GroupsOf(PerfEvent e, PerfContext ctx) => e.Attr.Pinned ? ctx.PinnedGroups : ctx.FlexibleGroups;

    /// <summary><c>add_event_to_ctx()</c>.</summary>
    private async KernelTask AddEventToCtx(PerfEvent e, PerfContext ctx)
    {
        await ListAddEvent(e, ctx);
        PerfGroupAttach(e);
    }

    /// <summary><c>list_add_event()</c>. <c>ctx->lock</c> held.</summary>
    private KernelTask ListAddEvent(PerfEvent e, PerfContext ctx)
    {
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        _machine.WarnOnOnce((e.Attach & AttachState.Context) != 0, "event->attach_state & PERF_ATTACH_CONTEXT");
        Touch(e, "list_add_event");
        TruthAttached(e, true);
        e.Attach |= AttachState.Context;
        if (e.Cgrp is not null && IsMended(LinuxFaults.CgroupTimeBeginsAgain) && RunsForOtherContext(e.Cgrp, ctx))
        {
            // Or the event would begin at the last update.
            UpdateCgrpTime(e.Cgrp);
        }

        e.Tstamp = PerfEventTime(e);
        e.Truth.EnabledStamp = Occurrences(e);
        if (e.IsLeader)
        {
            e.GroupIsSoftware = e.IsSoftwareEvent;
            GroupsOf(e, ctx).Insert(e);
        }

        ListUpdateCgroupEvent(e, ctx, add: true);
        ctx.EventList.Insert(0, e);
        ctx.NrEvents++;
        ctx.NrStat += e.Attr.InheritStat ? 1 : 0;
        ctx.Generation++;
        _cpu.Invariants.Changed();
        return Design.Added(this, e, ctx);
    }

    /// <summary><c>perf_group_attach()</c>.</summary>
    private void PerfGroupAttach(PerfEvent e)
    {
        if ((e.Attach & AttachState.Group) != 0)
        {
            return;
        }

        e.Attach |= AttachState.Group;
        if (e.IsLeader)
        {
            return;
        }

        _machine.WarnOnOnce(!ReferenceEquals(e.GroupLeader.Ctx, e.Ctx), "group_leader->ctx != event->ctx");
        e.GroupLeader.GroupIsSoftware &= e.IsSoftwareEvent;
        e.GroupLeader.Siblings.Add(e);
        e.GroupLeader.NrSiblings++;
        PerfEventHeaderSizes(e.GroupLeader);
    }

    /// <summary><c>list_del_event()</c>. <c>ctx->lock</c> held.</summary>
    private async KernelTask ListDelEvent(PerfEvent e, PerfContext ctx)
    {
        _machine.WarnOnOnce(!ReferenceEquals(e.Ctx, ctx), "event->ctx != ctx");
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        _cpu.Invariants.Changed();
        await Design.Removing(this, e, ctx);

        // We can have double detach due to exit/hot-unplug + close.
        if ((e.Attach & AttachState.Context) == 0)
        {
            return;
        }

        TruthAttached(e, false);
        e.Attach &= ~AttachState.Context;
        ListUpdateCgroupEvent(e, ctx, add: false);
        ctx.NrEvents--;
        ctx.NrStat -= e.Attr.InheritStat ? 1 : 0;
        ctx.EventList.Remove(e);
        if (e.IsLeader && e.InTree)
        {
            GroupsOf(e, ctx).Delete(e);
        }

        // If event was in error state, then keep it that way, otherwise bogus counts will be returned on read().
        if (e.State > EventState.Off)
        {
            PerfEventSetState(e, EventState.Off);
        }

        ctx.Generation++;
    }

    /// <summary><c>perf_group_detach()</c>. <c>ctx->lock</c> held.</summary>
    private void PerfGroupDetach(PerfEvent e)
    {
        PerfContext ctx = e.Ctx!;
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        if ((e.Attach & AttachState.Group) == 0)
        {
            return;
        }

        e.Attach &= ~AttachState.Group;
        if (!e.IsLeader)
        {
            e.GroupLeader.Siblings.Remove(e);
            e.GroupLeader.NrSiblings--;
            PerfEventHeaderSizes(e.GroupLeader);
            return;
        }

        foreach (PerfEvent sibling in e.Siblings.ToArray())
        {
            if (IsMended(LinuxFaults.ClosedLeaderWasOff))
            {
                PerfEventUpdateTime(sibling);
            }

            TruthTime(sibling);
            sibling.GroupLeader = sibling;
            sibling.GroupIsSoftware = e.GroupIsSoftware;
            if (e.InTree)
            {
                GroupsOf(sibling, ctx).Insert(sibling);
                if (sibling.State == EventState.Active)
                {
                    ActiveListOf(sibling, ctx).Add(sibling);
                    sibling.ActiveListed = true;
                }
            }

            _machine.WarnOnOnce(!ReferenceEquals(sibling.Ctx, ctx), "sibling->ctx != event->ctx");
            if (DetachedAreSizedAnew)
            {
                PerfEventHeaderSize(sibling);
            }
        }

        // Those that are on their own now go on reading with the size of the group that they were in.
        e.Siblings.Clear();
        e.NrSiblings = DetachedAreSizedAnew ? 0 : e.NrSiblings;
        PerfEventHeaderSizes(e);
    }

    // 6.12.100 still answers as v5.3 does, and 6.18.44 no longer.
    private bool DetachedAreSizedAnew => _machine.Spec.KernelVersion >= 618;

    /// <summary><c>perf_event__header_size()</c>, as far as a read goes.</summary>
    private static void PerfEventHeaderSize(PerfEvent e) => e.ReadSize = ReadSize(e.Attr.ReadFormat, 1 + e.GroupLeader.NrSiblings);

    private static void PerfEventHeaderSizes(PerfEvent leader)
    {
        PerfEventHeaderSize(leader);
        for (int i = 0; i < leader.Siblings.Count; i++)
        {
            PerfEventHeaderSize(leader.Siblings[i]);
        }
    }

    private static List<PerfEvent> ActiveListOf(PerfEvent e, PerfContext ctx) => e.Attr.Pinned ? ctx.PinnedActive : ctx.FlexibleActive;

    /// <summary><c>list_update_cgroup_event()</c>.</summary>
    private void ListUpdateCgroupEvent(PerfEvent e, PerfContext ctx, bool add)
    {
        if (e.Cgrp is null)
        {
            return;
        }

        // Cgroup events are always per processor, and membership changes on that processor.
        PerfContext cpuctx = ctx;
        if (add)
        {
            if (cpuctx.Cgrp is null && CurrentCgroup.IsDescendantOf(e.Cgrp))
            {
                cpuctx.Cgrp = CurrentCgroup;
            }

            ctx.NrCgroups++;
        }
        else if (--ctx.NrCgroups == 0)
        {
            cpuctx.Cgrp = null;
        }
    }

    /// <summary><c>unclone_ctx()</c>. <c>ctx->lock</c> held.</summary>
    /// <returns>The former parent, to be put once the lock is released; null if there was none.</returns>
    private static PerfContext? UncloneCtx(PerfContext ctx)
    {
        PerfContext? parent = ctx.ParentCtx;
        ctx.ParentCtx = null;
        ctx.Generation++;
        return parent;
    }
}
