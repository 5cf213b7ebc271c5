namespace ActorPmu.Actors.Tests;

/// <summary>Runs with a clock.</summary>
public sealed class VirtualTimeTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Messages_arrive_in_the_order_of_their_times()
    {
        World world = Clocked(n =>
        {
            n.Say(1, "in 30", Lane.Request, delayNs: 30);
            n.Say(1, "in 10", Lane.Irq, delayNs: 10);
            n.Say(1, "in 20", Lane.Reply, delayNs: 20);
        });

        Assert.Equal(RunEnd.Finished, world.Run(new VirtualTimeChooser(), 100));
        Assert.Equal(["10 in 10", "20 in 20", "30 in 30"], _log);
        Assert.Equal(30, world.NowNs);
    }

    [Fact]
    public void At_one_instant_nmis_come_before_replies_before_requests_before_interrupts()
    {
        World world = Clocked(n =>
        {
            n.Say(1, "irq", Lane.Irq, delayNs: 5);
            n.Say(1, "request", Lane.Request, delayNs: 5);
            n.Say(1, "reply", Lane.Reply, delayNs: 5);
            n.Say(1, "nmi", Lane.Nmi, delayNs: 5);
        });

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["5 nmi", "5 reply", "5 request", "5 irq"], _log);
    }

    [Fact]
    public void At_one_instant_and_lane_canonical_order_decides()
    {
        World world = new(hasClock: true);
        Timed receiver = new(1, _log);
        world.Add(receiver);
        world.Add(new Timed(2, _log));
        world.Send(Node.Name(0), Node.Name(2), Lane.Request, 0, new Note("to 2"));
        world.Send(Node.Name(2), Node.Name(1), Lane.Request, 0, new Note("2 to 1"));
        world.Send(Node.Name(0), Node.Name(1), Lane.Request, 0, new Note("0 to 1"));

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["0 0 to 1", "0 2 to 1", "0 to 2"], _log);
    }

    [Fact]
    public void What_was_refused_is_late_and_the_clock_never_goes_back()
    {
        World world = new(hasClock: true);
        Timed receiver = new(1, _log) { Opens = "at 50" };
        world.Add(receiver);
        world.Send(Node.Name(0), Node.Name(1), Lane.Irq, 1, new Note("due 20"), 20);
        world.Send(Node.Name(0), Node.Name(1), Lane.Request, 0, new Note("at 50"), 50);

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["50 at 50", "50 due 20"], _log);
    }

    [Fact]
    public void A_late_head_does_not_let_those_behind_it_pass()
    {
        World world = Clocked(n =>
        {
            n.Say(1, "late", Lane.Request, delayNs: 40);
            n.Say(1, "early", Lane.Request, delayNs: 10);
        });

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["40 late", "40 early"], _log);
    }

    [Fact]
    public void Delays_add_up_from_the_moment_of_sending()
    {
        World world = new(hasClock: true);
        world.Add(new Timed(1, _log) { Echoes = 3 });
        world.Send(Node.Name(0), Node.Name(1), Lane.Request, 0, new Note("tick"), 100);

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["100 tick", "200 tick", "300 tick", "400 tick"], _log);
    }

    [Fact]
    public void Without_a_clock_delays_count_for_nothing()
    {
        World world = new();
        world.Add(new Timed(1, _log));
        world.Send(Node.Name(0), Node.Name(1), Lane.Request, 0, new Note("x"), 100);

        world.Run(new VirtualTimeChooser(), 100);

        Assert.Equal(["0 x"], _log);
    }

    [Fact]
    public void Nothing_fails_by_chance() => Assert.Equal(0, new VirtualTimeChooser().Choose(Node.Name(0), 2, "kmalloc fails"));

    private World Clocked(Action<Node> speech)
    {
        World world = new(hasClock: true);
        world.Add(new Node(0, _log) { OnStart = speech });
        world.Add(new Timed(1, _log));
        return world;
    }

    /// <summary>Writes down when it received what.</summary>
    private sealed class Timed : Actor
    {
        private readonly List<string> _log;
        private int _echoes;

        public Timed(int index, List<string> log)
            : base(Node.Name(index)) => _log = log;

        /// <summary>Class 1 is refused until this word came.</summary>
        public string? Opens
        {
            get;
            init
            {
                field = value;
                AcceptMask = 1;
            }
        }

        /// <summary>How often it sends itself each word again, 100 ns later.</summary>
        public int Echoes
        {
            init => _echoes = value;
        }

        public override void Receive(in Envelope envelope)
        {
            string text = envelope.Message.Label;
            _log.Add($"{Host.NowNs} {text}");
            if (text == Opens)
            {
                AcceptMask = AcceptAll;
            }

            if (_echoes-- > 0)
            {
                Host.Send(Id, Id, Lane.Request, 0, envelope.Message, 100);
            }
        }
    }
}
