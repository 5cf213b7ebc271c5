namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>Programs whose number of traces follows from a formula.</summary>
internal static class Counted
{
    private const int Environment = 1_000;

    /// <summary>Node 0 asks all others and keeps the order of their answers: n!.</summary>
    public static void Broadcast(Cast cast, int leaves)
    {
        cast.Add(0, Ask, [0]);
        for (int i = 1; i <= leaves; i++)
        {
            cast.Add(i, (self, from, _) => self.Tell(from, "answer"));
        }

        cast.Queue(Environment, 0, "go");

        void Ask(Peer self, int from, Say say)
        {
            self.S[0] = (self.S[0] * 8) + (say.Word == "go" ? 0 : from);
            for (int i = 1; i <= leaves && say.Word == "go"; i++)
            {
                self.Tell(i, "ask");
            }
        }
    }

    /// <summary>Everybody has told everybody else something, and keeps the order in which it hears: ((n − 1)!)ⁿ.</summary>
    public static void Gossip(Cast cast, int nodes)
    {
        for (int i = 0; i < nodes; i++)
        {
            cast.Add(i, (self, from, _) => self.S[0] = (self.S[0] * 8) + from + 1, [0]);
        }

        for (int i = 0; i < nodes * nodes; i++)
        {
            if (i / nodes != i % nodes)
            {
                cast.Queue(i / nodes, i % nodes, "rumour");
            }
        }
    }

    /// <summary>A cell, w writes to it and r reads that commute with each other: the writes in w! orders, each read between two of them, w!·(w + 1)ʳ.</summary>
    public static void Cell(Cast cast, int writers, int readers)
    {
        cast.Add(0, Remember, [0], readsCommute: true);
        for (int i = 1; i <= writers + readers; i++)
        {
            cast.Add(i, (self, _, say) => self.S[0] = say.Value, [-1]);
            cast.Queue(i, 0, i <= writers ? "write" : "read", i);
        }
    }

    /// <summary>Thread t reads cell t − 1 and writes one more to cell t; one more thread looks for the last cell that is 0: (n + 3)·2ⁿ⁻².</summary>
    public static void LastZero(Cast cast, int n)
    {
        const int Threads = 100;
        for (int i = 0; i <= n; i++)
        {
            cast.Add(i, Remember, [0], readsCommute: true);
        }

        cast.Add(Threads, Scan, [n]);
        cast.Queue(Environment, Threads, "go");
        for (int t = 1; t <= n; t++)
        {
            cast.Add(Threads + t, Write);
            cast.Queue(Environment, Threads + t, "go");
        }

        static void Scan(Peer self, int from, Say say)
        {
            self.S[0] -= say.Value != 0 ? 1 : 0;
            if (say.Word == "go" || say.Value != 0)
            {
                self.Tell(self.S[0], "read");
            }
        }

        static void Write(Peer self, int from, Say say)
        {
            int own = self.Index - Threads;
            if (say.Word == "go")
            {
                self.Tell(own - 1, "read");
            }
            else
            {
                self.Tell(own, "write", say.Value + 1);
            }
        }
    }

    /// <summary>Threads put words into a table of 128, each where it finds the first free place: from the twelfth thread on, three collide with each more, 8ⁿ⁻¹¹.</summary>
    public static void Indexer(Cast cast, int threads)
    {
        const int Size = 128;
        const int Threads = 1_000;
        for (int i = 0; i < Size; i++)
        {
            cast.Add(i, CompareAndSet, [0]);
        }

        for (int t = 0; t < threads; t++)
        {
            cast.Add(Threads + t, Put, [0, 0]);
            cast.Queue(Environment, Threads + t, "go");
        }

        static void CompareAndSet(Peer self, int from, Say say)
        {
            self.Tell(from, "did", self.S[0] == 0 ? 1 : 0);
            self.S[0] = self.S[0] == 0 ? say.Value : self.S[0];
        }

        static void Put(Peer self, int from, Say say)
        {
            if (say is { Word: "did", Value: 0 })
            {
                self.S[1] = (self.S[1] + 1) % Size;
            }
            else if (self.S[0] == 4)
            {
                return;
            }
            else
            {
                self.S[0]++;
                self.S[1] = Word(self) * 7 % Size;
            }

            self.Tell(self.S[1], "cas", Word(self));
        }

        static int Word(Peer self) => (self.S[0] * 11) + self.Index - Threads;
    }

    /// <summary>A buffer that refuses to be given more than it can hold, and to be asked for what it has not.</summary>
    public static void Buffer(Cast cast, int capacity, int producers, int puts, int consumers, int gets)
    {
        cast.Add(0, (self, _, say) => self.S[0] += say.Word == "put" ? 1 : -1, [0], s => (s[0] < capacity ? 2UL : 0) | (s[0] > 0 ? 4UL : 0));
        for (int i = 0; i < producers * puts; i++)
        {
            cast.Queue(1 + (i / puts), 0, "put", 0, 1);
        }

        for (int i = 0; i < consumers * gets; i++)
        {
            cast.Queue(1 + producers + (i / gets), 0, "get", 0, 2);
        }
    }

    /// <summary>A token goes round; the request of each node comes before one of its visits or after the last: (rounds + 1)ⁿ.</summary>
    public static void TokenRing(Cast cast, int nodes, int rounds)
    {
        for (int i = 0; i < nodes; i++)
        {
            cast.Add(i, Pass, [0]);
            cast.Queue(Environment, i, "request");
        }

        cast.Queue(nodes - 1, 0, "token");

        void Pass(Peer self, int from, Say say)
        {
            self.S[0] = say.Word == "request" ? 1 : self.S[0] == 1 ? 2 : self.S[0];
            if (say.Word == "token" && say.Value < (nodes * rounds) - 1)
            {
                self.Tell((self.Index + 1) % nodes, "token", say.Value + 1);
            }
        }
    }

    /// <summary>Racers that do not meet; the one that has made k steps first ends the run: who wins, and how far each other is, n·kⁿ⁻¹.</summary>
    public static void Racers(Cast cast, int racers, int hops)
    {
        for (int i = 0; i < racers; i++)
        {
            cast.Add(i, Hop);
            cast.Queue(Environment, i, "hop", 1);
        }

        void Hop(Peer self, int from, Say say)
        {
            if (say.Value == hops)
            {
                self.Host.Halt();
            }
            else
            {
                self.Tell(self.Index, "hop", say.Value + 1);
            }
        }
    }

    /// <summary>Actors that make two more each, and add up what these say: one race at each that is no leaf, 2^(2^depth − 1).</summary>
    public static void Tree(Cast cast, int depth)
    {
        cast.Add(0, Work, [-1, 0, 0]);
        cast.Queue(Environment, 0, "work", depth);

        static void Work(Peer self, int from, Say say)
        {
            if (say.Word == "sum")
            {
                self.S[1]++;
                self.S[2] += say.Value;
                if (self.S[1] == 2 && self.S[0] != Environment)
                {
                    self.Tell(self.S[0], "sum", self.S[2]);
                }

                return;
            }

            self.S[0] = from;
            if (say.Value == 0)
            {
                self.Tell(from, "sum", 1);
                return;
            }

            for (int child = (2 * self.Index) + 1; child <= (2 * self.Index) + 2; child++)
            {
                self.Spawn(child, Work, [-1, 0, 0]);
                self.Tell(child, "work", say.Value - 1);
            }
        }
    }

    /// <summary>
    /// Dining philosophers whose forks refuse while they are taken. Which of its two neighbours a fork is taken by first is a direction of an edge of
    /// a ring: 2ⁿ less the one ring of waiting that cannot come about, the other is the deadlock; without both where one is left-handed.
    /// </summary>
    public static void Forks(Cast cast, int n, bool isOneLeftHanded)
    {
        for (int p = 0; p < n; p++)
        {
            (int first, int second) = isOneLeftHanded && p == n - 1 ? (0, p) : (p, (p + 1) % n);
            cast.Add(p, Serve, [0], s => s[0] == 1 ? 1UL : 3UL);
            cast.Add(n + p, (self, _, _) => Dine(self, first, second), [0]);
        }

        for (int p = 0; p < n; p++)
        {
            cast.Queue(n + p, isOneLeftHanded && p == n - 1 ? 0 : p, "take", 0, 1);
        }

        static void Serve(Peer self, int from, Say say)
        {
            self.S[0] = say.Word == "take" ? 1 : 0;
            if (say.Word == "take")
            {
                self.Tell(from, "grant");
            }
        }

        static void Dine(Peer self, int first, int second)
        {
            if (++self.S[0] == 1)
            {
                self.Tell(second, "take", 0, 1);
                return;
            }

            self.Tell(first, "put");
            self.Tell(second, "put");
        }
    }

    private static void Remember(Peer self, int from, Say say)
    {
        if (say.Word == "write")
        {
            self.S[0] = say.Value;
        }
        else
        {
            self.Tell(from, "value", self.S[0]);
        }
    }
}
