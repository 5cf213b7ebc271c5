using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests;

/// <summary>Small programs whose numbers of orders and of traces are known.</summary>
internal static class ReferencePrograms
{
    private const int Environment = 1_000;

    /// <summary>Senders 1…<paramref name="senders"/> have queued messages to a receiver that keeps their order.</summary>
    public static World NSend(int senders, int each)
    {
        World world = new();
        world.Add(new Keeper(senders * each));
        for (int s = 1; s <= senders; s++)
        {
            for (int k = 0; k < each; k++)
            {
                Queue(world, s, 0, "item", k);
            }
        }

        return world;
    }

    /// <summary>Pairs that pass a number to and fro until it is 2·<paramref name="rounds"/>.</summary>
    public static World Pairs(int pairs, int rounds)
    {
        World world = new();
        for (int i = 0; i < 2 * pairs; i++)
        {
            world.Add(new Node(i, Bounce, () => []));
        }

        for (int p = 0; p < pairs; p++)
        {
            Queue(world, 2 * p, (2 * p) + 1, "ball", 1);
        }

        return world;

        void Bounce(Node self, int from, Say say)
        {
            if (say.Value < 2 * rounds)
            {
                self.Tell(from, "ball", say.Value + 1);
            }
        }
    }

    /// <summary>Two-phase commit: prepare, vote, commit, ack.</summary>
    public static World TwoPhaseCommit(int participants)
    {
        World world = new();
        int votes = 0;
        int acks = 0;
        world.Add(new Node(0, Coordinate, () => [votes, acks]));
        for (int p = 1; p <= participants; p++)
        {
            world.Add(new Node(p, (self, from, say) => self.Tell(from, say.Word == "prepare" ? "vote" : "ack"), () => []));
        }

        for (int p = 1; p <= participants; p++)
        {
            Queue(world, 0, p, "prepare");
        }

        return world;

        void Coordinate(Node self, int from, Say say)
        {
            acks += say.Word == "ack" ? 1 : 0;
            if (say.Word == "vote" && ++votes == participants)
            {
                for (int p = 1; p <= participants; p++)
                {
                    self.Tell(p, "commit");
                }
            }
        }
    }

    /// <summary>A lock server; each client acquires <paramref name="rounds"/> times, the next time right after its release.</summary>
    public static World Lock(int clients, int rounds)
    {
        World world = new();
        Queue<int> waiting = new();
        bool held = false;
        world.Add(new Node(0, Serve, () => [held ? 1 : 0, .. waiting]));
        for (int c = 1; c <= clients; c++)
        {
            int left = rounds;
            world.Add(new Node(
                c,
                (self, _, _) =>
                {
                    self.Tell(0, "release");
                    if (--left > 0)
                    {
                        self.Tell(0, "acquire");
                    }
                },
                () => [left]));
        }

        for (int c = 1; c <= clients; c++)
        {
            Queue(world, c, 0, "acquire");
        }

        return world;

        void Serve(Node self, int from, Say say)
        {
            if (say.Word == "acquire" && held)
            {
                waiting.Enqueue(from);
            }
            else if (say.Word == "acquire")
            {
                held = true;
                self.Tell(from, "grant");
            }
            else if (waiting.TryDequeue(out int next))
            {
                self.Tell(next, "grant");
            }
            else
            {
                held = false;
            }
        }
    }

    /// <summary>Chang and Roberts' election on a ring; the environment starts every node.</summary>
    public static World ChangRoberts(int nodes, bool ascending)
    {
        World world = new();
        for (int i = 0; i < nodes; i++)
        {
            bool participates = false;
            bool knowsLeader = false;
            int own = ascending ? i + 1 : nodes - i;
            int next = (i + 1) % nodes;
            world.Add(new Node(
                i,
                (self, _, say) =>
                {
                    if (say.Word == "leader")
                    {
                        if (!knowsLeader && say.Value != own)
                        {
                            self.Tell(next, "leader", say.Value);
                        }

                        knowsLeader = true;
                    }
                    else if (say.Word == "id" && say.Value == own)
                    {
                        self.Tell(next, "leader", own);
                    }
                    else if (say.Word == "id" && say.Value > own)
                    {
                        participates = true;
                        self.Tell(next, "id", say.Value);
                    }
                    else if (!participates)
                    {
                        participates = true;
                        self.Tell(next, "id", own);
                    }
                },
                () => [participates ? 1 : 0, knowsLeader ? 1 : 0]));
        }

        for (int i = 0; i < nodes; i++)
        {
            Queue(world, Environment, i, "start");
        }

        return world;
    }

    /// <summary>A register, one write to it, and reads that are answered with its value.</summary>
    public static World Readers(int readers)
    {
        World world = new();
        int value = 0;
        world.Add(new Node(0, (self, from, say) =>
        {
            if (say.Word == "write")
            {
                value = 1;
            }
            else
            {
                self.Tell(from, "value", value);
            }
        }, () => [value]));
        for (int r = 1; r <= readers + 1; r++)
        {
            int read = -1;
            world.Add(new Node(r, (_, _, say) => read = say.Value, () => [read]));
            Queue(world, r, 0, r == 1 ? "write" : "read");
        }

        return world;
    }

    /// <summary>Tokens that go round a ring; each hop is told to an observer.</summary>
    public static World Ring(int nodes, int tokens, int hops)
    {
        World world = new();
        for (int i = 0; i < nodes; i++)
        {
            int next = (i + 1) % nodes;
            List<int> order = [];
            world.Add(new Node(
                i,
                (self, from, say) =>
                {
                    order.AddRange([from, say.Value]);
                    self.Tell(nodes, "saw", say.Value);
                    if (say.Value < hops)
                    {
                        self.Tell(next, "token", say.Value + 1);
                    }
                },
                () => order));
        }

        List<int> seen = [];
        world.Add(new Node(nodes, (_, from, say) => seen.AddRange([from, say.Value]), () => seen));
        for (int t = 0; t < tokens; t++)
        {
            Queue(world, (t + nodes - 1) % nodes, t, "token", 1);
        }

        return world;
    }

    /// <summary>Forks 0…n−1 and dining philosophers n…2n−1, one meal each, everybody's own fork first.</summary>
    public static Subject Philosophers(int n)
    {
        World world = new();
        int meals = 0;
        for (int p = 0; p < n; p++)
        {
            int first = p;
            int second = (p + 1) % n;
            bool hasFirst = false;
            bool ate = false;
            world.Add(new Node(
                n + p,
                (self, _, _) =>
                {
                    if (!hasFirst)
                    {
                        hasFirst = true;
                        self.Tell(second, "take");
                        return;
                    }

                    ate = true;
                    meals++;
                    self.Tell(first, "put");
                    self.Tell(second, "put");
                },
                () => [hasFirst ? 1 : 0, ate ? 1 : 0]));
        }

        for (int f = 0; f < n; f++)
        {
            bool held = false;
            int waiter = -1;
            world.Add(new Node(f, (self, from, say) =>
            {
                if (say.Word == "take" && held)
                {
                    waiter = from;
                }
                else if (say.Word == "take")
                {
                    held = true;
                    self.Tell(from, "grant");
                }
                else if (waiter >= 0)
                {
                    self.Tell(waiter, "grant");
                    waiter = -1;
                }
                else
                {
                    held = false;
                }
            }, () => [held ? 1 : 0, waiter]));
        }

        for (int p = 0; p < n; p++)
        {
            Queue(world, n + p, p, "take");
        }

        return new Subject(world, _ => meals == n ? [] : [new Violation(Property.NoDeadlock, world.Steps, "somebody did not eat", [])]);
    }

    /// <summary>
    /// A lock server whose client may hand its lock to a peer on its own: the peer's work can arrive before the server has heard of it.
    /// </summary>
    /// <remarks>The shortest run to the violation has 9 deliveries: go, acquire, grant, work, ack, work, ack, hand-off, work.</remarks>
    public static Subject HandOff(int clients, int rounds)
    {
        World world = new();
        List<Violation> found = [];
        Queue<int> waiting = new();
        int holder = 0;
        world.Add(new Node(0, Serve));
        for (int c = 1; c <= clients; c++)
        {
            int peer = (c % clients) + 1;
            int acks = 0;
            world.Add(new Node(c, (self, from, say) =>
            {
                switch (say.Word)
                {
                    case "go":
                        self.Tell(0, "acquire");
                        break;
                    case "grant":
                        acks = 0;
                        self.Tell(0, "work");
                        break;
                    case "hand-off":
                        acks = 1;
                        self.Tell(0, "work");
                        break;
                    case "ack" when ++acks < 2:
                        self.Tell(0, "work");
                        break;
                    case "ack" when self.Host.Choose(self.Id, 2, "hands the lock on") == 1:
                        self.Tell(peer, "hand-off");
                        self.Tell(0, "resign", peer);
                        break;
                    case "ack":
                        self.Tell(0, "release");
                        break;
                }
            }));
        }

        for (int c = 1; c <= clients; c++)
        {
            for (int r = 0; r < rounds; r++)
            {
                Queue(world, Environment, c, "go");
            }
        }

        return new Subject(world, _ => found);

        void Serve(Node self, int from, Say say)
        {
            switch (say.Word)
            {
                case "acquire" when holder == 0:
                    holder = from;
                    self.Tell(from, "grant");
                    break;
                case "acquire":
                    waiting.Enqueue(from);
                    break;
                case "work" when from != holder:
                    found.Add(new Violation(Property.OneMaster, world.Steps, $"{from} works, and {holder} has the lock", []));
                    self.Host.Halt();
                    break;
                case "work":
                    self.Tell(from, "ack");
                    break;
                case "resign":
                    holder = say.Value;
                    break;
                default:
                    holder = 0;
                    if (waiting.TryDequeue(out int next))
                    {
                        holder = next;
                        self.Tell(next, "grant");
                    }

                    break;
            }
        }
    }

    /// <summary>A program by the name and the numbers that tables have.</summary>
    public static Subject Of(string program)
    {
        string[] words = program.Split(' ');
        int[] n = [.. words.Skip(1).Select(w => int.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
        return words[0] switch
        {
            "nsend" => Explore.Unjudged(NSend(n[0], n[1])),
            "pairs" => Explore.Unjudged(Pairs(n[0], n[1])),
            "readers" => Explore.Unjudged(Readers(n[0])),
            "2pc" => Explore.Unjudged(TwoPhaseCommit(n[0])),
            "lock" => Explore.Unjudged(Lock(n[0], n[1])),
            "ring" => Explore.Unjudged(Ring(n[0], n[1], n[2])),
            "ascending" => Explore.Unjudged(ChangRoberts(n[0], ascending: true)),
            "descending" => Explore.Unjudged(ChangRoberts(n[0], ascending: false)),
            "philosophers" => Philosophers(n[0]),
            "hand-off" => HandOff(n[0], n[1]),
            _ => throw new ArgumentException($"no program {program}", nameof(program)),
        };
    }

    private static void Queue(World world, int from, int to, string word, int value = 0) =>
        world.Send(Node.IdOf(from), Node.IdOf(to), Lane.Request, 0, new Say(word, value));
}
