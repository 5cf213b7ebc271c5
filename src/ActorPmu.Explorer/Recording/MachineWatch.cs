using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Sees what a step changed in a perf machine, in kernel words.</summary>
internal sealed class MachineWatch
{
    private readonly Machine _machine;
    private readonly string?[] _running;
    private readonly SortedDictionary<int, (EventState State, string? Owner)> _events = [];

    public MachineWatch(Machine machine)
    {
        _machine = machine;
        _running = new string?[machine.Cpus.Count];
        Changes();
    }

    /// <summary>What has changed since the last call.</summary>
    public IReadOnlyList<string> Changes()
    {
        List<string> changes = [];
        for (int i = 0; i < _running.Length; i++)
        {
            string? now = _machine.Cpus[i].Current?.Name;
            if (now != _running[i])
            {
                changes.Add($"cpu/{i}: {_running[i] ?? "idle"} → {now ?? "idle"}");
                _running[i] = now;
            }
        }

        foreach (PerfEvent e in _machine.Events)
        {
            (EventState State, string? Owner) now = (e.State, OwnerOf(e));
            if (!_events.TryGetValue(e.Id.Value, out (EventState State, string? Owner) before))
            {
                changes.Add($"{e} is {now.State}");
            }
            else if (before.State != now.State)
            {
                changes.Add($"{e}: {before.State} → {now.State}");
            }

            if (now.Owner is not null && now.Owner != before.Owner)
            {
                changes.Add($"{e} counts by {now.Owner}");
            }

            _events[e.Id.Value] = now;
        }

        return changes;
    }

    // Only what is not plain: an active event that another one counts for.
    private string? OwnerOf(PerfEvent e) =>
        e.State == EventState.Active && _machine.Design.CounterOwner(e) is { } owner && !ReferenceEquals(owner, e) ? owner.ToString() : null;
}
