using System.Reflection;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>One node's copy of a machine: what changed here goes to others with the next message, what they changed comes with theirs.</summary>
/// <remarks>
/// A message brings all that its sender knows and its receiver may not: its own changes, and those of others that it has heard of. Whoever
/// is granted a lock therefore sees what every earlier holder did, and a published field is never older than the last message that
/// could have told of it. What a lock protects that is held here stays here until it is released.
/// </remarks>
internal sealed class Replica : Distribution
{
    private readonly Machine _machine;
    private readonly DesignObjects _objects;
    private readonly Entities _entities;
    private readonly GraphCodec _codec;
    private readonly ReplicatedTypes _types;
    private readonly int[] _nodeOfCpu;
    private readonly Dictionary<(ReplicaKind, int), Tracked> _tracked = [];
    private readonly List<Tracked> _active = [];
    private readonly List<Tracked> _unborn = [];
    private readonly Part[] _first;
    private readonly Part[] _last;
    private readonly long[] _knows;
    private readonly long[][] _known;
    private readonly WireWriter _scratch = new();
    private readonly HashSet<ActorId> _held = [];

    // Contexts whose lock was granted here since all was captured.
    private readonly HashSet<ActorId> _mayHaveChanged = [];
    private readonly List<Part> _sending = [];
    private long _clock;
    private bool _applying;

    // Whose fields are compared now.
    private Tracked? _looking;

    public Replica(Machine machine, int node, int nodes, int[] nodeOfCpu)
        : base(node, nodes)
    {
        _machine = machine;
        _nodeOfCpu = nodeOfCpu;
        _objects = new DesignObjects(machine.Design, node, nodes) { Met = MeetAgain };
        _entities = new Entities(machine, _objects);
        _codec = new GraphCodec(_entities);
        _types = new ReplicatedTypes(_codec);
        _first = [.. Enumerable.Range(0, nodes).Select(_ => new Part())];
        _last = [.. _first];
        _knows = new long[nodes];
        _known = [.. Enumerable.Range(0, nodes).Select(_ => new long[nodes])];
        Track();
        machine.Distribution = this;
    }

    public GraphCodec Codec => _codec;

    public override bool AreTogether(int cpu, int other) => _nodeOfCpu[cpu] == _nodeOfCpu[other];

    public override void EventMade(PerfEvent e)
    {
        if (!_applying)
        {
            Tracked made = Add(ReplicaKind.Event, e.Id.Value, e, _types);
            Tracked truth = Add(ReplicaKind.Truth, e.Id.Value, e.Truth, _types);
            (made.IsFresh, truth.IsFresh, truth.Guard) = (true, true, e);
            _unborn.Add(made);
        }
    }

    public override void ContextMade(PerfContext ctx)
    {
        _entities.Add(ctx);
        if (!_applying)
        {
            Tracked made = Add(ReplicaKind.Context, ctx.Id.Index, ctx, _types);
            made.IsFresh = true;
            _unborn.Add(made);
        }
    }

    /// <summary>Takes note of what changed here and is not under a lock that is held here.</summary>
    public void Capture()
    {
        CaptureBirths();
        CollectHeld();
        int kept = 0;
        for (int i = 0; i < _active.Count; i++)
        {
            Tracked t = _active[i];
            CaptureCounters(t);
            if (!IsGuarded(t))
            {
                CaptureFields(t);
                if (t.Target is PerfEvent { Freed: true } || t.Guard is PerfEvent { Freed: true })
                {
                    // Nobody changes what is freed; a bug of a design that does stays on its node. What others of the design hold they will meet again.
                    t.IsActive = false;
                    continue;
                }
            }

            _active[kept++] = t;
        }

        _active.RemoveRange(kept, _active.Count - kept);
        _mayHaveChanged.IntersectWith(_held);
    }

    /// <summary>A lock is granted here: takes note of what its last holder left behind, which is nobody's to tell while it is held.</summary>
    /// <param name="cpu">The processor whose path gets it.</param>
    /// <param name="granted">The lock's context.</param>
    public void BeforeHold(int cpu, ActorId granted)
    {
        ActorId[] soon = [granted, _machine.CpuContext(cpu, 0).Id, _machine.CpuContext(cpu, 1).Id];
        if (_mayHaveChanged.Overlaps(soon))
        {
            CollectHeld();
            HashSet<ActorId> left = [.. soon.Where(s => _mayHaveChanged.Contains(s) && !_held.Contains(s))];
            CaptureBirths();
            for (int i = 0; i < _active.Count; i++)
            {
                if (GuardOf(_active[i]) is { } guard && left.Contains(guard))
                {
                    CaptureFields(_active[i]);
                }
            }
        }

        _mayHaveChanged.UnionWith(soon);
    }

    /// <summary>Writes what a node may not know yet; from now on it does.</summary>
    public void WriteNews(WireWriter w, int node)
    {
        _knows[Node] = _clock;
        w.Long(_clock);
        long[] known = _known[node];
        for (int origin = 0; origin < Nodes; origin++)
        {
            w.Long(_knows[origin]);
            _sending.Clear();
            for (Part p = _last[origin]; p != _first[origin] && p.Stamp > known[origin]; p = p.Before!)
            {
                _sending.Add(p);
            }

            w.Long(_sending.Count);
            for (int i = _sending.Count - 1; i >= 0; i--)
            {
                Part p = _sending[i];
                w.Byte((byte)p.Of.Kind);
                w.Long(p.Of.Id);
                w.Long(p.Index);
                w.Long(p.Stamp);
                w.Bytes(p.Bytes);
            }

            known[origin] = _knows[origin];
        }
    }

    /// <summary>Reads news and takes over what is newer than what is known here.</summary>
    /// <exception cref="WireException">That is no news.</exception>
    public void ReadNews(WireReader r, int node)
    {
        _applying = true;
        _clock = Math.Max(_clock, r.Long());
        List<(int Origin, ReplicaKind Kind, int Id, int Index, long Stamp, ReadOnlyMemory<byte> Bytes)> news = [];
        long[] knows = [.. _knows];
        for (int origin = 0; origin < Nodes; origin++)
        {
            long until = r.Long();
            _known[node][origin] = Math.Max(_known[node][origin], until);
            for (int left = r.Count(); left > 0; left--)
            {
                (ReplicaKind kind, int id, int index, long stamp) = ((ReplicaKind)r.Byte(), r.Int(), r.Int(), r.Long());
                ReadOnlyMemory<byte> bytes = r.Bytes();
                if (stamp > knows[origin])
                {
                    news.Add((origin, kind, id, index, stamp, bytes));
                }
            }

            _knows[origin] = Math.Max(_knows[origin], until);
        }

        // What is new first: any field may refer to it.
        List<(int Id, WireReader Contents)> made = [];
        foreach ((_, ReplicaKind kind, int id, int index, _, ReadOnlyMemory<byte> bytes) in news)
        {
            if (index == Part.BirthIndex && kind == ReplicaKind.Design && _objects.Find(id) is null)
            {
                WireReader contents = new(bytes);
                _objects.Add(id, _codec.ReadBirth(contents));
                made.Add((id, contents));
            }
            else if (index == Part.BirthIndex && kind != ReplicaKind.Design && !_tracked.ContainsKey((kind, id)))
            {
                ReadBirth(kind, id, new WireReader(bytes));
            }
        }

        foreach ((int id, WireReader contents) in made)
        {
            _codec.ReadContents(contents, _objects.Find(id)!);
            contents.End();
        }

        foreach ((int id, _) in made)
        {
            Add(ReplicaKind.Design, id, _objects.Find(id)!, _types);
        }

        foreach ((int origin, ReplicaKind kind, int id, int index, long stamp, ReadOnlyMemory<byte> bytes) in news)
        {
            Part part = Find(kind, id, index);
            if (IsToBeTaken(part, origin, stamp, bytes))
            {
                Apply(part, bytes);
                Put(part, origin, stamp, bytes.ToArray());
            }
        }

        _applying = false;
    }

    /// <summary>What an event's counter had is gone: so it is known here, and it is another node's to tell.</summary>
    public void Lose(PerfEvent e, long occurrences)
    {
        Tracked truth = _tracked[(ReplicaKind.Truth, e.Id.Value)];
        e.Truth.Lose(occurrences);
        for (int i = 0; i < truth.Plans.Length; i++)
        {
            truth.Plans[i].Changed(truth.Target, ref truth.LastSeen[i]);
        }
    }

    /// <summary>A node knows nothing: the next news to it are all that is known here.</summary>
    public void ForgetWhatKnows(int node) => Array.Clear(_known[node]);

    /// <summary>All nodes know what is known here.</summary>
    public void AllKnow()
    {
        foreach (long[] known in _known)
        {
            _knows.CopyTo(known, 0);
        }
    }

    /// <summary>A processor has come to this node: what changes on it alone is looked at here from now on.</summary>
    public void Adopt(int cpu)
    {
        foreach (((ReplicaKind kind, int id), Tracked t) in _tracked)
        {
            if ((kind == ReplicaKind.Shadow && id / 4 == cpu) || (kind == ReplicaKind.CgroupClock && id % 64 == cpu))
            {
                _active.Add(t);
            }
        }
    }

    private void Track()
    {
        foreach (PerfContext c in _machine.Contexts)
        {
            Add(ReplicaKind.Context, c.Id.Index, c, _types);
        }

        foreach (TaskStruct t in _machine.Tasks)
        {
            Add(ReplicaKind.Task, t.Index, t, _types);
            Add(ReplicaKind.Files, t.Index, t.Files, _types);
        }

        foreach (Cpu cpu in _machine.Cpus)
        {
            Add(ReplicaKind.Cpu, cpu.Index, cpu, _types);
            for (int i = 0; i < cpu.Pmus.Count; i++)
            {
                if (cpu.Pmus[i] is { } pmu)
                {
                    Add(ReplicaKind.Shadow, pmu.Id.Index, pmu.Hardware.Shadow, _types);
                }
            }
        }

        for (int i = 0; i < _machine.Cgroups.Count; i++)
        {
            Cgroup c = _machine.Cgroups[i];
            Add(ReplicaKind.Cgroup, i, c, _types);
            for (int cpu = 0; cpu < _machine.Cpus.Count; cpu++)
            {
                Add(ReplicaKind.CgroupClock, (i * 64) + cpu, c.Clock(cpu), _types);
            }
        }
    }

    private Tracked Add(ReplicaKind kind, int id, object target, ReplicatedTypes types)
    {
        Tracked t = new(kind, id, target, types.PlansOf(target.GetType()), ReplicatedTypes.CountersOf(target.GetType()), Nodes);
        _tracked.Add((kind, id), t);
        if (IsLocal(kind, id))
        {
            t.IsActive = true;
            _active.Add(t);
        }

        return t;
    }

    private void CaptureBirths()
    {
        foreach (Tracked t in _unborn)
        {
            _scratch.Clear();
            WriteBirth(t);
            Put(t.Birth!, Node, ++_clock, _scratch.ToArray());
        }

        _unborn.Clear();
    }

    private void CollectHeld()
    {
        _held.Clear();
        List<ActorId> here = [];
        foreach (Cpu cpu in _machine.Cpus)
        {
            if (_nodeOfCpu[cpu.Index] != Node)
            {
                continue;
            }

            here.Clear();
            cpu.CollectHeld(here);
            if (here.Count > 0)
            {
                // The processor's own context changes with its task's, under the lock of either.
                here.Add(_machine.CpuContext(cpu.Index, 0).Id);
                here.Add(_machine.CpuContext(cpu.Index, 1).Id);
                _held.UnionWith(here);
            }
        }
    }

    private bool IsGuarded(Tracked t) => _held.Count > 0 && GuardOf(t) is { } guard && _held.Contains(guard);

    // The context whose lock protects it. What is freed has left its context before, under the lock.
    private static ActorId? GuardOf(Tracked t) => t switch
    {
        { Target: PerfEvent { Freed: true } } or { Guard: PerfEvent { Freed: true } } => null,
        { Target: PerfContext ctx } => ctx.Id,
        { Target: PerfEvent { Ctx: { } ctx } } => ctx.Id,
        { Guard: PerfEvent { Ctx: { } ctx } } => ctx.Id,
        { Guard: PerfContext ctx } => ctx.Id,
        _ => null,
    };

    private void CaptureFields(Tracked t)
    {
        _looking = t;
        for (int i = 0; i < t.Plans.Length; i++)
        {
            if (t.Plans[i].Changed(t.Target, ref t.LastSeen[i]) || t.IsFresh)
            {
                TrackFound();
                _scratch.Clear();
                t.Plans[i].Write(_scratch, t.Target);
                Put(t.Parts[i] ??= new Part { Of = t, Index = i }, Node, ++_clock, _scratch.ToArray());
            }
        }

        t.IsFresh = false;
        _looking = null;
    }

    // What a design's data turned out to hold: from now on it is looked at by itself.
    private void TrackFound()
    {
        while (_objects.TakeFound() is { Length: > 0 } found)
        {
            foreach ((int number, object value) in found)
            {
                WireWriter birth = new();
                _codec.WriteBirth(birth, value);
                Tracked made = Add(ReplicaKind.Design, number, value, _types);
                made.GuardBy(_looking);
                made.Birth = new Part { Of = made, Index = Part.BirthIndex };
                Put(made.Birth, Node, ++_clock, birth.ToArray());
            }
        }
    }

    // Who holds a design's object says which lock protects it.
    private void MeetAgain(int number)
    {
        if (_looking is not null && _tracked.TryGetValue((ReplicaKind.Design, number), out Tracked? t) && !ReferenceEquals(t, _looking))
        {
            t.GuardBy(_looking);
            if (!t.IsActive)
            {
                t.IsActive = true;
                _active.Add(t);
            }
        }
    }

    // Of what changes on one processor alone only that of the processors here is looked at.
    private bool IsLocal(ReplicaKind kind, int id) => kind switch
    {
        ReplicaKind.Shadow => _nodeOfCpu[id / 4] == Node,
        ReplicaKind.CgroupClock => _nodeOfCpu[id % 64] == Node,
        _ => true,
    };

    private void CaptureCounters(Tracked t)
    {
        for (int c = 0; c < t.Counters.Length; c++)
        {
            int now = (int)t.Counters[c].Get(t.Target);
            if (now != t.CounterSeen[c])
            {
                t.Shares[c][Node] += now - t.CounterSeen[c];
                t.CounterSeen[c] = now;
                _scratch.Clear();
                _scratch.Long(t.Shares[c][Node]);
                Put(CounterPart(t, c, Node), Node, ++_clock, _scratch.ToArray());
            }
        }
    }

    private Part CounterPart(Tracked t, int counter, int node)
    {
        int index = t.Plans.Length + (counter * Nodes) + node;
        return t.Parts[index] ??= new Part { Of = t, Index = index };
    }

    private Part Find(ReplicaKind kind, int id, int index)
    {
        if (!_tracked.TryGetValue((kind, id), out Tracked? t))
        {
            throw new WireException($"there is no {kind} {id} here");
        }

        if (index == Part.BirthIndex)
        {
            return t.Birth ??= new Part { Of = t, Index = index };
        }

        return index >= 0 && index < t.Parts.Length
            ? t.Parts[index] ??= new Part { Of = t, Index = index }
            : throw new WireException($"{kind} has no field {index}");
    }

    // The newest value counts. But a place for a design's data is filled once: where two nodes did so at the same time, the first counts.
    private static bool IsToBeTaken(Part part, int origin, long stamp, ReadOnlyMemory<byte> bytes)
    {
        bool isNewer = stamp > part.Stamp || (stamp == part.Stamp && origin > part.Origin);
        return part.IsOfDesign && GraphCodec.IsDesignObject(part.Bytes) && GraphCodec.IsDesignObject(bytes.Span) && !part.Bytes.AsSpan().SequenceEqual(bytes.Span)
            ? !isNewer
            : isNewer;
    }

    private void Apply(Part part, ReadOnlyMemory<byte> bytes)
    {
        Tracked t = part.Of;
        WireReader r = new(bytes);
        if (part.Index == Part.BirthIndex)
        {
            return;
        }

        if (part.Index < t.Plans.Length)
        {
            t.Plans[part.Index].Read(r, t.Target, ref t.LastSeen[part.Index]);
            r.End();
            return;
        }

        (int counter, int node) = Math.DivRem(part.Index - t.Plans.Length, Nodes);
        int share = r.Int();
        int delta = share - t.Shares[counter][node];
        t.Shares[counter][node] = share;
        t.CounterSeen[counter] += delta;
        t.Counters[counter].Set(t.Target, t.Counters[counter].Get(t.Target) + delta);
    }

    private void Put(Part part, int origin, long stamp, byte[] bytes)
    {
        part.Unlink(_last);
        (part.Origin, part.Stamp, part.Bytes) = (origin, stamp, bytes);

        // By stamp: what others made may come by several ways.
        Part after = _last[origin];
        while (after != _first[origin] && after.Stamp > stamp)
        {
            after = after.Before!;
        }

        part.LinkAfter(after, _last);
    }

    private void WriteBirth(Tracked t)
    {
        if (t.Target is PerfEvent e)
        {
            _scratch.Text(e.Name);
            _codec.Write(_scratch, e.Attr, typeof(PerfEventAttr));
            _entities.Write(_scratch, e.Pmu);
            _scratch.Long(e.Cpu);
        }
        else
        {
            _scratch.Long(((PerfContext)t.Target).Kind);
        }

        t.Birth ??= new Part { Of = t, Index = Part.BirthIndex };
    }

    private void ReadBirth(ReplicaKind kind, int id, WireReader r)
    {
        switch (kind)
        {
            case ReplicaKind.Context:
                PerfContext ctx = _machine.AdoptContext(new ActorId(ActorKind.Context, id), r.Int());
                Add(kind, id, ctx, _types);
                break;
            case ReplicaKind.Event:
                string name = r.Text();
                PerfEventAttr attr = (PerfEventAttr?)_codec.Read(r, typeof(PerfEventAttr), null) ?? throw new WireException("an event without attributes");
                PmuType pmu = (PmuType?)_entities.Read(r, typeof(PmuType)) ?? throw new WireException("an event without a PMU");
                // Its other fields may never come: they are under a lock, and their node is lost.
                PerfEvent e = new(new EventId(id), name, attr, pmu, r.Int()) { ObjectId = id };
                _machine.AddEvent(e);
                Add(ReplicaKind.Truth, id, e.Truth, _types).Guard = e;
                Add(kind, id, e, _types);
                break;
            default:
                throw new WireException($"no {kind} is ever made");
        }
    }

    /// <summary>One object.</summary>
    private sealed class Tracked
    {
        public Tracked(ReplicaKind kind, int id, object target, FieldPlan[] plans, PropertyInfo[] counters, int nodes)
        {
            (Kind, Id, Target, Plans) = (kind, id, target, plans);
            LastSeen = [.. plans.Select(p => p.NewLast(target))];
            Counters = [.. counters.Select(c => new Counter(c))];
            CounterSeen = [.. Counters.Select(c => c.Get(target))];
            Shares = [.. counters.Select(_ => new int[nodes])];
            Parts = new Part?[plans.Length + (counters.Length * nodes)];
        }

        public ReplicaKind Kind { get; }

        public int Id { get; }

        public object Target { get; }

        /// <summary>The event or context that it belongs to, if it is neither itself.</summary>
        public object? Guard { get; set; }

        /// <summary>Whether it is looked at.</summary>
        public bool IsActive { get; set; }

        public FieldPlan[] Plans { get; }

        public object[] LastSeen { get; }

        public Counter[] Counters { get; }

        public int[] CounterSeen { get; }

        public int[][] Shares { get; }

        public Part?[] Parts { get; }

        public Part? Birth { get; set; }

        /// <summary>It belongs to what belongs to something, or is it.</summary>
        public void GuardBy(Tracked? owner)
        {
            if (owner is not null)
            {
                Guard = owner.Target is PerfEvent or PerfContext ? owner.Target : owner.Guard;
            }
        }

        /// <summary>Made here, and not yet told of: what differs from a new object has not been looked for.</summary>
        public bool IsFresh { get; set; }
    }

    private sealed class Counter(PropertyInfo property)
    {
        public int Get(object target) => (int)property.GetValue(target)!;

        public void Set(object target, int value) => property.SetValue(target, value);
    }

    /// <summary>The newest known value of one field, and who made it when.</summary>
    private sealed class Part
    {
        public const int BirthIndex = -1;

        /// <summary>It is where an event or a context keeps what a design has of it.</summary>
        public bool IsOfDesign => Index >= 0 && Index < Of.Plans.Length && Of.Target is (PerfEvent or PerfContext) && Of.Plans[Index].TakesAnything;

        public Tracked Of = null!;
        public int Index;
        public int Origin = -1;
        public long Stamp;
        public byte[] Bytes = [];
        public Part? Before;
        private Part? _after;

        public void Unlink(Part[] last)
        {
            if (Before is null)
            {
                return;
            }

            Before._after = _after;
            if (_after is null)
            {
                last[Origin] = Before;
            }
            else
            {
                _after.Before = Before;
            }

            (Before, _after) = (null, null);
        }

        public void LinkAfter(Part before, Part[] last)
        {
            _after = before._after;
            Before = before;
            before._after = this;
            if (_after is null)
            {
                last[Origin] = this;
            }
            else
            {
                _after.Before = this;
            }
        }
    }
}
