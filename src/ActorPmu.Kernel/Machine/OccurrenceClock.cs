namespace ActorPmu.Kernel;

/// <summary>The hardware events that a recorded run asks for, numbered. What a context's clock is to time, it is to occurrences.</summary>
internal sealed class CountedSelectors
{
    private readonly List<(int Pmu, HwSelector Selector)> _all = [];

    public int Count => _all.Count;

    /// <summary>The number of an event's selector; −1 for software.</summary>
    public int IndexOf(PmuType pmu, HwSelector selector)
    {
        if (pmu.IsSoftware)
        {
            return -1;
        }

        int index = _all.IndexOf((pmu.Index, selector));
        if (index < 0)
        {
            index = _all.Count;
            _all.Add((pmu.Index, selector));
        }

        return index;
    }

    /// <summary>What happened on a processor since the start.</summary>
    public long Total(Cpu cpu, int index)
    {
        (int pmu, HwSelector selector) = _all[index];
        return cpu.Pmus[pmu]?.Hardware.ShadowTotal(selector) ?? 0;
    }
}

/// <summary>Occurrences seen while a context, or a cgroup on a processor, was scheduled in: kept wherever the kernel keeps its time.</summary>
/// <remarks>An event's share of it, over the time that it was enabled, is what a perfect counter would have counted.</remarks>
internal sealed class OccurrenceClock
{
    private long[] _seen = [];
    private long[] _stamps = [];

    public long Seen(int index) => index >= 0 && index < _seen.Length ? _seen[index] : 0;

    /// <summary>Begins to look at a processor (<c>timestamp = now</c>).</summary>
    public void Restart(CountedSelectors selectors, Cpu cpu)
    {
        Grow(selectors, cpu);
        for (int i = 0; i < _stamps.Length; i++)
        {
            _stamps[i] = selectors.Total(cpu, i);
        }
    }

    /// <summary>Brings it up to now (<c>time += now - timestamp</c>).</summary>
    public void Advance(CountedSelectors selectors, Cpu cpu)
    {
        Grow(selectors, cpu);
        for (int i = 0; i < _stamps.Length; i++)
        {
            long now = selectors.Total(cpu, i);
            _seen[i] += now - _stamps[i];
            _stamps[i] = now;
        }
    }

    // An event asked for while the clock runs is seen from its first look on: its install brings the clock up to date.
    private void Grow(CountedSelectors selectors, Cpu cpu)
    {
        int old = _stamps.Length;
        if (old == selectors.Count)
        {
            return;
        }

        Array.Resize(ref _seen, selectors.Count);
        Array.Resize(ref _stamps, selectors.Count);
        for (int i = old; i < _stamps.Length; i++)
        {
            _stamps[i] = selectors.Total(cpu, i);
        }
    }
}
