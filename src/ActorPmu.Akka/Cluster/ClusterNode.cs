using ActorPmu.Actors;
using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>One node's part of a machine: the actors that live here run in a world of their own; what they say to others goes out in batches.</summary>
/// <remarks>One thread at a time. A step here is atomic for those on this node, as in any world; nodes run at the same time.</remarks>
internal sealed partial class ClusterNode : IElsewhere
{
    private const byte Version = 2;
    private readonly Placement _placement;
    private readonly Replica _replica;
    private readonly RandomChooser _chooser;
    private readonly List<Outgoing>[] _out;
    private readonly WireWriter _writer = new();
    private readonly GrantWatch _grants;
    private readonly HashSet<int> _buried = [];
    private readonly List<LastRead> _reads = [];
    private readonly Action<Machine, TaskStruct, TaskOp, OpResult>? _judge;
    private readonly bool _started;
    private long _sentBefore;

    public ClusterNode(int node, Placement placement, Func<IActorHost, Machine> build, ulong seed)
    {
        Node = node;
        _placement = placement;
        _chooser = new RandomChooser(seed + (ulong)node);
        HotplugIndex = placement.HotplugIndex;
        _out = [.. Enumerable.Range(0, placement.Nodes).Select(_ => new List<Outgoing>())];
        World = new World { Elsewhere = this };
        Machine = build(World);
        Machine.HaltOnViolation = false;
        World.Finished = null;
        _judge = Machine.AfterOperation;
        Machine.AfterOperation = (_, task, _, _) => Operations += task.Index == HotplugIndex ? 0 : 1;
        Machine.Returned = Judge;
        _replica = new Replica(Machine, node, placement.Nodes, placement.NodeOfCpu);
        _grants = new GrantWatch(_replica);
        _started = true;
    }

    public int Node { get; }

    public World World { get; }

    public Machine Machine { get; }

    /// <summary>Messages that went to other nodes, and that came from them, since the start or since a node came or went.</summary>
    public long Sent { get; private set; }

    /// <inheritdoc cref="Sent"/>
    public long Received { get; private set; }

    /// <summary>Messages that went to other nodes since the start.</summary>
    public long SentInAll => _sentBefore + Sent;

    /// <summary>Operations of the scenario's tasks that ended on processors here.</summary>
    public long Operations { get; private set; }

    /// <summary>What each descriptor was at its last read, for the tasks whose programs are here.</summary>
    public IReadOnlyList<LastRead> Reads => _reads;

    public bool HasMail => Array.Exists(_out, o => o.Count > 0);

    /// <summary>Tasks on the processors here that have something left to do.</summary>
    public int TasksLeft
    {
        get
        {
            int left = 0;
            foreach (TaskStruct task in Machine.Tasks)
            {
                left += _placement.NodeOfCpu[task.Cpu] == Node && task.Index != HotplugIndex && task.State is TaskState.Runnable or TaskState.Sleeping ? 1 : 0;
            }

            return left;
        }
    }

    /// <inheritdoc/>
    public bool Has(ActorId id) => _placement.NodeOf(id) != Node;

    /// <inheritdoc/>
    public void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message)
    {
        // What a scenario injects into the processors of others, they inject themselves.
        if (_started)
        {
            NoteRequest(from, to, lane, acceptClass, message);
            _out[_placement.NodeOf(to)].Add(new Outgoing(from, to, lane, acceptClass, message));
        }
    }

    /// <summary>Takes what another node read last for what was read here.</summary>
    public void Remember(LastRead read)
    {
        ReadRecord record = new(8, [new ReadEntry(new EventId(0), read.Fd, read.Value)], 0, 0);
        _judge?.Invoke(Machine, Machine.Tasks[read.Task], new ReadOp(read.Fd), new OpResult(Errno.Ok) { Read = record });
        _reads.RemoveAll(r => r.Task == read.Task && r.Fd == read.Fd);
        _reads.Add(read);
    }

    /// <summary>Delivers what can be delivered here.</summary>
    /// <param name="stepsMax">At most so many steps.</param>
    /// <returns>Whether there may be more to do at once.</returns>
    public bool Run(long stepsMax) => World.Run(_chooser, World.Steps + stepsMax, _grants) == RunEnd.StepBound;

    /// <summary>Hands over what is to go to other nodes.</summary>
    public void Flush(Action<int, byte[]> send)
    {
        if (!HasMail)
        {
            return;
        }

        _replica.Capture();
        for (int node = 0; node < _out.Length; node++)
        {
            if (_out[node].Count > 0)
            {
                send(node, Batch(node));
            }
        }
    }

    /// <summary>Tells a node all that is known here, with no message.</summary>
    public byte[] News(int node)
    {
        _replica.Capture();
        return Batch(node);
    }

    /// <summary>Takes a batch in; its messages wait for <see cref="Run"/>.</summary>
    /// <exception cref="WireException">It is no batch of this version.</exception>
    public void Receive(ReadOnlyMemory<byte> batch)
    {
        try
        {
            Read(batch);
        }
        catch (Exception e) when (e is not WireException)
        {
            // Whatever bytes from outside lead to, it is they that are wrong.
            throw new WireException($"a batch makes no sense: {e.Message}");
        }
    }

    // Where the program is and not where the processor is: the step that a result belongs to is known there, wherever its task has been.
    private void Judge(TaskStruct task, TaskOp op, OpResult result)
    {
        if (task.Index == HotplugIndex)
        {
            return;
        }

        _judge?.Invoke(Machine, task, op, result);
        if (op is ReadOp && result.Read is { Bytes: > 0 } read)
        {
            foreach (ReadEntry entry in read.Entries)
            {
                _reads.RemoveAll(r => r.Task == task.Index && r.Fd == entry.Name);
                _reads.Add(new LastRead(task.Index, entry.Name, entry.Value));
            }
        }
    }

    private void ForgetTraffic()
    {
        _sentBefore += Sent;
        (Sent, Received) = (0, 0);
    }

    private void Read(ReadOnlyMemory<byte> batch)
    {
        WireReader r = new(batch);
        byte version = r.Byte();
        if (version != Version)
        {
            throw new WireException($"this is version {version} of the node protocol; version {Version} is spoken here");
        }

        int from = r.Int();
        if (from < 0 || from >= _placement.Nodes || from == Node)
        {
            throw new WireException($"there is no node {from} that could say that");
        }

        if (_buried.Contains(from))
        {
            // It was taken for lost and is not gone yet: nobody else would hear this.
            return;
        }

        _replica.ReadNews(r, from);
        for (int left = r.Count(); left > 0; left--)
        {
            (ActorId sender, ActorId to, Lane lane, byte accept, Message message) = ReadOutgoing(r);
            if (Has(to) || (World.Find(to) is null && to is not { Kind: ActorKind.Mutex, Index: >= Placement.ChildMutexes }))
            {
                throw new WireException($"{message} for {to} cannot be delivered here");
            }

            if (World.Find(to) is null)
            {
                World.Spawn(new MutexActor(to));
            }

            Received++;
            if (message is Answer answer && to.Kind == ActorKind.Cpu)
            {
                _asked.Remove((to.Index, answer.Path));
            }

            World.Send(sender, to, lane, accept, message);
        }

        r.End();
    }

    private byte[] Batch(int node)
    {
        _writer.Clear();
        _writer.Byte(Version);
        _writer.Long(Node);
        _replica.WriteNews(_writer, node);
        List<Outgoing> mail = _out[node];
        _writer.Long(mail.Count);
        foreach (Outgoing o in mail)
        {
            WriteOutgoing(_writer, o);
        }

        Sent += mail.Count;
        mail.Clear();
        return _writer.ToArray();
    }

    private void WriteOutgoing(WireWriter w, in Outgoing o)
    {
        WriteId(w, o.From);
        WriteId(w, o.To);
        w.Byte((byte)o.Lane);
        w.Byte(o.AcceptClass);
        _replica.Codec.Write(w, o.Message, typeof(Message));
    }

    private Outgoing ReadOutgoing(WireReader r)
    {
        (ActorId from, ActorId to, byte lane, byte accept) = (ReadId(r), ReadId(r), r.Byte(), r.Byte());
        Message message = (Message?)_replica.Codec.Read(r, typeof(Message), null) ?? throw new WireException("a message is missing");
        return lane <= (byte)Lane.ReplyNmi && accept < 64
            ? new Outgoing(from, to, (Lane)lane, accept, message)
            : throw new WireException($"{message} for {to} cannot be delivered here");
    }

    private static void WriteId(WireWriter w, ActorId id)
    {
        w.Byte((byte)id.Kind);
        w.Long(id.Index);
    }

    private static ActorId ReadId(WireReader r) =>
        r.Byte() is var kind && kind <= (byte)ActorKind.Node ? new ActorId((ActorKind)kind, r.Int()) : throw new WireException($"there is no actor of kind {kind}");

    private readonly record struct Outgoing(ActorId From, ActorId To, Lane Lane, byte AcceptClass, Message Message);

    // What a lock protects is captured when it changes hands.
    private sealed class GrantWatch(Replica replica) : IStepObserver
    {
        public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
        {
            if (envelope.Message is RawSpinLocked)
            {
                replica.BeforeHold(envelope.To.Index, envelope.From);
            }
        }

        public void Chosen(ActorId by, int optionCount, int option, string what)
        {
        }

        public void Delivered(long step, in Envelope envelope)
        {
        }
    }
}
