namespace ActorPmu.Actors.Tests;

/// <summary>What a run may do: refuse a head, choose, end.</summary>
public sealed class RunTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void A_refused_head_waits_and_is_delivered_when_it_is_accepted()
    {
        Node busy = new(0, _log) { OnNote = (n, text) => n.AcceptOnly(text == "open" ? [0, 1] : [0]) };
        busy.AcceptOnly(0);
        World world = Of(busy, new Node(1, _log) { OnStart = n => n.Say(0, "late", acceptClass: 1) }, new Node(2, _log)
        {
            OnStart = n =>
            {
                n.Say(0, "first");
                n.Say(0, "open");
            },
        });

        Assert.Equal(RunEnd.Finished, world.Run(new ListChooser(), 100));
        Assert.Equal(["first", "open", "late"], _log);
    }

    [Fact]
    public void A_refused_head_holds_up_its_own_channel_only()
    {
        Node busy = new(0, _log);
        busy.AcceptOnly(0);
        World world = Of(busy, new Node(1, _log)
        {
            OnStart = n =>
            {
                n.Say(0, "refused", acceptClass: 1);
                n.Say(0, "behind it");
                n.Say(0, "on another lane", Lane.Reply);
            },
        });

        Assert.Equal(RunEnd.Deadlock, world.Run(new ListChooser(), 100));
        Assert.Equal(["on another lane"], _log);
    }

    [Fact]
    public void Classes_0_and_63_are_told_apart()
    {
        Node picky = new(0, _log);
        picky.AcceptOnly(63);
        World world = Of(picky, new Node(1, _log)
        {
            OnStart = n =>
            {
                n.Say(0, "class 0", Lane.Request, 0);
                n.Say(0, "class 63", Lane.Reply, 63);
            },
        });

        world.Run(new ListChooser(), 100);

        Assert.Equal(["class 63"], _log);
    }

    [Fact]
    public void A_choice_inside_a_step_goes_to_the_chooser_and_to_the_observer()
    {
        int option = -1;
        StepLog steps = new();
        World world = Of(new Node(0, _log)
        {
            OnStart = n => n.Say(0, "ask"),
            OnNote = (n, _) => option = n.Host.Choose(n.Id, 3, "which way"),
        });

        world.Run(new ListChooser { Answer = 2 }, 100, steps);

        Assert.Equal(2, option);
        Assert.Equal(["1: 0 of 1, node/0 to node/0 #0 ask", "node/0 chose 2 of 3: which way", "1 done"], steps.Lines);
    }

    [Fact]
    public void One_option_is_no_choice_and_nobody_is_asked()
    {
        int option = -1;
        StepLog steps = new();
        World world = Of(new Node(0, _log)
        {
            OnStart = n => n.Say(0, "ask"),
            OnNote = (n, _) => option = n.Host.Choose(n.Id, 1, "the only way"),
        });

        world.Run(new ListChooser { Answer = 5 }, 100, steps);

        Assert.Equal(0, option);
        Assert.Equal(["1: 0 of 1, node/0 to node/0 #0 ask", "1 done"], steps.Lines);
    }

    [Fact]
    public void An_answer_out_of_range_is_a_broken_chooser()
    {
        World world = Of(new Node(0, _log)
        {
            OnStart = n => n.Say(0, "ask"),
            OnNote = (n, _) => n.Host.Choose(n.Id, 3, "which way"),
        });

        InvalidOperationException e =
            Assert.Throws<InvalidOperationException>(() => world.Run(new ListChooser { Answer = 3 }, 100));

        Assert.Equal("the chooser answered 3 of 3 options to «which way»", e.Message);
    }

    [Fact]
    public void The_step_bound_ends_the_run_after_exactly_so_many_steps()
    {
        World world = Of(new Node(0, _log) { OnStart = n => n.Say(0, "x"), OnNote = (n, _) => n.Say(0, "x") });

        Assert.Equal(RunEnd.StepBound, world.Run(new ListChooser(), 7));
        Assert.Equal(7, world.Steps);
        Assert.Equal(7, _log.Count);
    }

    [Fact]
    public void A_run_that_hit_its_bound_goes_on_with_a_larger_one()
    {
        World world = Of(new Node(0, _log) { OnStart = n => Words(n, 5) });

        Assert.Equal(RunEnd.StepBound, world.Run(new ListChooser(), 3));
        Assert.Equal(RunEnd.Finished, world.Run(new ListChooser(), 100));
        Assert.Equal(["0", "1", "2", "3", "4"], _log);
    }

    [Fact]
    public void A_run_that_ends_with_its_last_permitted_step_is_finished()
    {
        World world = Of(new Node(0, _log) { OnStart = n => Words(n, 3) });

        Assert.Equal(RunEnd.Finished, world.Run(new ListChooser(), 3));
    }

    [Fact]
    public void Halt_ends_the_run_after_the_present_step()
    {
        World world = Of(new Node(0, _log)
        {
            OnStart = n => Words(n, 5),
            OnNote = (n, text) =>
            {
                if (text == "1")
                {
                    n.Host.Halt();
                }
            },
        });

        Assert.Equal(RunEnd.Halted, world.Run(new ListChooser(), 100));
        Assert.Equal(["0", "1"], _log);
    }

    [Fact]
    public void A_chooser_that_declines_abandons_the_run()
    {
        World world = Of(new Node(0, _log) { OnStart = n => Words(n, 5) });

        Assert.Equal(RunEnd.Abandoned, world.Run(new ListChooser(0, 0, -1), 100));
        Assert.Equal(["0", "1"], _log);
    }

    [Fact]
    public void Nothing_left_to_deliver_is_the_end() => Assert.Equal(RunEnd.Finished, Of(new Node(0, _log)).Run(new ListChooser(), 100));

    [Fact]
    public void A_message_that_nobody_will_ever_accept_is_a_deadlock_with_its_waits()
    {
        Waiting stuck = new();
        World world = Of(stuck);
        world.Send(Node.Name(5), stuck.Id, Lane.Request, 1, new Note("never"));

        Assert.Equal(RunEnd.Deadlock, world.Run(new ListChooser(), 100));
        Assert.Equal(new WaitEdge("node/0", "node/5", "a word"), Assert.Single(world.Waits()));
    }

    [Fact]
    public void Silence_before_the_purpose_is_fulfilled_is_a_deadlock()
    {
        World world = Of(new Node(0, _log) { OnStart = n => Words(n, 2) });
        world.Finished = () => _log.Count == 3;

        Assert.Equal(RunEnd.Deadlock, world.Run(new ListChooser(), 100));
    }

    [Fact]
    public void A_fulfilled_purpose_ends_the_run_with_messages_left()
    {
        World world = Of(new Node(0, _log) { OnStart = n => Words(n, 5) });
        world.Finished = () => _log.Count == 2;

        Assert.Equal(RunEnd.Finished, world.Run(new ListChooser(), 100));
        Assert.Equal(1, world.NonEmptyChannels.Length);
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

    private static void Words(Node node, int count)
    {
        for (int i = 0; i < count; i++)
        {
            node.Say(0, $"{i}");
        }
    }

    private sealed class Waiting : Actor
    {
        public Waiting()
            : base(Node.Name(0)) => AcceptMask = 1;

        public override void Receive(in Envelope envelope) => throw new InvalidOperationException("nothing is accepted");

        public override void DescribeWaits(ICollection<WaitEdge> waits) => waits.Add(new WaitEdge("node/0", "node/5", "a word"));
    }
}
