namespace ActorPmu.Actors.Tests;

/// <summary>Channels, lanes and their canonical order.</summary>
public sealed class DeliveryTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void A_channel_delivers_in_the_order_of_sending_whatever_is_picked()
    {
        World world = Of(new Node(0, _log), Speaker(1, n => Each("abcdefghij", c => n.Say(0, c))));

        Assert.Equal(RunEnd.Finished, world.Run(new ListChooser(), 100));
        Assert.Equal("abcdefghij", string.Concat(_log));
        Assert.Equal(10, world.Steps);
    }

    [Fact]
    public void Messages_that_come_while_a_channel_is_drained_keep_their_order()
    {
        // The ring wraps and grows: two come for each one that goes, until 40 have been sent.
        int sent = 2;
        Node echo = new(0, _log)
        {
            OnStart = n => Each("01", c => n.Say(0, c)),
            OnNote = (n, _) =>
            {
                for (int i = 0; i < 2 && sent < 40; i++)
                {
                    n.Say(0, $"{sent++}");
                }
            },
        };

        Of(echo).Run(new ListChooser(), 100);

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), _log);
    }

    [Fact]
    public void Lanes_of_one_pair_overtake_each_other()
    {
        World world = Of(new Node(0, _log), Speaker(1, n =>
        {
            n.Say(0, "request", Lane.Request);
            n.Say(0, "nmi", Lane.Nmi);
        }));

        world.Run(new ListChooser(1), 100);

        Assert.Equal(["nmi", "request"], _log);
    }

    [Fact]
    public void Only_heads_are_offered()
    {
        ListChooser chooser = new(1);
        World world = Of(new Node(0, _log), Speaker(1, n => Each("ab", c => n.Say(0, c))), Speaker(2, n => Each("xy", c => n.Say(0, c))));

        world.Run(chooser, 100);

        Assert.Equal(["a x", "a y", "b y", "y"], chooser.Offers);
        Assert.Equal(["x", "a", "b", "y"], _log);
    }

    [Fact]
    public void Offers_are_in_canonical_order_whatever_was_sent_first()
    {
        string forwards = OfferAfter(world =>
        {
            Send(world, 0, 1, Lane.Request, "0>1");
            Send(world, 2, 1, Lane.Request, "2>1");
            Send(world, 2, 1, Lane.Irq, "2>1 irq");
            Send(world, 1, 2, Lane.Request, "1>2");
        });
        string backwards = OfferAfter(world =>
        {
            Send(world, 1, 2, Lane.Request, "1>2");
            Send(world, 2, 1, Lane.Irq, "2>1 irq");
            Send(world, 2, 1, Lane.Request, "2>1");
            Send(world, 0, 1, Lane.Request, "0>1");
        });

        Assert.Equal("0>1 2>1 2>1 irq 1>2", forwards);
        Assert.Equal(forwards, backwards);
    }

    [Fact]
    public void Canonical_order_is_by_receiver_then_kind_of_sender_then_lane_then_index_of_sender()
    {
        string offer = OfferAfter(world =>
        {
            world.Send(new ActorId(ActorKind.Task, 2), Node.Name(1), Lane.Reply, 0, new Note("task 2>1 reply"));
            world.Send(new ActorId(ActorKind.Task, 3), Node.Name(1), Lane.Request, 0, new Note("task 3>1"));
            world.Send(new ActorId(ActorKind.Task, 0), Node.Name(1), Lane.Request, 0, new Note("task>1"));
            world.Send(new ActorId(ActorKind.Cpu, 9), Node.Name(1), Lane.Nmi, 0, new Note("cpu>1"));
            world.Send(new ActorId(ActorKind.Task, 0), Node.Name(0), Lane.Request, 0, new Note("task>0"));
        });

        Assert.Equal("task>0 cpu>1 task>1 task 3>1 task 2>1 reply", offer);
    }

    [Fact]
    public void A_channel_emptied_and_used_again_goes_on_counting()
    {
        StepLog steps = new();
        Node sender = new(1, _log) { OnNote = (n, text) => n.Say(0, "again"), OnStart = n => n.Say(0, "once") };
        Node receiver = new(0, _log)
        {
            OnNote = (n, text) =>
            {
                if (text == "once")
                {
                    n.Say(1, "more");
                }
            },
        };

        Of(receiver, sender).Run(new ListChooser(), 100, steps);

        Assert.Equal(
            [
                "1: 0 of 1, node/1 to node/0 #0 once", "1 done",
                "2: 0 of 1, node/0 to node/1 #0 more", "2 done",
                "3: 0 of 1, node/1 to node/0 #1 again", "3 done",
            ],
            steps.Lines);
    }

    [Fact]
    public void Sending_to_nobody_is_refused_with_the_name()
    {
        World world = Of(new Node(0, _log));

        ArgumentException e = Assert.Throws<ArgumentException>(() => Send(world, 0, 7, Lane.Request, "x"));

        Assert.Equal("there is no actor called node/7", e.Message);
    }

    [Fact]
    public void Two_actors_of_one_name_are_refused()
    {
        World world = Of(new Node(0, _log));

        ArgumentException e = Assert.Throws<ArgumentException>(() => world.Add(new Node(0, _log)));

        Assert.StartsWith("there are two actors called node/0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_actor_outside_any_world_says_so()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new Node(3, _log).Host);

        Assert.Equal("node/3 is not in a host", e.Message);
    }

    [Fact]
    public void An_actor_is_found_by_its_name_and_nobody_by_another()
    {
        Node node = new(4, _log);
        World world = Of(node);

        Assert.Same(node, world.Find(Node.Name(4)));
        Assert.Null(world.Find(Node.Name(5)));
        Assert.Null(world.Find(new ActorId(ActorKind.Cpu, 4)));
        Assert.Null(world.Find(Node.Name(-1)));
        Assert.Null(world.Find(Node.Name(1_000_000_007)));
    }

    [Fact]
    public void Actors_with_indices_far_apart_live_together()
    {
        World world = Of(new Node(1_000_000, _log), new Node(2, _log), new Node(101_003, _log));

        Send(world, 1_000_000, 2, Lane.Request, "far");
        Send(world, 2, 1_000_000, Lane.Request, "near");
        Send(world, 2, 101_003, Lane.Request, "between");
        world.Run(new ListChooser(), 100);

        Assert.Equal(["far", "between", "near"], _log);
    }

    [Fact]
    public void An_actor_that_is_spawned_starts_at_once_and_receives()
    {
        Node parent = new(0, _log)
        {
            OnNote = (n, text) =>
            {
                if (text == "go")
                {
                    n.Host.Spawn(new Node(1, _log) { OnStart = child => child.Say(0, "born") });
                    n.Say(1, "hello");
                }
            },
            OnStart = n => n.Say(0, "go"),
        };

        Assert.Equal(RunEnd.Finished, Of(parent).Run(new ListChooser(), 100));
        Assert.Equal(["go", "born", "hello"], _log);
    }

    [Fact]
    public void A_warm_world_allocates_nothing_for_a_delivery()
    {
        Note ball = new("ball");
        World world = new();
        world.Add(new Wall(0, 1, ball));
        world.Add(new Wall(1, 0, ball));
        world.Add(new Wall(2, 0, ball));
        VirtualTimeChooser chooser = new();
        world.Run(chooser, 2_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        RunEnd end = world.Run(chooser, 12_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(RunEnd.StepBound, end);
        Assert.Equal(0, allocated);
    }

    private static World Of(params Actor[] actors)
    {
        World world = new();
        foreach (Actor actor in actors)
        {
            world.Add(actor);
        }

        return world;
    }

    private static void Send(World world, int from, int to, Lane lane, string text) =>
        world.Send(Node.Name(from), Node.Name(to), lane, 0, new Note(text));

    private static void Each(string letters, Action<string> what)
    {
        foreach (char letter in letters)
        {
            what(letter.ToString());
        }
    }

    private Node Speaker(int index, Action<Node> speech) => new(index, _log) { OnStart = speech };

    private string OfferAfter(Action<World> send)
    {
        World world = Of(new Node(0, _log), new Node(1, _log), new Node(2, _log));
        send(world);
        ListChooser chooser = new(-1);
        Assert.Equal(RunEnd.Abandoned, world.Run(chooser, 100));
        return chooser.Offers[0];
    }

    /// <summary>Sends every ball back.</summary>
    private sealed class Wall(int me, int other, Message ball) : Actor(Node.Name(me))
    {
        public override void Start() => Host.Send(Id, Node.Name(other), Lane.Request, 0, ball);

        public override void Receive(in Envelope envelope) => Host.Send(Id, Node.Name(other), Lane.Request, 0, envelope.Message);
    }
}
