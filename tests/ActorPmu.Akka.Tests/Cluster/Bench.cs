using ActorPmu.Actors;
using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Akka.Tests.Cluster;

/// <summary>Several nodes in one process and one thread, with bytes between them; a seed decides who goes on and what arrives.</summary>
internal sealed class Bench
{
    private readonly Queue<byte[]>[,] _wires;
    private readonly Random _random;
    private readonly bool[] _busy;
    private readonly Placement[] _placements;
    private readonly Func<IActorHost, int, Machine> _build;
    private readonly MachineSpec _spec;

    public Bench(Func<IActorHost, int, Machine> build, MachineSpec spec, int nodes, int seed, int hotplug = -1)
    {
        (_build, _spec) = (build, spec);
        _random = new Random(seed);
        _placements = [.. Enumerable.Range(0, nodes).Select(_ => new Placement(spec, nodes) { HotplugIndex = hotplug })];
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new ClusterNode(n, _placements[n], host => build(host, n), (ulong)seed))];
        Lost = new bool[nodes];
        _wires = new Queue<byte[]>[nodes, nodes];
        _busy = new bool[nodes];
        Array.Fill(_busy, true);
        for (int i = 0; i < nodes * nodes; i++)
        {
            _wires[i / nodes, i % nodes] = new Queue<byte[]>();
        }
    }

    public ClusterNode[] Nodes { get; }

    public int Batches { get; private set; }

    public long Bytes { get; private set; }

    public bool[] Lost { get; }

    /// <summary>Nodes that left in order, as they were when they went.</summary>
    public List<ClusterNode> Gone { get; } = [];

    /// <summary>Asked before each turn; for nodes that come and go.</summary>
    public Action<int>? Before { get; set; }

    /// <summary>Whether somebody is still to come or go.</summary>
    public bool Expects { get; set; }

    public IEnumerable<ClusterNode> Alive => Nodes.Where(n => !Lost[n.Node]);

    public int TasksLeft => Alive.Sum(n => n.TasksLeft);

    public IEnumerable<Violation> Violations => Alive.Concat(Gone).SelectMany(n => n.Machine.Violations);

    /// <summary>A node is lost, with some of what it said last; the others notice and go on.</summary>
    public void Lose(int lost, CpuHotplug hotplug)
    {
        Lost[lost] = true;
        _busy[lost] = false;
        foreach (ClusterNode node in Alive)
        {
            for (int heard = _random.Next(_wires[lost, node.Node].Count + 1); heard > 0; heard--)
            {
                node.Receive(_wires[lost, node.Node].Dequeue());
            }

            _wires[lost, node.Node].Clear();
            _wires[node.Node, lost].Clear();
            node.Flush((to, batch) => Put(node.Node, to, batch));
        }

        SayAll();
        int[] cpus = [.. _placements[0].CpusOf(lost)];
        int[] tasks = [.. Nodes[0].Machine.Tasks.Where(t => t.Index != Nodes[0].HotplugIndex && (_placements[0].NodeOfTask(t.Index) == lost || cpus.Contains(t.Cpu))).Select(t => t.Index)];
        List<ClusterNode.Holding> holdings = [.. Alive.SelectMany(n => n.Bury(lost))];
        Nodes[0].TakeOver(cpus, tasks, holdings);
        hotplug.AddLost(lost, cpus, tasks);
        Nodes[0].WakeHotplug();
        foreach (ClusterNode node in Alive)
        {
            node.AskAgain();
            _busy[node.Node] = true;
        }
    }

    /// <summary>A node whose processors are offline hands over and goes.</summary>
    /// <returns>False when one of its processors still has something to do.</returns>
    public bool Leave(int leaves)
    {
        SayAll();
        if (Nodes[leaves].Cede() is not { } ceded)
        {
            return false;
        }

        foreach (ClusterNode node in Alive)
        {
            node.Left(leaves, node.Node == 0 ? ceded : null);
        }

        (Lost[leaves], _busy[leaves]) = (true, false);
        Gone.Add(Nodes[leaves]);
        return true;
    }

    /// <summary>A node comes that knows nothing, in the place of one that has gone; its processors are offline.</summary>
    public bool Join(int joins, int[] cpus)
    {
        SayAll();
        if (Nodes[0].Cede(cpus) is not { } ceded)
        {
            return false;
        }

        foreach (ClusterNode node in Alive)
        {
            node.Joined(joins, cpus);
        }

        Placement known = _placements[0];
        _placements[joins] = new Placement(_spec, Nodes.Length, known.NodeOfCpu, known.NodeOfTasks) { HotplugIndex = known.HotplugIndex };
        Nodes[joins] = new ClusterNode(joins, _placements[joins], host => _build(host, joins), 7);
        Nodes[joins].Begin(Nodes[0].Everything(joins), ceded);
        (Lost[joins], _busy[joins]) = (false, true);
        return true;
    }

    // All that is under way between nodes arrives, and each tells the others all that it knows.
    private void SayAll()
    {
        foreach (ClusterNode node in Alive)
        {
            node.Flush((to, batch) => Put(node.Node, to, batch));
            _busy[node.Node] = true;
        }

        foreach (ClusterNode from in Alive)
        {
            foreach (ClusterNode to in Alive.Where(n => n != from))
            {
                Put(from.Node, to.Node, from.News(to.Node));
            }
        }

        foreach (ClusterNode from in Alive)
        {
            foreach (ClusterNode to in Alive)
            {
                while (_wires[from.Node, to.Node].TryDequeue(out byte[]? batch))
                {
                    to.Receive(batch);
                }
            }
        }
    }

    /// <summary>Until nothing is under way.</summary>
    public void Run(int turnsMax = 1_000_000, int loseAt = -1, int lose = -1, CpuHotplug? hotplug = null)
    {
        List<(int From, int To)> options = [];
        for (int turn = 0; turn < turnsMax; turn++)
        {
            if (turn == loseAt)
            {
                Lose(lose, hotplug!);
            }

            Before?.Invoke(turn);
            options.Clear();
            for (int from = 0; from < Nodes.Length; from++)
            {
                if (_busy[from])
                {
                    options.Add((from, from));
                }

                for (int to = 0; to < Nodes.Length; to++)
                {
                    if (_wires[from, to].Count > 0)
                    {
                        options.Add((from, to));
                    }
                }
            }

            if (options.Count == 0 && Expects)
            {
                continue;
            }

            if (options.Count == 0)
            {
                Finish();
                return;
            }

            (int a, int b) = options[_random.Next(options.Count)];
            if (a == b)
            {
                _busy[a] = Nodes[a].Run(_random.Next(1, 8));
                Nodes[a].Flush((to, batch) => Put(a, to, batch));
            }
            else
            {
                Nodes[b].Receive(_wires[a, b].Dequeue());
                _busy[b] = true;
            }
        }

        throw new InvalidOperationException(
            "the nodes do not come to an end: " + string.Join(
                "\n", Alive.Select(n => $"node {n.Node}: {string.Join(", ", n.Machine.Tasks.Where(t => !n.Has(n.Machine.Cpus[t.Cpu].Id)).Select(t => $"{t.Name} {t.State} cpu {t.Cpu}"))}\n  {string.Join("\n  ", n.Machine.Cpus.SelectMany(c => c.StackTrace().Prepend($"cpu {c.Index} online {c.Online} active {c.Active} current {c.Current?.Name}")))}")));
    }

    // The first node learns all, and looks at what is left.
    private void Finish()
    {
        foreach (ClusterNode node in Alive.Skip(1))
        {
            Nodes[0].Receive(node.News(0));
        }

        foreach (LastRead read in Alive.Skip(1).SelectMany(n => n.Reads.ToArray()))
        {
            Nodes[0].Remember(read);
        }

        Nodes[0].Machine.CheckEnd(TasksLeft == 0 ? RunEnd.Finished : RunEnd.Deadlock);
    }

    private void Put(int from, int to, byte[] batch)
    {
        if (Lost[to])
        {
            return;
        }

        Batches++;
        Bytes += batch.Length;
        _wires[from, to].Enqueue(batch);
    }
}
