using ActorPmu.Actors;
using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <content>
/// Actors go to another node in order: nobody works meanwhile and nothing is under way between nodes. Locks, mutexes, programs and what waits for
/// them go; processors go when they are offline and nothing runs on them, since a kernel stack does not travel.
/// </content>
internal sealed partial class ClusterNode
{
    /// <summary>Writes down all that is here, for the node that goes on with it.</summary>
    /// <returns>Null when a processor here still has something to do.</returns>
    public byte[]? Cede() => Cede(id => _placement.NodeOf(id) == Node, _reads);

    /// <summary>Writes down some processors, which are offline, for the node that they go to, and forgets them.</summary>
    /// <returns>Null when one of them still has something to do.</returns>
    public byte[]? Cede(IReadOnlyList<int> cpus)
    {
        if (Cede(id => cpus.Contains(Placement.CpuOf(id)), []) is not { } ceded)
        {
            return null;
        }

        World.Forget((_, to, _) => cpus.Contains(Placement.CpuOf(to)));
        return ceded;
    }

    /// <summary>A node has left in order: the first one has all that was there.</summary>
    /// <param name="node">The node.</param>
    /// <param name="ceded">On the first node what the other one wrote down; null elsewhere.</param>
    /// <exception cref="WireException">That makes no sense.</exception>
    public void Left(int node, byte[]? ceded)
    {
        int[] cpus = [.. _placement.CpusOf(node)];
        ForgetTraffic();
        _placement.Rehome(node, 0);
        if (ceded is not null)
        {
            TakeIn(ceded);
            foreach (int cpu in cpus)
            {
                _replica.Adopt(cpu);
            }
        }
    }

    /// <summary>A node has come, and has these processors from now on.</summary>
    public void Joined(int node, IReadOnlyList<int> cpus)
    {
        ForgetTraffic();
        _buried.Remove(node);
        _placement.Give(cpus, node);
    }

    /// <summary>All that is known here, for a node that knows nothing.</summary>
    public byte[] Everything(int node)
    {
        _replica.ForgetWhatKnows(node);
        return News(node);
    }

    /// <summary>On the node that has come, before anything runs: what the others know, and its processors.</summary>
    /// <exception cref="WireException">That makes no sense.</exception>
    public void Begin(ReadOnlyMemory<byte> everything, byte[] ceded)
    {
        // What a scenario injects was injected when it began.
        World.Forget((_, _, _) => true);
        Receive(everything);
        TakeIn(ceded);
        _replica.AllKnow();
        ForgetTraffic();
    }

    private byte[]? Cede(Func<ActorId, bool> goes, IReadOnlyList<LastRead> reads)
    {
        if (Machine.Cpus.Any(c => goes(c.Id) && !c.IsVacant))
        {
            return null;
        }

        List<Outgoing> waiting = Waiting(goes);
        if (waiting.Exists(o => o.To.Kind is ActorKind.Cpu or ActorKind.Pmu))
        {
            return null;
        }

        WireWriter w = new();
        Actor[] actors = [.. World.Actors.Where(a => goes(a.Id))];
        w.Long(actors.Length);
        foreach (Actor actor in actors)
        {
            WriteId(w, actor.Id);
            WriteState(w, actor);
        }

        w.Long(waiting.Count);
        foreach (Outgoing o in waiting)
        {
            WriteOutgoing(w, o);
        }

        w.Long(reads.Count);
        foreach (LastRead read in reads)
        {
            w.Long(read.Task);
            w.Text(read.Fd);
            w.Long(read.Value);
        }

        return w.ToArray();
    }

    private void TakeIn(byte[] ceded)
    {
        try
        {
            WireReader r = new(ceded);
            for (int left = r.Count(); left > 0; left--)
            {
                ActorId id = ReadId(r);
                ReadState(r, World.Find(id) ?? SpawnMutex(id));
            }

            for (int left = r.Count(); left > 0; left--)
            {
                Outgoing o = ReadOutgoing(r);
                World.Send(o.From, o.To, o.Lane, o.AcceptClass, o.Message);
            }

            for (int left = r.Count(); left > 0; left--)
            {
                Remember(new LastRead(r.Int(), r.Text(), r.Long()));
            }

            r.End();
        }
        catch (Exception e) when (e is not WireException)
        {
            throw new WireException($"what a node hands over makes no sense: {e.Message}");
        }
    }

    // What was sent to actors that go and has not been delivered, in the order in which it was sent on each channel.
    private List<Outgoing> Waiting(Func<ActorId, bool> goes)
    {
        List<Outgoing> waiting = [];
        foreach (int channel in World.NonEmptyChannels)
        {
            ActorId to = World.Receiver(channel);
            if (goes(to))
            {
                for (int n = World.Head(channel).Sequence; n < World.Sent(channel); n++)
                {
                    (Message message, byte accept) = World.Pending(channel, n);
                    waiting.Add(new Outgoing(World.Sender(channel), to, World.LaneOf(channel), accept, message));
                }
            }
        }

        return waiting;
    }

    private static void WriteState(WireWriter w, Actor actor)
    {
        switch (actor)
        {
            case Context c:
                WriteLock(w, c.State);
                break;
            case MutexActor m:
                WriteLock(w, m.State);
                break;
            case TaskActor t:
                (int asked, IReadOnlyList<(int Event, bool File)> lastPuts, bool killed) = t.State;
                w.Long(asked);
                w.Bool(killed);
                w.Long(lastPuts.Count);
                foreach ((int e, bool file) in lastPuts)
                {
                    w.Long(e);
                    w.Bool(file);
                }

                break;
        }
    }

    private static void ReadState(WireReader r, Actor actor)
    {
        switch (actor)
        {
            case Context c:
                c.GoOn(ReadLock(r));
                break;
            case MutexActor m:
                m.GoOn(ReadLock(r));
                break;
            case TaskActor t:
                (int asked, bool killed) = (r.Int(), r.Bool());
                List<(int, bool)> lastPuts = [];
                for (int left = r.Count(); left > 0; left--)
                {
                    lastPuts.Add((r.Int(), r.Bool()));
                }

                t.GoOn(asked, lastPuts, killed);
                break;
            case Cpu cpu:
                cpu.Vacate();
                break;
        }
    }

    private static void WriteLock(WireWriter w, LockState state)
    {
        WriteBy(w, state.Holder);
        WriteBy(w, state.Owner);
        w.Long(state.Sleepers.Count);
        foreach (ReplyTo by in state.Sleepers)
        {
            WriteBy(w, by);
        }

        w.Bool(state.Freed);
    }

    private static LockState ReadLock(WireReader r)
    {
        (ReplyTo? holder, ReplyTo? owner) = (ReadBy(r), ReadBy(r));
        List<ReplyTo> sleepers = [];
        for (int left = r.Count(); left > 0; left--)
        {
            sleepers.Add(ReadBy(r) ?? throw new WireException("nobody waits for a mutex"));
        }

        return new LockState(holder, owner, sleepers, r.Bool());
    }

    private static void WriteBy(WireWriter w, ReplyTo? by)
    {
        w.Bool(by is not null);
        if (by is { } b)
        {
            WriteId(w, b.Cpu);
            w.Long(b.Path);
            w.Byte(b.AcceptClass);
        }
    }

    private static ReplyTo? ReadBy(WireReader r) => r.Bool() ? new ReplyTo(ReadId(r), r.Int(), r.Byte()) : null;
}
