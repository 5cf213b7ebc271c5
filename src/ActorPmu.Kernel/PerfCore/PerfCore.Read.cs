using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Reading counts.</content>
public sealed partial class PerfCore
{
    private const int MaxReadBytes = 16 * 1024;

    private const long NotEnabled = long.MinValue;

    /// <summary><c>perf_event_count()</c>.</summary>
    /// <param name="e">The event.</param>
    /// <returns>Its count with that of exited children.</returns>
    public async KernelTask<long> PerfEventCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return await Design.CountSeen(this, e) + Design.ChildCount(e);
    }

    /// <summary><c>perf_event_read()</c>: brings a count up to date, wherever the event is. Process context.</summary>
    /// <param name="e">The event.</param>
    /// <param name="group">Whether its siblings are read with it.</param>
    /// <param name="atStart">What <see cref="EnabledAtStart"/> said when the system call began; null where nobody is told the times.</param>
    private async KernelTask PerfEventRead(PerfEvent e, bool group, List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? atStart)
    {
        long begun = !LoadsMayBeLate ? EnabledSince(e)
            : atStart?.Find(a => ReferenceEquals(a.Event, e)) is { Event: not null } found && ReferenceEquals(found.Ctx, e.Ctx) ? found.Enabled
            : NotEnabled;
        await PerfEventUpdate(e, group);

        // What is read was true at some moment of the call, if the event was enabled all the time.
        if (EnabledSince(e) >= begun && e.Tstamp < begun)
        {
            _machine.Report(
                Property.TimesRight,
                $"{e} has time enabled {e.TotalTimeEnabled} ns when read; it was enabled for {begun - e.Tstamp} ns more");
        }
    }

    // The time of the event's context, where it goes on and the event is enabled. That of a cgroup stops and goes on with tasks.
    private long EnabledSince(PerfEvent e) =>
        e.Ctx is { } ctx && (ctx.IsActive & EventTypes.Time) != 0 && e.Cgrp is null && EffectiveState(e) >= EventState.Inactive
            && _machine.Distribution is null
            ? ctx.Time + _machine.Cpus[ctx.ClockCpu].ClockNs - ctx.Timestamp
            : NotEnabled;

    // ->state and ->oncpu may be loaded as they were at any moment since the system call began: the order of the steps is not that of the loads.
    private bool LoadsMayBeLate => _cpu.Memory is { IsStrong: false };

    // The times of those that a read looks at, at the start of the system call, each by the clock of its context, from which perf_pmu_migrate_context()
    // may take it before the read has ctx->mutex; null where each may be judged by the start of its own perf_event_read().
    private List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? EnabledAtStart(PerfEvent e)
    {
        if (!LoadsMayBeLate)
        {
            return null;
        }

        PerfEvent first = (e.Attr.ReadFormat & ReadFormat.Group) != 0 ? e.GroupLeader : e;
        return [(first, first.Ctx, EnabledSince(first)), .. first.Children.Select(c => (c, c.Ctx, EnabledSince(c)))];
    }

    // The count is taken for up to date.
    private void OrderCount()
    {
        if (IsMended(LinuxFaults.CountBehindOncpu))
        {
            SmpRmb();
        }
    }

    private async KernelTask PerfEventUpdate(PerfEvent e, bool group)
    {
        EventState state = await ReadOnce(e.StateField);
        while (true)
        {
            if (state > EventState.Inactive)
            {
                // Pairs with event_sched_in(): who sees ACTIVE must also see the right ->oncpu.
                SmpRmb();
                int cpu = await ReadOnce(e.OnCpuField);
                if (cpu < 0)
                {
                    OrderCount();
                    return;
                }

                // The result is ignored on purpose: if the event is not there any more, leaving has updated its count.
                _ = await SmpCallFunctionSingle(cpu, new IpiRead(null, e.Id, group));
                return;
            }

            if (state != EventState.Inactive)
            {
                if (IsMended(LinuxFaults.SwapBesideInheritedRead) && e is { Attr.InheritStat: true, Ctx: { } swapped })
                {
                    // Whatever a swap has put into the count of who is off is seen after this.
                    await RawSpinLockIrq(swapped);
                    RawSpinUnlockIrq(swapped);
                }

                OrderCount();
                return;
            }

            PerfContext ctx = e.Ctx!;
            await RawSpinLockIrq(ctx);
            state = e.State;
            if (state == EventState.Inactive)
            {
                // May read while context is not active (e.g., thread is blocked), in that case we cannot update context time.
                if ((ctx.IsActive & EventTypes.Time) != 0)
                {
                    UpdateContextTime(ctx);
                    UpdateCgrpTimeFromEvent(e);
                }

                PerfEventUpdateTime(e);
                if (group)
                {
                    PerfEventUpdateSiblingTime(e);
                }

                CheckTimes(e, "read");
                RawSpinUnlockIrq(ctx);
                return;
            }

            RawSpinUnlockIrq(ctx);
        }
    }

    /// <summary><c>__perf_event_read()</c>. Hardirq.</summary>
    [KernelName("__perf_event_read")]
    private async KernelTask<int> PerfEventReadIpi(PerfEvent e, bool group)
    {
        PerfContext ctx = e.Ctx!;
        PerfContext cpuctx = CpuCtxOf(ctx);

        // If this is a task context, we need to check whether it is the current task context of this cpu.
        if (!ctx.IsCpuContext && !ReferenceEquals(cpuctx.TaskCtx, ctx))
        {
            return 0;
        }

        await RawSpinLock(ctx);
        if ((ctx.IsActive & EventTypes.Time) != 0)
        {
            UpdateContextTime(ctx);
            UpdateCgrpTimeFromEvent(e);
        }

        PerfEventUpdateTime(e);
        if (group)
        {
            PerfEventUpdateSiblingTime(e);
        }

        if (e.State == EventState.Active)
        {
            CheckTimes(e, "read");
            await EventPmuRead(e);
            for (int i = 0; group && i < e.Siblings.Count; i++)
            {
                if (IsReadable(e.Siblings[i]))
                {
                    await EventPmuRead(e.Siblings[i]);
                }
            }
        }

        RawSpinUnlock(ctx);
        return 0;
    }

    private bool IsReadable(PerfEvent e) =>
        e.State == EventState.Active || (e.State > EventState.Inactive && Design.ReadsEnabled);

    private async KernelTask EventPmuRead(PerfEvent e)
    {
        await Design.Read(this, e);
        if (e.State == EventState.Active)
        {
            TruthSynced(e, "read");
        }
    }

    /// <summary><c>perf_event_read_local()</c>. Any context, NMI too; no lock.</summary>
    /// <returns>The error, and the count without children.</returns>
    private async KernelTask<OpResult> PerfEventReadLocal(PerfEvent e)
    {
        LocalIrqDisable();
        OpResult result = ReadLocalCheck(e);
        if (result.Error == Errno.Ok)
        {
            if (e.OnCpu == _cpu.Index)
            {
                await EventPmuRead(e);
            }

            long value = await Design.CountSeen(this, e);
            long now = e.ShadowCtxTime + _cpu.ClockNs;
            (long enabled, long running) = Times(e, now);
            result = new OpResult(Errno.Ok)
            {
                Read = new ReadRecord(24, [new ReadEntry(e.Id, e.Name, value)], enabled, running),
            };
        }

        LocalIrqEnable();
        return result;
    }

    private OpResult ReadLocalCheck(PerfEvent e) =>
        e.Attr.Inherit ? new OpResult(Errno.EOPNOTSUPP)
        : (e.Attach & AttachState.Task) != 0 && !ReferenceEquals(e.Target, _cpu.Current) ? new OpResult(Errno.EINVAL)
        : (e.Attach & AttachState.Task) == 0 && e.Cpu != _cpu.Index ? new OpResult(Errno.EINVAL)
        : e.Attr.Pinned && e.OnCpu != _cpu.Index ? new OpResult(Errno.EBUSY)
        : OpResult.Ok;

    /// <summary><c>perf_read()</c>. Process context.</summary>
    private async KernelTask<OpResult> PerfRead(PerfEvent e, int bufferBytes)
    {
        List<(PerfEvent Event, long AtLeast, int Resets)> bounds = ReadBounds(e);
        List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? atStart = EnabledAtStart(e);
        TrueTimes timesAtStart = TrueTimesOfFamily(TimedBy(e));
        PerfContext ctx = await PerfEventCtxLock(e);
        OpResult result = await PerfReadLocked(e, bufferBytes, atStart);
        MutexUnlock(ctx);
        if (result.Read is { Bytes: > 0 } record)
        {
            CheckRead(e, record, bounds);
            CheckReadTimes(e, record, timesAtStart);
        }

        return result;
    }

    private async KernelTask<OpResult> PerfReadLocked(PerfEvent e, int bufferBytes, List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? atStart)
    {
        // Return end-of-file for a read on an event that is in error state (i.e. because it was pinned but it couldn't be scheduled on).
        if (e.State == EventState.Error)
        {
            return new OpResult(Errno.Ok) { Read = new ReadRecord(0, [], 0, 0) };
        }

        if (bufferBytes < e.ReadSize)
        {
            return new OpResult(Errno.ENOSPC);
        }

        _machine.WarnOnOnce(e.Ctx!.ParentCtx is not null, "event->ctx->parent_ctx");
        return (e.Attr.ReadFormat & ReadFormat.Group) != 0 ? await PerfReadGroup(e, atStart) : await PerfReadOne(e, atStart);
    }

    private static int EntryBytes(ReadFormat format) =>
        8 + ((format & ReadFormat.Id) != 0 ? 8 : 0) + ((format & ReadFormat.Lost) != 0 ? 8 : 0);

    private static int HeaderBytes(ReadFormat format) =>
        ((format & ReadFormat.TotalTimeEnabled) != 0 ? 8 : 0) + ((format & ReadFormat.TotalTimeRunning) != 0 ? 8 : 0);

    /// <summary><c>__perf_event_read_size()</c>.</summary>
    private static int ReadSize(ReadFormat format, int members) =>
        (format & ReadFormat.Group) != 0
            ? 8 + HeaderBytes(format) + (EntryBytes(format) * members)
            : HeaderBytes(format) + EntryBytes(format);

    /// <summary><c>perf_read_one()</c> → <c>__perf_event_read_value()</c>.</summary>
    private async KernelTask<OpResult> PerfReadOne(PerfEvent e, List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? atStart)
    {
        await LockChildMutex(e);
        e.IsBeingAddedUp = true;
        await PerfEventRead(e, group: false, atStart);
        long total = await PerfEventCount(e);
        long enabled = e.TotalTimeEnabled + e.ChildTotalTimeEnabled;
        long running = e.TotalTimeRunning + e.ChildTotalTimeRunning;
        for (int i = 0; i < e.Children.Count; i++)
        {
            PerfEvent child = e.Children[i];
            await PerfEventRead(child, group: false, atStart);
            total += await PerfEventCount(child);
            enabled += child.TotalTimeEnabled;
            running += child.TotalTimeRunning;
        }

        EndAddingUp(e);
        return new OpResult(Errno.Ok) { Read = new ReadRecord(e.ReadSize, [new ReadEntry(e.Id, e.Name, total)], enabled, running) };
    }

    /// <summary><c>perf_read_group()</c>.</summary>
    private async KernelTask<OpResult> PerfReadGroup(PerfEvent e, List<(PerfEvent Event, PerfContext? Ctx, long Enabled)>? atStart)
    {
        PerfEvent leader = e.GroupLeader;
        Touch(leader, "perf_read_group");
        ReadFormat format = e.Attr.ReadFormat;

        // kzalloc(event->read_size): what the group has no members for any more is read as zeros.
        long[] values = new long[(e.ReadSize - 8 - HeaderBytes(format)) / EntryBytes(format)];
        int nr = 1 + leader.NrSiblings;
        long enabled = 0;
        long running = 0;

        // By locking the child_mutex of the leader we effectively lock the child list of all siblings.
        await LockChildMutex(leader);
        leader.IsBeingAddedUp = true;
        for (int c = -1; c < leader.Children.Count; c++)
        {
            PerfEvent one = c < 0 ? leader : leader.Children[c];
            await PerfEventRead(one, group: true, atStart);
            PerfContext ctx = one.Ctx!;
            await RawSpinLockIrq(ctx);
            if (IsMended(LinuxFaults.CloseBesideGroupRead) && !IsCopyOfGroup(one, leader))
            {
                RawSpinUnlockIrq(ctx);
                EndAddingUp(leader);
                return new OpResult(Errno.ECHILD);
            }

            enabled += one.TotalTimeEnabled + one.ChildTotalTimeEnabled;
            running += one.TotalTimeRunning + one.ChildTotalTimeRunning;
            values[0] += await PerfEventCount(one);
            for (int i = 0; i < one.Siblings.Count; i++)
            {
                long count = await PerfEventCount(one.Siblings[i]);
                if (i + 1 < values.Length)
                {
                    values[i + 1] += count;
                    continue;
                }

                // Closing a sibling takes it from its group before its copies are taken from theirs.
                _machine.Report(
                    Property.NoLeak, $"perf_read_group() writes {one.Siblings[i]} beyond the {values.Length} values that it has room for");
            }

            RawSpinUnlockIrq(ctx);
        }

        EndAddingUp(leader);
        List<ReadEntry> entries = [new ReadEntry(leader.Id, leader.Name, values[0])];
        for (int i = 1; i < nr && i < values.Length; i++)
        {
            PerfEvent? sibling = i <= leader.Siblings.Count ? leader.Siblings[i - 1] : null;
            entries.Add(sibling is null ? new ReadEntry(new EventId(0), "?", values[i]) : new ReadEntry(sibling.Id, sibling.Name, values[i]));
        }

        return new OpResult(Errno.Ok) { Read = new ReadRecord(e.ReadSize, entries, enabled, running) };
    }

    private void EndAddingUp(PerfEvent e)
    {
        e.IsBeingAddedUp = false;
        UnlockChildMutex(e);
    }

    // The same siblings in the same order.
    private static bool IsCopyOfGroup(PerfEvent one, PerfEvent leader) =>
        ReferenceEquals(one, leader)
        || (one.Siblings.Count == leader.Siblings.Count
            && one.Siblings.Zip(leader.Siblings).All(pair => ReferenceEquals(pair.First.Parent, pair.Second)));

    // ---- what a reader must see ----

    // The truth at the start of the system call: the read may be newer, never older.
    private static List<(PerfEvent Event, long AtLeast, int Resets)> ReadBounds(PerfEvent e)
    {
        List<(PerfEvent, long, int)> bounds = [];
        if ((e.Attr.ReadFormat & ReadFormat.Group) != 0)
        {
            bounds.Add(BoundOf(e.GroupLeader));
            foreach (PerfEvent sibling in e.GroupLeader.Siblings)
            {
                bounds.Add(BoundOf(sibling));
            }
        }
        else
        {
            bounds.Add(BoundOf(e));
        }

        return bounds;
    }

    private static (PerfEvent Event, long AtLeast, int Resets) BoundOf(PerfEvent e) => (e, TruthOfFamily(e), ResetsOfFamily(e));

    private static int ResetsOfFamily(PerfEvent e) => e.Truth.Resets + e.Children.Sum(c => c.Truth.Resets);

    // What was reset meanwhile may have been read before or after.
    private static (long AtLeast, long AtMost) BoundsNow(PerfEvent e, long atLeast, int resets)
    {
        long atMost = TruthOfFamily(e);
        if (resets != ResetsOfFamily(e))
        {
            long before = e.Truth.Children + Math.Max(e.Truth.ExpectedNow, e.Truth.BeforeReset);
            for (int i = 0; i < e.Children.Count; i++)
            {
                EventTruth child = e.Children[i].Truth;
                before += child.Children + Math.Max(child.ExpectedNow, child.BeforeReset);
            }

            return (Math.Min(atLeast, 0), Math.Max(atMost, before));
        }

        return (e.Truth.IsLost ? Math.Min(atLeast, atMost) : atLeast, atMost);
    }

    private static long TruthOfFamily(PerfEvent e)
    {
        long sum = e.Truth.ExpectedNow + e.Truth.Children;
        for (int i = 0; i < e.Children.Count; i++)
        {
            sum += e.Children[i].Truth.ExpectedNow + e.Children[i].Truth.Children;
        }

        return sum;
    }

    private void CheckRead(PerfEvent read, ReadRecord record, List<(PerfEvent Event, long AtLeast, int Resets)> bounds)
    {
        for (int i = 0; i < record.Entries.Count && i < bounds.Count; i++)
        {
            (PerfEvent e, long atLeast, int resets) = bounds[i];
            long value = record.Entries[i].Value;
            if (!HasTruth(e) || record.Entries[i].Event != e.Id)
            {
                continue;
            }

            (atLeast, long atMost) = BoundsNow(e, atLeast, resets);
            if (value < atLeast || value > atMost)
            {
                string truth = atLeast == atMost ? $"is {atMost}" : $"is between {atLeast} and {atMost}";
                _machine.Report(Property.CountsExact, $"read({e}) returns {value}; the truth {truth}");
            }

            if (value < e.Truth.Seen)
            {
                _machine.Report(Property.CountsMonotone, $"read({e}) returns {value} after {e.Truth.Seen}");
            }

            e.Truth.Seen = value;
        }

        if (record.TimeRunningNs > record.TimeEnabledNs || record.TimeRunningNs < 0)
        {
            _machine.Report(
                Property.TimesRight,
                $"read({read}) returns time running {record.TimeRunningNs} ns and time enabled {record.TimeEnabledNs} ns");
        }
    }
}
