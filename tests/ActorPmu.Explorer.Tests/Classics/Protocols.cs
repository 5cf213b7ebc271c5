namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>Well-known protocols, small, whose numbers were counted apart.</summary>
internal static class Protocols
{
    private const int Environment = 1_000;

    /// <summary>Readers beside each other, writers alone: the server refuses those that have to wait.</summary>
    public static void ReadersWriters(Cast cast, int readers, int writers)
    {
        cast.Add(0, Serve, [0, 0], s => 1UL | (s[1] == 0 ? 2UL : 0) | (s[1] == 0 && s[0] == 0 ? 4UL : 0));
        for (int i = 1; i <= readers + writers; i++)
        {
            bool reads = i <= readers;
            cast.Add(i, (self, from, _) => self.Tell(from, reads ? "has read" : "has written"));
            cast.Queue(i, 0, reads ? "read" : "write", 0, (byte)(reads ? 1 : 2));
        }

        static void Serve(Peer self, int from, Say say)
        {
            self.S[0] += say.Word switch { "read" => 1, "has read" => -1, _ => 0 };
            self.S[1] += say.Word switch { "write" => 1, "has written" => -1, _ => 0 };
            if (say.Word is "read" or "write")
            {
                self.Tell(from, "go");
            }
        }
    }

    /// <summary>Mutual exclusion by time stamps (Lamport, CACM 21, 1978); each process wants it once.</summary>
    /// <remarks>State: clock, own stamp, 1 while it waits and 2 after; then of each process what was last heard, and its request.</remarks>
    public static void Lamport(Cast cast, int n)
    {
        for (int i = 0; i < n; i++)
        {
            cast.Add(i, On, new int[3 + (2 * n)]);
            cast.Queue(Environment, i, "want");
        }

        void On(Peer self, int from, Say say)
        {
            int[] s = self.S;
            if (say.Word == "want")
            {
                s[1] = ++s[0];
                s[2] = 1;
                ToOthers(self, n, "request", s[1]);
            }
            else
            {
                s[0] = Math.Max(s[0], say.Value) + 1;
                s[3 + from] = say.Value;
                s[3 + n + from] = say.Word switch { "request" => say.Value, "release" => 0, _ => s[3 + n + from] };
                if (say.Word == "request")
                {
                    self.Tell(from, "reply", ++s[0]);
                }
            }

            if (s[2] == 1 && Others(self, n).All(j => IsLater(s[3 + j], j) && (s[3 + n + j] == 0 || IsLater(s[3 + n + j], j))))
            {
                s[2] = 2;
                ToOthers(self, n, "release", ++s[0]);
            }

            bool IsLater(int stamp, int j) => (stamp, j).CompareTo((s[1], self.Index)) > 0;
        }
    }

    /// <summary>The same with two messages less (Ricart and Agrawala, CACM 24, 1981).</summary>
    /// <remarks>State: clock, own stamp, 1 while it waits and 2 after, replies, whose requests are put off.</remarks>
    public static void RicartAgrawala(Cast cast, int n)
    {
        for (int i = 0; i < n; i++)
        {
            cast.Add(i, On, new int[5]);
            cast.Queue(Environment, i, "want");
        }

        void On(Peer self, int from, Say say)
        {
            int[] s = self.S;
            switch (say.Word)
            {
                case "want":
                    s[1] = ++s[0];
                    s[2] = 1;
                    ToOthers(self, n, "request", s[1]);
                    break;
                case "request":
                    s[0] = Math.Max(s[0], say.Value) + 1;
                    if (s[2] == 1 && (s[1], self.Index).CompareTo((say.Value, from)) < 0)
                    {
                        s[4] |= 1 << from;
                    }
                    else
                    {
                        self.Tell(from, "reply");
                    }

                    break;
                default:
                    if (++s[3] == n - 1)
                    {
                        s[2] = 2;
                        foreach (int j in Others(self, n).Where(j => (s[4] >> j & 1) != 0))
                        {
                            self.Tell(j, "reply");
                        }

                        s[4] = 0;
                    }

                    break;
            }
        }
    }

    /// <summary>One ballot each of some proposers (10 + ballot) and acceptors 0…: Lamport's single-decree synod.</summary>
    public static void Paxos(Cast cast, int proposers, int acceptors)
    {
        int quorum = (acceptors / 2) + 1;
        for (int a = 0; a < acceptors; a++)
        {
            cast.Add(a, Accept, new int[3]);
        }

        for (int b = 1; b <= proposers; b++)
        {
            cast.Add(10 + b, Propose, new int[4]);
            for (int a = 0; a < acceptors; a++)
            {
                cast.Queue(10 + b, a, "prepare");
            }
        }

        // Promised, ballot and value of what was accepted.
        static void Accept(Peer self, int from, Say say)
        {
            int ballot = from - 10;
            if (say.Word == "prepare" && ballot > self.S[0])
            {
                self.S[0] = ballot;
                self.Tell(from, "promise", (self.S[1] * 10) + self.S[2]);
            }
            else if (say.Word == "accept" && ballot >= self.S[0])
            {
                (self.S[0], self.S[1], self.S[2]) = (ballot, ballot, say.Value);
                self.Tell(from, "accepted");
            }
        }

        // Promises, the highest ballot and value in them, what it proposes, how many accepted.
        void Propose(Peer self, int from, Say say)
        {
            int[] s = self.S;
            if (say.Word == "accepted")
            {
                s[3]++;
                return;
            }

            s[0]++;
            s[1] = s[0] <= quorum ? Math.Max(s[1], say.Value) : s[1];
            if (s[0] == quorum)
            {
                s[2] = s[1] != 0 ? s[1] % 10 : self.Index - 10;
                for (int a = 0; a < acceptors; a++)
                {
                    self.Tell(a, "accept", s[2]);
                }
            }
        }
    }

    /// <summary>Two-phase commit: a vote is a choice, and so is whether the coordinator crashes when it has them all. Nobody goes on after that.</summary>
    public static void Commit(Cast cast, int participants)
    {
        Peer coordinator = cast.Add(0, Coordinate, new int[4]);
        for (int p = 1; p <= participants; p++)
        {
            cast.Add(p, Take, [0]);
            cast.Queue(0, p, "prepare");
        }

        cast.World.Finished = () => coordinator.S[2] == participants;

        void Coordinate(Peer self, int from, Say say)
        {
            int[] s = self.S;
            if (say.Word == "ack")
            {
                s[2]++;
                return;
            }

            s[1] += say.Value;
            if (++s[0] < participants)
            {
                return;
            }

            s[3] = self.Choose(2, "crashes");
            for (int p = 1; p <= participants && s[3] == 0; p++)
            {
                self.Tell(p, s[1] == participants ? "commit" : "abort");
            }
        }

        static void Take(Peer self, int from, Say say)
        {
            if (say.Word == "prepare")
            {
                self.S[0] = 1 + self.Choose(2, "votes yes");
                self.Tell(from, "vote", self.S[0] - 1);
            }
            else
            {
                self.S[0] = say.Word == "commit" ? 3 : 4;
                self.Tell(from, "ack");
            }
        }
    }

    /// <summary>The bully's election (Garcia-Molina, IEEE Trans. Comput. 31, 1982); the first <paramref name="starters"/> nodes start one.</summary>
    public static void Bully(Cast cast, int nodes, int starters)
    {
        for (int i = 0; i < nodes; i++)
        {
            cast.Add(i, On, [0, 0, -1]);
        }

        for (int i = 0; i < starters; i++)
        {
            cast.Queue(Environment, i, "start");
        }

        void On(Peer self, int from, Say say)
        {
            switch (say.Word)
            {
                case "ok":
                    self.S[1]++;
                    return;
                case "leader":
                    self.S[2] = from;
                    return;
                case "election":
                    self.Tell(from, "ok");
                    break;
            }

            if (self.S[0] == 1)
            {
                return;
            }

            self.S[0] = 1;
            bool isHighest = self.Index == nodes - 1;
            self.S[2] = isHighest ? self.Index : self.S[2];
            foreach (int j in Others(self, nodes).Where(j => isHighest || j > self.Index))
            {
                self.Tell(j, isHighest ? "leader" : "election");
            }
        }
    }

    /// <summary>The alternating bit over two links that lose some messages; a timeout has the item sent again.</summary>
    public static void AlternatingBit(Cast cast, int items, int timeouts, int losses)
    {
        Peer sender = cast.Add(0, Send, [0]);
        cast.Add(1, Receive, [0]);
        cast.Add(2, (self, _, say) => Pass(self, 1, say), [losses]);
        cast.Add(3, (self, _, say) => Pass(self, 0, say), [losses]);
        cast.Queue(Environment, 0, "start");
        for (int t = 0; t < timeouts; t++)
        {
            cast.Queue(Environment, 0, "timeout");
        }

        cast.World.Finished = () => sender.S[0] == items;

        void Send(Peer self, int from, Say say)
        {
            bool isNews = say.Word != "ack" || say.Value == self.S[0] % 2;
            self.S[0] += say.Word == "ack" && isNews ? 1 : 0;
            if (isNews && self.S[0] < items)
            {
                self.Tell(2, "item", self.S[0] % 2);
            }
        }

        static void Receive(Peer self, int from, Say say)
        {
            self.S[0] += say.Value == self.S[0] % 2 ? 1 : 0;
            self.Tell(3, "ack", say.Value);
        }

        static void Pass(Peer self, int to, Say say)
        {
            if (self.S[0] > 0 && self.Choose(2, "loses it") == 1)
            {
                self.S[0]--;
            }
            else
            {
                self.Tell(to, say.Word, say.Value);
            }
        }
    }

    /// <summary>A snapshot (Chandy and Lamport, ACM TOCS 3, 1985) while everybody pays the next one. State: money, recorded, marks, recorded under way.</summary>
    public static void Snapshot(Cast cast, int nodes)
    {
        for (int i = 0; i < nodes; i++)
        {
            cast.Add(i, On, [10, -1, 0, 0]);
            cast.Queue(Environment, i, "pay");
        }

        cast.Queue(Environment + 1, 0, "snap");

        void On(Peer self, int from, Say say)
        {
            int[] s = self.S;
            switch (say.Word)
            {
                case "pay":
                    s[0]--;
                    self.Tell((self.Index + 1) % nodes, "money", 1);
                    return;
                case "money":
                    s[0] += say.Value;
                    s[3] += s[1] >= 0 && (s[2] >> from & 1) == 0 ? say.Value : 0;
                    return;
                case "mark":
                    s[2] |= 1 << from;
                    break;
            }

            if (s[1] < 0)
            {
                s[1] = s[0];
                ToOthers(self, nodes, "mark", 0);
            }
        }
    }

    /// <summary>Tokens that go round for ever.</summary>
    public static void Endless(Cast cast, int nodes, int tokens)
    {
        for (int i = 0; i < nodes; i++)
        {
            cast.Add(i, (self, _, _) => self.Tell((self.Index + 1) % nodes, "token"));
        }

        for (int t = 0; t < tokens; t++)
        {
            cast.Queue((t + nodes - 1) % nodes, t, "token");
        }
    }

    /// <summary>Peterson's mutual exclusion for ever, by messages to cells: flags 0 and 1, turn 2; processes 10 and 11.</summary>
    public static void Peterson(Cast cast)
    {
        for (int i = 0; i < 3; i++)
        {
            cast.Add(i, Remember, [0]);
        }

        for (int i = 10; i < 12; i++)
        {
            cast.Add(i, Go, [0]);
            cast.Queue(Environment, i, "go");
        }

        static void Remember(Peer self, int from, Say say)
        {
            self.S[0] = say.Word == "write" ? say.Value : self.S[0];
            self.Tell(from, say.Word == "write" ? "did" : "value", say.Word == "write" ? 0 : self.S[0]);
        }

        static void Go(Peer self, int from, Say say)
        {
            int own = self.Index - 10;
            (int next, int to, string word, int value) = self.S[0] switch
            {
                0 => (1, own, "write", 1),
                1 => (2, 2, "write", 1 - own),
                2 => (3, 1 - own, "read", 0),
                3 when say.Value != 0 => (4, 2, "read", 0),
                4 when say.Value != own => (3, 1 - own, "read", 0),
                3 or 4 => (5, self.Index, "inside", 0),
                _ => (0, own, "write", 0),
            };
            self.S[0] = next;
            self.Tell(to, word, value);
        }
    }

    private static IEnumerable<int> Others(Peer self, int n) => Enumerable.Range(0, n).Where(j => j != self.Index);

    private static void ToOthers(Peer self, int n, string word, int value)
    {
        foreach (int j in Others(self, n))
        {
            self.Tell(j, word, value);
        }
    }
}
