namespace ActorPmu.Kernel;

/// <summary>The events that counters count for at this moment, in the order of the interrupt handler.</summary>
internal sealed class ProgrammedEvents
{
    private readonly List<CounterUse> uses = [];
    private HwEvent[] events = new HwEvent[8];
    private int count;
    private bool usesAreCurrent = true;

    /// <summary>The programmed events.</summary>
    public ReadOnlySpan<HwEvent> All => events.AsSpan(0, count);

    /// <summary>How many of them sample.</summary>
    public int Sampling { get; private set; }

    /// <summary>Which counters they hold, by counter index. The same list at each call; good until the next change.</summary>
    public IReadOnlyList<CounterUse> Uses
    {
        get
        {
            if (!usesAreCurrent)
            {
                CollectUses();
                usesAreCurrent = true;
            }

            return uses;
        }
    }

    public void Add(HwEvent e)
    {
        if (count == events.Length)
        {
            Array.Resize(ref events, 2 * count);
        }

        var place = count++;
        for (; place > 0 && events[place - 1].Order > e.Order; place--)
        {
            events[place] = events[place - 1];
        }

        events[place] = e;
        e.Programmed = true;
        Sampling += e.Sampling ? 1 : 0;
        usesAreCurrent = false;
    }

    public void Remove(HwEvent e)
    {
        var place = Array.IndexOf(events, e, 0, count);
        Array.Copy(events, place + 1, events, place, --count - place);
        events[count] = null!;
        e.Programmed = false;
        Sampling -= e.Sampling ? 1 : 0;
        usesAreCurrent = false;
    }

    /// <summary>One event stands where another stood; neither samples.</summary>
    public void Replace(HwEvent old, HwEvent e)
    {
        events[Array.IndexOf(events, old, 0, count)] = e;
        old.Programmed = false;
        e.Programmed = true;
        usesAreCurrent = false;
    }

    public void Clear()
    {
        Array.Clear(events, 0, count);
        count = 0;
        Sampling = 0;
        usesAreCurrent = false;
    }

    private void CollectUses()
    {
        uses.Clear();
        CollectUses(onFixed: false);
        CollectUses(onFixed: true);
    }

    private void CollectUses(bool onFixed)
    {
        foreach (var e in All)
        {
            if (e.Counter < 0 || onFixed != (e.Counter >= FixedCounter.FirstIndex))
            {
                continue;
            }

            uses.Add(new CounterUse(e.Counter, e.Id));
            if (e.Paired)
            {
                uses.Add(new CounterUse(e.Counter + 1, e.Id));
            }
        }
    }
}
