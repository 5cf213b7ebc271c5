using ActorPmu.Actors;
using ActorPmu.Akka.Cluster;
using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;
using CsCheck;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class WireTests
{
    private static readonly Gen<ReplyTo> By =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], Gen.Byte[0, 7], (cpu, path, accept) => new ReplyTo(new ActorId(ActorKind.Cpu, cpu), path, accept));

    private static readonly Gen<Message> Messages = Gen.OneOf<Message>(
        By.Select(by => (Message)new RawSpinLock(by)),
        By.Select(by => (Message)new MutexUnlock(by)),
        Gen.Select(By, Gen.Int, (by, e) => (Message)new IpiInstall(by, new EventId(e)) { OnTask = e % 5 }),
        Gen.Select(By, Gen.Int, Gen.Bool, (by, e, group) => (Message)new IpiRead(by, new EventId(e), group)),
        Gen.Select(By, Gen.ULong, (by, value) => (Message)new IpiEventFunction(null, new EventId(7), EventFunction.Period, value)),
        Gen.Select(By, Gen.String, Gen.Int, (by, what, n) => (Message)new Kmalloc(by, what, n, n / 2, Gfp.Atomic)),
        Gen.Select(Gen.Int, Gen.Int, (path, result) => (Message)new IpiDone(path, result)),
        Gen.Select(Gen.Int[0, 9], Gen.Long[1, long.MaxValue], (task, units) => (Message)new UserOp(task, new WorkOp(units))),
        Gen.Select(Gen.Int[0, 9], Gen.String, Gen.ULong, (task, fd, config) => (Message)new UserOp(task, new OpenOp(fd, new PerfEventAttr { Config = config, Inherit = true }) { Cgroup = fd })),
        Gen.Select(Gen.String, Gen.Long, (fd, value) => (Message)new UserReturn(new OpResult(Errno.Ok) { Read = new ReadRecord(8, [new ReadEntry(new EventId(3), fd, value)], value, 0) })));

    [Fact]
    public void What_the_kernel_says_reads_back_as_it_was_written() => Messages.Sample(message =>
    {
        GraphCodec codec = Codec();
        WireWriter w = new();
        codec.Write(w, message, typeof(Message));
        WireReader r = new(w.ToArray());
        Message read = (Message)codec.Read(r, typeof(Message), null)!;
        r.End();
        return read.GetType() == message.GetType() && read.Label == message.Label && Same(codec, read, message);
    });

    [Fact]
    public void What_nodes_say_reads_back_as_it_was_written() =>
        Gen.Select(Gen.Int, Gen.Long, Gen.Bool, Gen.String.Array[0, 3]).Sample((i, n, yes, texts) =>
        {
            NodeMessage[] all =
            [
                new BuildMachine(i, texts, [i, 3], [], "f", "text", "none", n, 1), new MachineBuilt(i, "why"), new RunMachine(), new AskStatus(n),
                new NodeStatus(n, i, yes, n, n, i, n, n), new ChangeNodes(n, NodeChange.Joins, i, "p", [i, 2]), new NodeGone(i), new SaidAll(n, i), new GoOn(n, yes),
                new BeginHere(n, i, [1]), new BegunHere(n), new WantToLeave(i), new Refuse("no"), new NodeBroken(i, "why"), new AskOutcome(), new EndMachine(),
                new NodeReady(n, i, [new ClusterNode.Holding(new ActorId(ActorKind.Context, 4), new ReplyTo(new ActorId(ActorKind.Cpu, 2), 5, 3), yes, !yes)], [7, 8]),
                new NodeOutcome(i, [1, 2], [new Violation(Property.NoLeak, n, "what", texts)], [new LastRead(i, "fd", n)], n, i, n, n),
            ];
            foreach (NodeMessage message in all)
            {
                byte[] bytes = NodeSerializer.Write(message);
                NodeMessage read = NodeSerializer.Read(bytes, "2:" + message.GetType().Name);
                Assert.Equal(bytes, NodeSerializer.Write(read));
                Assert.Equal(message.GetType(), read.GetType());
            }
        });

    [Fact]
    public void Another_version_is_refused_in_words() =>
        Assert.Contains("another version", Assert.Throws<WireException>(() => NodeSerializer.Read([], "1:AskStatus")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_batch_that_was_cut_or_garbled_is_read_or_refused_and_never_crashes()
    {
        Scenario scenario = Scenario.Parse(Programs.OpenReadClose(cpus: 4, rounds: 2), "generated.yaml");
        List<byte[]> batches = [];
        ClusterNode from = Node(scenario, 0);
        from.Run(200);
        from.Flush((_, batch) => batches.Add(batch));
        Assert.NotEmpty(batches);
        Gen.Select(Gen.Int[0, batches.Count - 1], Gen.Int[0, 5_000], Gen.Byte, Gen.Bool).Sample((which, at, value, cut) =>
        {
            byte[] bytes = [.. batches[which]];
            at %= bytes.Length;
            if (cut)
            {
                bytes = bytes[..at];
            }
            else
            {
                bytes[at] = value;
            }

            try
            {
                Node(scenario, 1).Receive(bytes);
            }
            catch (WireException)
            {
                // Said in words.
            }
        }, iter: 500);
    }

    private static bool Same(GraphCodec codec, Message a, Message b)
    {
        WireWriter first = new();
        WireWriter second = new();
        codec.Write(first, a, typeof(Message));
        codec.Write(second, b, typeof(Message));
        return first.Written.SequenceEqual(second.Written);
    }

    private static GraphCodec Codec()
    {
        Machine machine = Scenario.Parse(Programs.OpenReadClose(cpus: 2, rounds: 1), "generated.yaml").Build(new NoSharing());
        return new GraphCodec(new Entities(machine, new DesignObjects(machine.Design, 0, 1)));
    }

    private static ClusterNode Node(Scenario scenario, int node) =>
        new(node, new Placement(scenario.Spec, 2), host => scenario.Build(new NoSharing(), host), seed: 1);
}
