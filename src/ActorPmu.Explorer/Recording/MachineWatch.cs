using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Sees what a step changed in a perf machine, in kernel words: every field of processors, tasks, contexts and events.</summary>
/// <remarks>For runs that are read, not for a search: it looks at the whole machine after each step.</remarks>
internal sealed class MachineWatch
{
    // What is said of a field that has no value: not worth a line when the object is new.
    private static readonly string[] Blank = ["NULL", "0", "-1", "[]", "false", "", "None", "(0, 0)"];

    // When something was done, and who has a number: nobody reads a change of these.
    private static readonly string[] Skipped = ["locked_at_step", "object_id", "id", "name", "shadow_ctx_time", "tstamp", "timestamp", "group_index"];

    // What the plain report has beside the state and the design's own fields.
    private static readonly string[] Told = ["count", "child_count", "cgrp", "parent_ctx"];

    private readonly Machine _machine;
    private readonly FieldReader _reader = new();
    private readonly Dictionary<object, Dictionary<string, FieldValue>> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PerfEvent, string?> _owners = new(ReferenceEqualityComparer.Instance);

    public MachineWatch(Machine machine)
    {
        _machine = machine;
        Changes();
    }

    /// <summary>What has changed since the last call: processors, tasks, contexts, events, each in order of number.</summary>
    public IReadOnlyList<StateChange> Changes()
    {
        List<StateChange> changes = [];
        foreach (Cpu cpu in _machine.Cpus)
        {
            Compare(cpu, $"cpu/{cpu.Index}", FieldsOf(cpu), changes);
        }

        foreach (TaskStruct task in _machine.Tasks)
        {
            Compare(task, task.Name, _reader.Read(task), changes);
        }

        foreach (PerfContext ctx in _machine.Contexts)
        {
            Compare(ctx, ctx.ToString(), _reader.Read(ctx), changes);
        }

        foreach (PerfEvent e in _machine.Events)
        {
            Compare(e, e.ToString(), _reader.Read(e), changes);
            CompareOwner(e, changes);
        }

        return changes;
    }

    private static List<FieldValue> FieldsOf(Cpu cpu) =>
    [
        new("current", cpu.Current?.Name ?? "idle", false),
        new("level", cpu.Running.Level.ToString(), false),
        new("irqs_disabled", cpu.IrqsDisabled ? "true" : "false", false),
        new("online", cpu.Online ? "true" : "false", false),
    ];

    private void Compare(object of, string name, List<FieldValue> now, List<StateChange> changes)
    {
        bool isNew = !_known.TryGetValue(of, out Dictionary<string, FieldValue>? before);
        Dictionary<string, FieldValue> after = new(now.Count, StringComparer.Ordinal);
        foreach (FieldValue field in now)
        {
            after.TryAdd(field.Name, field);
            if (Array.IndexOf(Skipped, field.Name) >= 0 && !field.OfDesign)
            {
                continue;
            }

            FieldValue? old = before is not null && before.TryGetValue(field.Name, out FieldValue there) ? there : null;
            bool matters = old is { } was ? was.Value != field.Value
                : field.OfDesign ? Array.IndexOf(Blank, field.Value) < 0
                : isNew && of is PerfEvent && field.Name == "state";
            if (matters)
            {
                changes.Add(ChangeOf(of, name, field, old?.Value ?? "") with { IsShared = of is PerfEvent or PerfContext });
            }
        }

        foreach ((string gone, FieldValue field) in (before ?? []).OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            if (!after.ContainsKey(gone) && Array.IndexOf(Blank, field.Value) < 0)
            {
                changes.Add(new StateChange($"{name}.{gone}", field.Value, "", IsDetail: false) { IsShared = of is PerfEvent or PerfContext });
            }
        }

        _known[of] = after;
    }

    private static StateChange ChangeOf(object of, string name, FieldValue field, string before)
    {
        string place = $"{name}.{field.Name}";
        bool told = field.OfDesign || (of is PerfEvent or PerfContext && Array.IndexOf(Told, field.Name) >= 0);
        return (of, field.Name) switch
        {
            (PerfEvent, "state") => new StateChange(place, before, field.Value, IsDetail: false)
            {
                Text = before.Length == 0 ? $"{name} is {field.Value}" : $"{name}: {before} → {field.Value}",
            },
            (Cpu, "current") => new StateChange(place, before, field.Value, IsDetail: false) { Text = $"{name}: {before} → {field.Value}" },
            _ => new StateChange(place, before, field.Value, !told),
        };
    }

    // Only what is not plain: an active event that another one counts for.
    private void CompareOwner(PerfEvent e, List<StateChange> changes)
    {
        string? before = _owners.GetValueOrDefault(e);
        string? now = e.State == EventState.Active && _machine.Design.CounterOwner(e) is { } owner && !ReferenceEquals(owner, e) ? owner.ToString() : null;
        if (now != before)
        {
            string text = now is null ? $"{e} does not count by {before}" : $"{e} counts by {now}";
            changes.Add(new StateChange($"{e}.owner", before ?? "", now ?? "", now is null) { Text = text, IsShared = true });
        }

        _owners[e] = now;
    }
}
