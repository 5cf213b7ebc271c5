using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>With a clock: work stops where a counter overflows, so that the interrupt comes at its time and not when somebody looks.</content>
public sealed partial class Cpu
{
    private const int FirstOverflowSender = 60_000;
    private const int SlotsPerCpu = 1_000;
    private const long Free = -1;

    // When the timers under way fire, ns. One that is no longer needed only finds nothing to do.
    private readonly List<long> _overflowDueNs = [];

    /// <summary>Sets a timer to where the running task's work next makes a counter overflow, unless one fires before that.</summary>
    internal void WatchOverflow()
    {
        if (Busy || Current is not { Doing: { } doing, Exec.Running: false })
        {
            return;
        }

        WorkPosition at = WorkingPmu!.Hardware.NextOverflow(doing.Work, doing.Mode, doing.At, doing.To);
        if (at >= doing.To)
        {
            return;
        }

        // Work is accounted in whole units: an overflow inside one comes at its end.
        long units = at.UnitsDone + (at == WorkPosition.AfterUnits(at.UnitsDone) ? 0 : 1);
        long now = ClockNs;
        if (units > (long.MaxValue - Math.Max(doing.StartNs, 0)) / doing.UnitNs)
        {
            return;
        }

        long dueNs = Math.Max(now, doing.StartNs + (units * doing.UnitNs));
        int slot = -1;
        for (int i = 0; i < _overflowDueNs.Count; i++)
        {
            if (_overflowDueNs[i] == Free)
            {
                slot = i;
            }
            else if (_overflowDueNs[i] <= dueNs)
            {
                return;
            }
        }

        if (slot < 0)
        {
            slot = _overflowDueNs.Count;
            _overflowDueNs.Add(Free);
        }

        _overflowDueNs[slot] = dueNs;
        ActorId sender = new(ActorKind.Environment, FirstOverflowSender + (Index * SlotsPerCpu) + slot);
        Host.Send(sender, Id, Lane.Irq, Accept.Irq, new OverflowTimer(slot), dueNs - now);
    }

    private void ReceiveOverflowTimer(OverflowTimer timer)
    {
        _overflowDueNs[timer.Slot] = Free;
        if (!Busy && Current is { Doing: not null, Exec.Running: false } task)
        {
            Enter(task.Exec, timer);
            Launch(task.Exec, Core.AccountWorkInPath());
        }
    }
}
