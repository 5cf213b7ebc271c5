using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Mapped events, and what a process reads of them without a system call.</content>
public sealed partial class PerfCore
{
    /// <summary><c>perf_mmap()</c>: the page with the counts; a ring buffer is a flag here.</summary>
    private OpResult PerfMmap(TaskStruct task, string name)
    {
        if (task.Files.Find(name) is not { } e)
        {
            return new OpResult(Errno.EBADF);
        }

        // Don't allow mmap() of inherited per-task counters: all tasks would write to the same buffer.
        if (e.Cpu == -1 && e.Attr.Inherit)
        {
            return new OpResult(Errno.EINVAL);
        }

        if (e.Page is null)
        {
            _machine.MapsPages();
            (e.HasBuffer, e.Wakeup) = (true, false);
            e.Page = new UserPage { CapUserRdpmc = e.Pmu.Profile?.Assignment == CounterAssignment.X86Solver };
            PerfEventUpdateUserpage(e);
        }

        e.Page.Mappings++;
        task.Files.Map(name, e);
        return OpResult.Ok;
    }

    /// <summary><c>munmap()</c> → <c>perf_mmap_close()</c>, which may be the last to hold the file.</summary>
    private async KernelTask<OpResult> Munmap(TaskStruct task, string name)
    {
        if (task.Files.Unmap(name) is not { } e)
        {
            return new OpResult(Errno.EINVAL);
        }

        if (--e.Page!.Mappings == 0)
        {
            e.Page = null;
            e.HasBuffer = false;
        }

        await Fput(e);
        return OpResult.Ok;
    }

    /// <summary><c>unshare_files()</c> and <c>exec_mmap()</c>: who shares the address space and the descriptors with the caller keeps them.</summary>
    private async KernelTask UnshareOnExec(TaskStruct task)
    {
        FileTable shared = task.Files;
        if (shared.Users == 1)
        {
            await UnmapAll(task);
            return;
        }

        FileTable own = new();
        own.CopyFrom(shared);
        shared.Users--;
        task.Files = own;
    }

    /// <summary><c>exit_mmap()</c>: nobody is in the address space any more.</summary>
    private async KernelTask UnmapAll(TaskStruct task)
    {
        foreach ((string name, _) in task.Files.Mappings.ToArray())
        {
            await Munmap(task, name);
        }
    }

    /// <summary><c>perf_event_update_userpage()</c>: of the event, and of those whose pages follow its counter.</summary>
    /// <param name="e">The event.</param>
    /// <remarks>
    /// No step: user space on this processor does not run meanwhile. Under <c>ctx->lock</c>, but for mmap() and reset, which v5.3 does not
    /// hold off either.
    /// </remarks>
    public void PerfEventUpdateUserpage(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (!_machine.HasPages)
        {
            return;
        }

        if (e.Page is { } page)
        {
            page.Lock++;
            CounterView counter = ViewOf(Design.PageCounter(e), e.OnCpu);
            page.Index = e.State == EventState.Active ? counter.Index : 0;
            page.Offset = Design.PageCount(e, counter.Folded) + Design.ChildCount(e) - (page.Index != 0 ? counter.PrevCount : 0);
            (long enabled, long running) = Times(e, e.ShadowCtxTime + _cpu.ClockNs);
            page.TimeEnabled = enabled + e.ChildTotalTimeEnabled;
            page.TimeRunning = running + e.ChildTotalTimeRunning;
            page.Lock++;
        }

        foreach (PerfEvent other in Design.PagesBeside(e))
        {
            PerfEventUpdateUserpage(other);
        }
    }

    // event->hw of an event: what its driver keeps for it where it is.
    private CounterView ViewOf(PerfEvent e, int onCpu)
    {
        int cpu = onCpu >= 0 ? onCpu : _cpu.Index;
        return !e.Pmu.IsSoftware && _machine.Cpus[cpu].Pmus[e.Pmu.Index] is { } pmu ? pmu.Hardware.ViewOf(e.Id) : default;
    }

    /// <summary>
    /// The loop that include/uapi/linux/perf_event.h gives to a process that monitors itself; where the page names no counter, read().
    /// </summary>
    private async KernelTask<OpResult> ReadSelf(TaskStruct task, SelfReadOp op)
    {
        if (task.Files.Mapped(op.Name) is not { Page: { } page } e)
        {
            return new OpResult(Errno.EFAULT);
        }

        (_, long atLeast, int resets) = BoundOfPage(e);
        bool here = e.OnCpu == _cpu.Index || e.OnCpu < 0;
        UserPageSeen seen;
        long count;
        do
        {
            seen = await LoadPage(e, page);
            count = seen.Offset;
            if (page.CapUserRdpmc && seen.Index != 0)
            {
                count += await Rdpmc(e.Pmu, seen.Index - 1);
            }
        }
        while ((await LoadPage(e, page)).Lock != seen.Lock);

        if (seen.Index == 0 && !(op.PageAlone && page.CapUserRdpmc))
        {
            return await WithFile(task, op.Name, open => PerfRead(open, int.MaxValue));
        }

        if (here && (e.OnCpu == _cpu.Index || e.OnCpu < 0))
        {
            CheckSelfRead(e, count, seen.Index, atLeast, resets);
        }

        return new OpResult(Errno.Ok)
        {
            Read = new ReadRecord(24, [new ReadEntry(e.Id, e.Name, count)], seen.TimeEnabled, seen.TimeRunning),
        };
    }

    // By way of the PMU, which has then done what interrupts before this asked of it; others may come in between.
    private async KernelTask<UserPageSeen> LoadPage(PerfEvent e, UserPage page)
    {
        if (PmuHere(e.Pmu) is not { } pmu)
        {
            await _cpu.Yield();
            return page.Seen;
        }

        return ((UserPageLoaded)await _cpu.Ask(pmu, Accept.Always, new UserPageLoad(_cpu.Here, e.Id), "user page")).Page;
    }

    private async KernelTask<long> Rdpmc(PmuType type, int counter) =>
        PmuHere(type) is { } pmu ? ((PmuAnswer)await _cpu.Ask(pmu, Accept.Always, new PmuReadCounter(_cpu.Here, counter), "rdpmc")).Delta : 0;

    private ActorId? PmuHere(PmuType type) => !type.IsSoftware && _cpu.Pmus[type.Index] is { } pmu ? pmu.Id : null;

    // The page has the event's own count and that of exited children.
    private static (PerfEvent Event, long AtLeast, int Resets) BoundOfPage(PerfEvent e) =>
        (e, e.Truth.ExpectedNow + e.Truth.Children, e.Truth.Resets);

    private void CheckSelfRead(PerfEvent e, long count, int index, long atLeast, int resets)
    {
        if (e.Pmu.IsSoftware)
        {
            return;
        }

        long atMost = e.Truth.ExpectedNow + e.Truth.Children;
        if (resets != e.Truth.Resets)
        {
            (atLeast, atMost) = (0, Math.Max(atMost, e.Truth.BeforeReset + e.Truth.Children));
        }

        if (count < atLeast || count > atMost)
        {
            string truth = atLeast == atMost ? $"is {atMost}" : $"is between {atLeast} and {atMost}";
            string how = index == 0 ? "its page names no counter" : $"by rdpmc({index - 1})";
            _machine.Report(Property.CountsExact, $"self-monitoring read of {e} gives {count}, {how}; the truth {truth}");
        }

        if (count < e.Truth.Seen)
        {
            _machine.Report(Property.CountsMonotone, $"self-monitoring read of {e} gives {count} after {e.Truth.Seen}");
        }

        e.Truth.Seen = count;
    }
}
