using System.Numerics;

namespace ActorPmu.Kernel;

/// <summary>The Arm driver: an event takes the first free counter when it is added, and gives it back when it is deleted.</summary>
/// <remarks>
/// Kernel: drivers/perf/arm_pmu.c and arch/arm64/kernel/perf_event.c, v5.3. Counter indices are the hardware's; the kernel's start at 1
/// and have the cycle counter at 0, which is why the interrupt handler looks at fixed counters first.
/// </remarks>
internal sealed class ArmDriver(PmuProfile profile, ProgrammedEvents programmed) : IPmuDriver
{
    private const ulong EvenCounters = 0x5555_5555;

    private readonly FixedCounter[] fixedCounters = [.. profile.Fixed];
    private ulong usedMask;

    public bool StopsWhenDisabled => true;

    /// <remarks>An event without Long64 counts modulo the width of a general counter, on the wider cycle counter too.</remarks>
    public void Init(HwEvent e, bool counting)
    {
        e.Mask = ulong.MaxValue >> (64 - (e.Long64 ? 64 : profile.WidthBits));
        e.PeriodMax = (long)(e.Mask >> 1);
        e.SamplePeriod = counting ? (ulong)e.PeriodMax : e.SamplePeriod;
    }

    /// <remarks>Kernel: <c>armpmu_add()</c>.</remarks>
    public PmuStatus Add(HwEvent e)
    {
        var taken = TakeCounters(usedMask, e.Selector.Code, e.Long64);
        if (taken == 0)
        {
            return PmuStatus.Again;
        }

        usedMask |= taken;
        e.Added = true;
        e.Counter = BitOperations.TrailingZeroCount(taken);
        e.Paired = BitOperations.PopCount(taken) == 2;
        e.Order = e.Counter >= FixedCounter.FirstIndex ? e.Counter - 64 : e.Counter;
        HwCounter.SetPeriod(e);
        programmed.Add(e);
        return PmuStatus.Ok;
    }

    /// <remarks>Kernel: <c>armpmu_del()</c>.</remarks>
    public bool Del(HwEvent e)
    {
        HwCounter.Update(e);
        programmed.Remove(e);
        usedMask &= ~((e.Paired ? 3UL : 1UL) << e.Counter);
        e.Counter = -1;
        e.Added = false;
        return true;
    }

    /// <remarks>The counter stays taken.</remarks>
    public void HandOver(HwEvent from, HwEvent to) => from.Counter = -1;

    public void Reload(HwEvent e) => HwCounter.SetPeriod(e);

    /// <remarks>«ARM pmu always has to update the counter, so ignore PERF_EF_UPDATE», and the same of PERF_EF_RELOAD.</remarks>
    public bool IgnoresFlags => true;

    /// <remarks>The driver has no transactions of its own: <c>perf_pmu_start_txn()</c> only disables the PMU.</remarks>
    public void StartTxn()
    {
    }

    public PmuStatus CommitTxn() => PmuStatus.Ok;

    public void CancelTxn()
    {
    }

    public void Enable()
    {
    }

    /// <remarks>Kernel: <c>validate_group()</c>, with its empty <c>fake_pmu</c>.</remarks>
    public bool Fits(ReadOnlySpan<PmuEvent> group) => HasRoom(0, group);

    public bool HasRoomFor(ReadOnlySpan<PmuEvent> group) => HasRoom(usedMask, group);

    private bool HasRoom(ulong used, ReadOnlySpan<PmuEvent> group)
    {
        foreach (var e in group)
        {
            var taken = TakeCounters(used, e.Selector.Code, e.Long64);
            if (taken == 0)
            {
                return false;
            }

            used |= taken;
        }

        return true;
    }

    public void Reset() => usedMask = 0;

    /// <summary>The counters an event gets, as bits; 0 when there is none for it.</summary>
    /// <remarks>Kernel: <c>armv8pmu_get_event_idx()</c>.</remarks>
    private ulong TakeCounters(ulong used, uint code, bool long64)
    {
        for (var i = 0; i < fixedCounters.Length; i++)
        {
            var bit = 1UL << (FixedCounter.FirstIndex + i);
            if (fixedCounters[i].Code == code && (used & bit) == 0 && (!long64 || fixedCounters[i].WidthBits == 64))
            {
                return bit;
            }
        }

        if (!AllowsGeneral(code))
        {
            return 0;
        }

        var free = profile.GeneralMask & ~used;
        if (!long64 || profile.WidthBits == 64)
        {
            return free & (0 - free);
        }

        var evenOfPairs = free & free >> 1 & EvenCounters;
        return 3 * (evenOfPairs & (0 - evenOfPairs));
    }

    private bool AllowsGeneral(uint code)
    {
        for (var i = 0; i < fixedCounters.Length; i++)
        {
            if (fixedCounters[i].Code == code)
            {
                return fixedCounters[i].GeneralToo;
            }
        }

        return true;
    }
}
