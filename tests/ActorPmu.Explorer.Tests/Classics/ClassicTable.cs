namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>The programs with their numbers.</summary>
/// <remarks>
/// Traces of the first part follow from the formulas that stand with the programs; everything else was counted by another program, in another language, which
/// knows of no reduction: it walks through all states and all prefixes of traces, and adds up orders along the states.
/// </remarks>
internal static class ClassicTable
{
    public static IReadOnlyList<Classic> All { get; } =
    [
        // n!
        new("broadcast 4", c => Counted.Broadcast(c, 4)) { Orders = (2_520, 0), Traces = (24, 0), Configurations = 169, States = (169, 24, 0) },
        new("broadcast 5", c => Counted.Broadcast(c, 5)) { Orders = (113_400, 0), Traces = (120, 0), Configurations = 873, States = (873, 120, 0) },

        // ((n − 1)!)ⁿ
        new("gossip 3", c => Counted.Gossip(c, 3)) { Orders = (720, 0), Traces = (8, 0), Configurations = 125, States = (125, 8, 0) },

        // w!·(w + 1)ʳ
        new("cell 1 3", c => Counted.Cell(c, 1, 3)) { Orders = (630, 0), Traces = (8, 0), Configurations = 152, States = (152, 8, 0), IsPlain = false },
        new("cell 2 3", c => Counted.Cell(c, 2, 3)) { Orders = (5_040, 0), Traces = (54, 0), Configurations = 963, States = (963, 54, 0), IsPlain = false },
        new("cell 3 3", c => Counted.Cell(c, 3, 3)) { Orders = (45_360, 0), Traces = (384, 0), Configurations = 6_834, States = (4_647, 192, 0), IsPlain = false },

        // (n + 3)·2ⁿ⁻²
        new("last-zero 1", c => Counted.LastZero(c, 1)) { Orders = (35, 0), Traces = (2, 0), Configurations = 24, States = (24, 2, 0), IsPlain = false },
        new("last-zero 2", c => Counted.LastZero(c, 2)) { Orders = (13_475, 0), Traces = (5, 0), Configurations = 142, States = (142, 5, 0), IsPlain = false },
        new("last-zero 4", c => Counted.LastZero(c, 4)) { Orders = (151_332_835_500, 0), Traces = (28, 0), Configurations = 4_636, States = (4_636, 28, 0), IsPlain = false },

        // One producer and one consumer: paths that go up and down between 0 and the capacity; for capacity 1, 2, 3 and enough 1, 2ᵏ⁻¹, F(2k − 1), Catalan's number of k.
        new("buffer 1 1 5 1 5", c => Counted.Buffer(c, 1, 1, 5, 1, 5)) { Orders = (1, 0), Traces = (1, 0), Configurations = 11, States = (11, 1, 0) },
        new("buffer 2 1 6 1 6", c => Counted.Buffer(c, 2, 1, 6, 1, 6)) { Orders = (32, 0), Traces = (32, 0), Configurations = 158, States = (18, 1, 0) },
        new("buffer 3 1 6 1 6", c => Counted.Buffer(c, 3, 1, 6, 1, 6)) { Orders = (89, 0), Traces = (89, 0), Configurations = 410, States = (22, 1, 0) },
        new("buffer 9 1 6 1 6", c => Counted.Buffer(c, 9, 1, 6, 1, 6)) { Orders = (132, 0), Traces = (132, 0), Configurations = 625, States = (28, 1, 0) },
        new("buffer 1 2 2 2 2", c => Counted.Buffer(c, 1, 2, 2, 2, 2)) { Orders = (36, 0), Traces = (36, 0), Configurations = 163, States = (35, 1, 0) },
        new("buffer 2 2 2 2 2", c => Counted.Buffer(c, 2, 2, 2, 2, 2)) { Orders = (288, 0), Traces = (288, 0), Configurations = 995, States = (45, 1, 0) },

        // (rounds + 1)ⁿ
        new("token-ring 3 2", c => Counted.TokenRing(c, 3, 2)) { Orders = (504, 0), Traces = (27, 0), Configurations = 213, States = (146, 8, 0) },
        new("token-ring 4 2", c => Counted.TokenRing(c, 4, 2)) { Orders = (11_880, 0), Traces = (81, 0), Configurations = 911, States = (535, 16, 0) },

        // n·kⁿ⁻¹
        new("racers 2 3", c => Counted.Racers(c, 2, 3)) { Orders = (20, 0), Traces = (6, 0), Configurations = 15, States = (15, 6, 0), IsPlain = false },
        new("racers 3 3", c => Counted.Racers(c, 3, 3)) { Orders = (543, 0), Traces = (27, 0), Configurations = 54, States = (54, 27, 0), IsPlain = false },
        new("racers 4 2", c => Counted.Racers(c, 4, 2)) { Orders = (196, 0), Traces = (32, 0), Configurations = 48, States = (48, 32, 0), IsPlain = false },

        // 2^(2^depth − 1)
        new("tree 1", c => Counted.Tree(c, 1)) { Orders = (6, 0), Traces = (2, 0), Configurations = 11, States = (10, 1, 0), CanGoBack = false },
        new("tree 2", c => Counted.Tree(c, 2)) { Orders = (33_264, 0), Traces = (8, 0), Configurations = 174, States = (122, 1, 0), CanGoBack = false },

        // 2ⁿ − 1, one of them the deadlock; 2ⁿ − 2
        new("forks 2", c => Counted.Forks(c, 2, false)) { Orders = (22, 6), Traces = (3, 1), Configurations = 37, States = (36, 2, 1) },
        new("forks 3", c => Counted.Forks(c, 3, false)) { Orders = (44_850, 90), Traces = (7, 1), Configurations = 282, States = (232, 2, 1) },
        new("forks 4", c => Counted.Forks(c, 4, false)) { Orders = (509_029_208, 2_520), Traces = (15, 1), Configurations = 1_957, States = (1_440, 2, 1) },
        new("left-handed 2", c => Counted.Forks(c, 2, true)) { Orders = (16, 0), Traces = (2, 0), Configurations = 33, States = (32, 1, 0) },
        new("left-handed 4", c => Counted.Forks(c, 4, true)) { Orders = (509_695_968, 0), Traces = (14, 0), Configurations = 1_797, States = (1_292, 1, 0) },

        // Counted.
        new("readers-writers 2 1", c => Protocols.ReadersWriters(c, 2, 1)) { Orders = (42, 0), Traces = (14, 0), Configurations = 98, States = (40, 1, 0) },
        new("readers-writers 2 2", c => Protocols.ReadersWriters(c, 2, 2)) { Orders = (132, 0), Traces = (48, 0), Configurations = 365, States = (96, 1, 0) },
        new("readers-writers 3 1", c => Protocols.ReadersWriters(c, 3, 1)) { Orders = (3_480, 0), Traces = (216, 0), Configurations = 1_585, States = (144, 1, 0) },
        new("lamport 2", c => Protocols.Lamport(c, 2)) { Orders = (30, 0), Traces = (5, 0), Configurations = 43, States = (43, 5, 0) },
        new("ricart-agrawala 2", c => Protocols.RicartAgrawala(c, 2)) { Orders = (8, 0), Traces = (3, 0), Configurations = 21, States = (21, 3, 0) },
        new("ricart-agrawala 3", c => Protocols.RicartAgrawala(c, 3)) { Orders = (2_787_542, 0), Traces = (1_938, 0), Configurations = 13_874, States = (3_221, 64, 0) },
        new("paxos 1 3", c => Protocols.Paxos(c, 1, 3)) { Orders = (45_360, 0), Traces = (72, 0), Configurations = 584, States = (128, 1, 0) },
        new("paxos 2 2", c => Protocols.Paxos(c, 2, 2)) { Orders = (435_780, 0), Traces = (112, 0), Configurations = 1_669, States = (465, 5, 0) },
        new("commit 2", c => Protocols.Commit(c, 2)) { Orders = (168, 24), Traces = (24, 8), Configurations = 109, States = (57, 7, 4) },
        new("commit 3", c => Protocols.Commit(c, 3)) { Orders = (65_520, 720), Traces = (336, 48), Configurations = 2_025, States = (285, 12, 8) },
        new("bully 3 1", c => Protocols.Bully(c, 3, 1)) { Orders = (511, 0), Traces = (9, 0), Configurations = 124, States = (68, 1, 0) },
        new("bully 3 2", c => Protocols.Bully(c, 3, 2)) { Orders = (7_392, 0), Traces = (54, 0), Configurations = 628, States = (165, 1, 0) },
        new("snapshot 2", c => Protocols.Snapshot(c, 2)) { Orders = (102, 0), Traces = (16, 0), Configurations = 103, States = (64, 5, 0) },

        // Orders and states end where all has been acknowledged; traces run on until nothing is left.
        new("alternating-bit 1 1 1", c => Protocols.AlternatingBit(c, 1, 1, 1)) { Orders = (92, 11), Traces = (8, 2), Configurations = 42, States = (33, 8, 1), IsPlain = false },
        new("alternating-bit 2 1 1", c => Protocols.AlternatingBit(c, 2, 1, 1)) { Orders = (1_213, 618), Traces = (21, 10), Configurations = 117, States = (82, 13, 5), IsPlain = false },
        new("alternating-bit 2 2 1", c => Protocols.AlternatingBit(c, 2, 2, 1)) { Orders = (586_080, 215_758), Traces = (72, 12), Configurations = 705, States = (316, 38, 4), IsPlain = false },
        new("alternating-bit 3 2 2", c => Protocols.AlternatingBit(c, 3, 2, 2)) { Orders = (3_556_909, 2_193_290), Traces = (381, 222), Configurations = 2_099, States = (586, 58, 22), IsPlain = false },

        // They never end: states only.
        new("endless 5 1", c => Protocols.Endless(c, 5, 1)) { States = (5, 0, 0) },
        new("endless 4 2", c => Protocols.Endless(c, 4, 2)) { States = (10, 0, 0) },
        new("peterson", Protocols.Peterson) { States = (208, 0, 0) },
    ];

    public static Classic Of(string name) => All.Single(p => p.Name == name);
}
