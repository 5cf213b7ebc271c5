namespace ActorPmu.Kernel;

/// <summary>The software PMU: room for all, and no off switch. Kernel: <c>perf_swevent_add()</c> and its neighbours, kernel/events/core.c, v5.3.</summary>
internal sealed class SoftwareDriver(ProgrammedEvents programmed) : IPmuDriver
{
    private int added;

    public bool StopsWhenDisabled => false;

    public void Init(HwEvent e, bool counting)
    {
    }

    /// <remarks>Occurrences meet the newest event first: it is put at the head of its list.</remarks>
    public PmuStatus Add(HwEvent e)
    {
        if (e.Sampling)
        {
            e.LastPeriod = e.SamplePeriod;
            SwCounter.SetPeriod(e);
        }

        e.Added = true;
        e.Order = -++added;
        programmed.Add(e);
        return PmuStatus.Ok;
    }

    public bool Del(HwEvent e)
    {
        programmed.Remove(e);
        e.Added = false;
        return true;
    }

    public void HandOver(HwEvent from, HwEvent to)
    {
    }

    /// <remarks><c>perf_swevent_start()</c> leaves the period to the next occurrence, which therefore overflows.</remarks>
    public void Reload(HwEvent e)
    {
    }

    public bool IgnoresFlags => false;

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

    public bool Fits(ReadOnlySpan<PmuEvent> group) => true;

    public bool HasRoomFor(ReadOnlySpan<PmuEvent> group) => true;

    public void Reset() => added = 0;
}
