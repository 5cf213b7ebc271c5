namespace ActorPmu.Scenarios.Conform;

/// <summary>Time enabled and running as the last read of an fd gave them, nanoseconds.</summary>
internal readonly record struct ReadTimes(long EnabledNs, long RunningNs);

/// <summary>The events that are open at this point of a run, as far as a comparison needs to know.</summary>
internal sealed class OpenedEvents
{
    private readonly List<Opened> events = [];

    /// <summary>The times of the last read of the event that a step reads; 0 when it was not read since its open.</summary>
    public ReadTimes LastRead(ConformStep step) => step is ReadStep read && Find(read.Ev) is { } ev ? ev.LastRead : default;

    /// <summary>Whether value <paramref name="index"/> of <paramref name="count"/> values of a read is of an event that sees kernel mode.</summary>
    public bool CountsKernelMode(ConformStep step, int count, int index)
    {
        if (step is not ReadStep read || Find(read.Ev) is not { } ev)
        {
            return false;
        }

        if (count == 1)
        {
            return ev.Call.CountsKernelMode;
        }

        List<Opened> group = events.FindAll(e => e.Leader == ev.Leader);
        return group.Count == count ? group[index].Call.CountsKernelMode : group.Exists(e => e.Call.CountsKernelMode);
    }

    /// <summary>Takes note of what a step did.</summary>
    public void Follow(ConformStep step, StepAnswer answer)
    {
        if (answer.Ret != "ok")
        {
            return;
        }

        switch (step)
        {
            case OpenStep open:
                events.RemoveAll(e => e.Ev == open.Ev);
                events.Add(new Opened(open.Ev, open.Call.Group is GroupRef.Named leader ? leader.Ev : open.Ev, open.Call));
                break;
            case CloseStep close:
                events.RemoveAll(e => e.Ev == close.Ev);
                break;
            case ReadStep read when Find(read.Ev) is { } ev && (answer.TimeEnabledNs ?? answer.TimeRunningNs) is not null:
                ev.LastRead = new ReadTimes(answer.TimeEnabledNs ?? 0, answer.TimeRunningNs ?? 0);
                break;
        }
    }

    private Opened? Find(string ev) => events.Find(e => e.Ev == ev);

    private sealed class Opened(string ev, string leader, OpenCall call)
    {
        public string Ev => ev;

        public string Leader => leader;

        public OpenCall Call => call;

        public ReadTimes LastRead { get; set; }
    }
}
