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

    public Bench(Func<IActorHost, Machine> build, MachineSpec spec, int nodes, int seed)
    {
        Placement placement = new(spec, nodes);
        _random = new Random(seed);
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new ClusterNode(n, placement, build, (ulong)seed))];
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

    public int TasksLeft => Nodes.Sum(n => n.TasksLeft);

    public IEnumerable<Violation> Violations => Nodes.SelectMany(n => n.Machine.Violations);

    /// <summary>Until nothing is under way.</summary>
    public void Run(int turnsMax = 1_000_000)
    {
        List<(int From, int To)> options = [];
        for (int turn = 0; turn < turnsMax; turn++)
        {
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

        throw new InvalidOperationException("the nodes do not come to an end");
    }

    // The first node learns all, and looks at what is left.
    private void Finish()
    {
        for (int n = 1; n < Nodes.Length; n++)
        {
            Nodes[0].Receive(Nodes[n].News(0));
        }

        Nodes[0].Machine.CheckEnd(TasksLeft == 0 ? RunEnd.Finished : RunEnd.Deadlock);
    }

    private void Put(int from, int to, byte[] batch)
    {
        Batches++;
        Bytes += batch.Length;
        _wires[from, to].Enqueue(batch);
    }
}
