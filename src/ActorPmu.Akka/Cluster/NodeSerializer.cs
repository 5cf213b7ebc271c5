using ActorPmu.Actors;
using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;
using Akka.Actor;
using Akka.Serialization;

namespace ActorPmu.Akka.Cluster;

/// <summary>Writes and reads <see cref="NodeMessage"/>s. The manifest has the version: what it does not know it refuses.</summary>
internal sealed class NodeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Version = "2:";

    /// <inheritdoc/>
    public override int Identifier => 24311;

    /// <inheritdoc/>
    public override string Manifest(object o) => Version + o.GetType().Name;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => Write((NodeMessage)obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    internal static byte[] Write(NodeMessage message)
    {
        WireWriter w = new();
        switch (message)
        {
            case NodeBatch m:
                return m.Bytes;
            case BuildMachine m:
                w.Long(m.Node);
                w.Long(m.Paths.Count);
                foreach (string path in m.Paths)
                {
                    w.Text(path);
                }

                Write(w, m.NodeOfCpu);
                Write(w, m.NodeOfTask);
                w.Text(m.File);
                w.Text(m.Text);
                w.Text(m.Design);
                w.Long(m.Seed);
                w.Long(m.Rt);
                break;
            case MachineBuilt m:
                w.Long(m.Node);
                w.Text(m.Problem);
                break;
            case AskStatus m:
                w.Long(m.Round);
                break;
            case NodeStatus m:
                w.Long(m.Round);
                w.Long(m.Node);
                w.Bool(m.Idle);
                w.Long(m.Sent);
                w.Long(m.Received);
                w.Long(m.TasksLeft);
                w.Long(m.Steps);
                w.Long(m.Operations);
                break;
            case ChangeNodes m:
                w.Long(m.Number);
                w.Byte((byte)m.Change);
                w.Long(m.Node);
                w.Text(m.Path);
                Write(w, m.Cpus);
                break;
            case NodeGone m:
                w.Long(m.Node);
                break;
            case SaidAll m:
                w.Long(m.Number);
                w.Long(m.Node);
                break;
            case BeginHere m:
                w.Long(m.Number);
                w.Long(m.Parts);
                w.Bytes(m.Bytes);
                break;
            case BegunHere m:
                w.Long(m.Number);
                break;
            case GoOn m:
                w.Long(m.Number);
                w.Bool(m.Done);
                break;
            case WantToLeave m:
                w.Long(m.Node);
                break;
            case NodeBroken m:
                w.Long(m.Node);
                w.Text(m.What);
                break;
            case Refuse m:
                w.Text(m.Why);
                break;
            case NodeReady m:
                Write(w, m);
                break;
            case NodeOutcome m:
                Write(w, m);
                break;
        }

        return w.ToArray();
    }

    internal static NodeMessage Read(byte[] bytes, string manifest)
    {
        if (!manifest.StartsWith(Version, StringComparison.Ordinal))
        {
            throw new WireException($"«{manifest}» is of another version of the node protocol; version {Version[..^1]} is spoken here");
        }

        WireReader r = new(bytes);
        NodeMessage message = manifest[Version.Length..] switch
        {
            nameof(NodeBatch) => new NodeBatch(bytes),
            nameof(BuildMachine) => new BuildMachine(
                r.Int(), Many(r, r => r.Text()), Many(r, r => r.Int()), Many(r, r => r.Int()), r.Text(), r.Text(), r.Text(), r.Long(), r.Int()),
            nameof(MachineBuilt) => new MachineBuilt(r.Int(), r.Text()),
            nameof(RunMachine) => new RunMachine(),
            nameof(AskStatus) => new AskStatus(r.Long()),
            nameof(NodeStatus) => new NodeStatus(r.Long(), r.Int(), r.Bool(), r.Long(), r.Long(), r.Int(), r.Long(), r.Long()),
            nameof(ChangeNodes) => new ChangeNodes(r.Long(), ReadChange(r), r.Int(), r.Text(), Many(r, r => r.Int())),
            nameof(NodeGone) => new NodeGone(r.Int()),
            nameof(SaidAll) => new SaidAll(r.Long(), r.Int()),
            nameof(NodeReady) => new NodeReady(r.Long(), r.Int(), Many(r, ReadHolding), r.Bytes().ToArray()),
            nameof(BeginHere) => new BeginHere(r.Long(), r.Int(), r.Bytes().ToArray()),
            nameof(BegunHere) => new BegunHere(r.Long()),
            nameof(GoOn) => new GoOn(r.Long(), r.Bool()),
            nameof(WantToLeave) => new WantToLeave(r.Int()),
            nameof(NodeBroken) => new NodeBroken(r.Int(), r.Text()),
            nameof(AskOutcome) => new AskOutcome(),
            nameof(NodeOutcome) => new NodeOutcome(
                r.Int(), r.Bytes().ToArray(), Many(r, ReadViolation), Many(r, r => new LastRead(r.Int(), r.Text(), r.Long())), r.Long(), r.Int(),
                r.Long(), r.Long()),
            nameof(EndMachine) => new EndMachine(),
            nameof(Refuse) => new Refuse(r.Text()),
            string other => throw new WireException($"there is no message {other} in version {Version[..^1]} of the node protocol"),
        };
        if (message is not NodeBatch)
        {
            r.End();
        }

        return message;
    }

    private static List<T> Many<T>(WireReader r, Func<WireReader, T> one)
    {
        List<T> all = [];
        for (int left = r.Count(); left > 0; left--)
        {
            all.Add(one(r));
        }

        return all;
    }

    private static void Write(WireWriter w, IReadOnlyList<int> numbers)
    {
        w.Long(numbers.Count);
        foreach (int number in numbers)
        {
            w.Long(number);
        }
    }

    private static NodeChange ReadChange(WireReader r) =>
        r.Byte() is var change && change <= (byte)NodeChange.Joins ? (NodeChange)change : throw new WireException($"no node changes like {change}");

    private static void Write(WireWriter w, NodeReady m)
    {
        w.Long(m.Number);
        w.Long(m.Node);
        w.Long(m.Holdings.Count);
        foreach (ClusterNode.Holding h in m.Holdings)
        {
            Write(w, h.Lock);
            Write(w, h.By.Cpu);
            w.Long(h.By.Path);
            w.Byte(h.By.AcceptClass);
            w.Bool(h.Spin);
            w.Bool(h.Sleeps);
        }

        w.Bytes(m.Ceded);
    }

    private static ClusterNode.Holding ReadHolding(WireReader r) =>
        new(ReadId(r), new ReplyTo(ReadId(r), r.Int(), r.Byte()), r.Bool(), r.Bool());

    private static void Write(WireWriter w, ActorId id)
    {
        w.Byte((byte)id.Kind);
        w.Long(id.Index);
    }

    private static ActorId ReadId(WireReader r) =>
        r.Byte() is var kind && kind <= (byte)ActorKind.Node ? new ActorId((ActorKind)kind, r.Int()) : throw new WireException($"there is no actor of kind {kind}");

    private static void Write(WireWriter w, NodeOutcome m)
    {
        w.Long(m.Node);
        w.Bytes(m.News);
        w.Long(m.Violations.Count);
        foreach (Violation v in m.Violations)
        {
            w.Long((int)v.Property);
            w.Long(v.Step);
            w.Text(v.What);
            w.Long(v.Evidence.Count);
            foreach (string line in v.Evidence)
            {
                w.Text(line);
            }
        }

        w.Long(m.Reads.Count);
        foreach (LastRead read in m.Reads)
        {
            w.Long(read.Task);
            w.Text(read.Fd);
            w.Long(read.Value);
        }

        w.Long(m.Steps);
        w.Long(m.Shared);
        w.Long(m.Messages);
        w.Long(m.Operations);
    }

    private static Violation ReadViolation(WireReader r)
    {
        int property = r.Int();
        return Enum.IsDefined((Property)property)
            ? new Violation((Property)property, r.Long(), r.Text(), Many(r, r => r.Text()))
            : throw new WireException($"there is no property {property}");
    }
}
