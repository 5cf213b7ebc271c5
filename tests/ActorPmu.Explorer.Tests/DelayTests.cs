using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

public sealed class DelayTests
{
    [Fact]
    public void Independent_senders_have_as_many_schedules_of_k_delays_as_orders_have_k_inversions()
    {
        // Numbers of permutations of 4 by inversions (Mahonian numbers).
        int[] mahonian = [1, 3, 5, 6, 5, 3, 1];
        int sum = 0;
        for (int k = 0; k < mahonian.Length; k++)
        {
            sum += mahonian[k];
            ExplorationResult some = Run(() => Explore.Unjudged(ReferencePrograms.NSend(4, 1)), k);

            Assert.Equal((sum, sum), (some.Schedules, some.Traces.Count));
            Assert.Equal(k, some.DelaysCovered);
            Assert.Equal(k == 6, some.IsComplete);
        }
    }

    [Theory]
    [InlineData("lock 2 2", 78)]
    [InlineData("lock 3 1", 72)]
    [InlineData("2pc 3", 8_100)]
    [InlineData("pairs 2 2", 70)]
    [InlineData("ascending 3", 433)]
    public void Without_a_bound_it_runs_every_order_once(string program, long orders)
    {
        ExplorationResult all = Run(() => ReferencePrograms.Of(program), int.MaxValue);

        Assert.True(all.IsComplete);
        Assert.Equal(orders, all.Schedules);
        Assert.Equal(Explore.Dfs(() => ReferencePrograms.Of(program), 10_000).Digest, all.Digest);
    }

    [Theory]
    [InlineData("lock 2 2")]
    [InlineData("ascending 3")]
    [InlineData("philosophers 2")]
    public void The_numbers_for_each_bound_are_those_of_brute_force(string program)
    {
        List<int> delays = [];
        Count(() => ReferencePrograms.Of(program).World, [], delays);
        int most = delays.Max();
        for (int k = 0; k <= most; k++)
        {
            Assert.Equal(delays.Count(d => d <= k), Run(() => ReferencePrograms.Of(program), k).Schedules);
        }
    }

    [Fact]
    public void Other_answers_inside_steps_count_as_delays()
    {
        ExplorationResult none = Run(() => ReferencePrograms.HandOff(2, 1), 0);
        ExplorationResult some = Run(() => ReferencePrograms.HandOff(2, 1), 2);
        ExplorationResult enough = Run(() => ReferencePrograms.HandOff(2, 1), 3);

        Assert.Equal(1, none.Schedules);
        Assert.Empty(none.Violations);

        // The lock is handed on, and word of it to the server is overtaken twice: by the hand-off, and by the peer's work.
        Assert.Empty(some.Violations);
        Assert.Contains(Assert.Single(enough.Violations).Choices, c => c is { Kind: ChoiceKind.Inside, Option: 1 });
    }

    [Fact]
    public void What_is_covered_is_known_where_the_bound_on_schedules_ends_it()
    {
        ExplorationResult some = new Exploration(
            () => Explore.Unjudged(ReferencePrograms.NSend(4, 1)),
            new ExploreOptions { Strategy = () => new DelayStrategy(), SchedulesMax = 9 }).Run();

        Assert.Equal((9L, 2), (some.Schedules, some.DelaysCovered));
        Assert.False(some.IsComplete);
    }

    [Theory]
    [InlineData("lock 2 2", 4, 100_000)]
    [InlineData("2pc 3", int.MaxValue, 100_000)]
    [InlineData("ascending 3", int.MaxValue, 300)]
    [InlineData("hand-off 2 1", 5, 100_000)]
    public void Parts_of_each_level_put_together_are_the_search_in_one_piece(string program, int delaysMax, int schedulesMax)
    {
        Func<Subject> build = () => ReferencePrograms.Of(program);
        ExploreOptions options = new() { Strategy = () => new DelayStrategy(delaysMax), SchedulesMax = schedulesMax, KeepGoing = true, DelaysMax = delaysMax };
        ExplorationResult whole = new Exploration(build, options).Run();
        DelaySearch search = new(build, options);
        ExplorationMerge merge = new();
        int levels = 0;
        do
        {
            // Gone on with in another object, from what is known in the middle of a level.
            DelaySearch other = new(build, options);
            int half = search.PartCount / 2;
            ExplorationResult[] parts = new ExplorationResult[search.PartCount];
            for (int i = half - 1; i >= 0; i--)
            {
                parts[i] = search.RunPart(i, schedulesMax);
            }

            long[] done = [.. Enumerable.Range(0, half).Select(i => (long)i)];
            other.Continue(search.Knowledge(done), done);
            search = other;
            for (int i = parts.Length - 1; i >= half; i--)
            {
                parts[i] = search.RunPart(i, schedulesMax);
            }

            Array.ForEach(parts, p => merge.Add(p, isNumberedApart: true));
            levels++;
        }
        while (merge.Result.Schedules < schedulesMax && search.NextLevel().IsThere);

        if (whole.Schedules < schedulesMax)
        {
            Assert.Equal((whole.Schedules, whole.StepsTotal, whole.Digest, whole.DelaysCovered), (merge.Result.Schedules, merge.Result.StepsTotal, merge.Result.Digest, levels - 1));
            Assert.Equal(
                whole.Violations.Select(v => (v.Violation.Signature, v.Schedule, v.Schedules)),
                merge.Result.Violations.Select(v => (v.Violation.Signature, v.Schedule, v.Schedules)));
        }

        Assert.Equal(whole.Traces, merge.Result.Traces.Take(whole.Traces.Count));
    }

    [Theory]
    [InlineData("runs -1.-1.0.6 0.0.1.6:7.2.1", "\"7.2.1\" is no question of a run with 6")]
    [InlineData("runs -1.-1.0.6 1.0.1.6", "\"1.0.1.6\" goes on from no schedule that was run")]
    [InlineData("runs -1.-1.0.6 -1.-1.0.6", "\"-1.-1.0.6\" is not in its place")]
    [InlineData("runs 0.0.1.6", "\"0.0.1.6\" goes on from no schedule that was run")]
    [InlineData("runs -1.-1.0", "\"-1.-1.0\" has 3 numbers and not 4")]
    [InlineData("ran 1", "\"ran 1\" is not what was run: runs")]
    public void What_is_known_of_another_search_is_read_strictly(string line, string problem)
    {
        DelaySearch search = new(() => ReferencePrograms.Of("lock 2 2"), new ExploreOptions { Strategy = () => new DelayStrategy() });
        KnowledgeException e = Assert.Throws<KnowledgeException>(() => search.Continue([line], []));
        Assert.Equal((0, problem), (e.Line, e.Message));
    }

    private static ExplorationResult Run(Func<Subject> build, int delaysMax) => new Exploration(
        build, new ExploreOptions { Strategy = () => new DelayStrategy(delaysMax), SchedulesMax = 100_000, KeepGoing = true, DelaysMax = delaysMax }).Run();

    // All runs, each as the delays that it took at each of its points; the line of messages is kept as a list.
    private static void Count(Func<World> build, List<int> prefix, List<int> delays)
    {
        Line line = new(prefix);
        build().Run(line, 1_000);
        delays.Add(line.Taken.Sum());
        for (int i = prefix.Count; i < line.Taken.Count; i++)
        {
            for (int v = 1; v < line.Options[i]; v++)
            {
                Count(build, [.. line.Taken[..i], v], delays);
            }
        }
    }

    private sealed class Line(List<int> prefix) : IChooser
    {
        private readonly List<(int Channel, int Sequence)> _waiting = [];

        public List<int> Taken { get; } = [];

        public List<int> Options { get; } = [];

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            foreach (int channel in world.NonEmptyChannels.ToArray().OrderBy(world.SentIn))
            {
                if (!_waiting.Contains((channel, world.Head(channel).Sequence)))
                {
                    // Behind whatever was sent before it, and before what was sent or delayed later.
                    int at = _waiting.FindIndex(w => Sent(world, w) > world.SentIn(channel));
                    _waiting.Insert(at < 0 ? _waiting.Count : at, (channel, world.Head(channel).Sequence));
                }
            }

            int[] can = enabled.ToArray();
            if (can.Length > 1)
            {
                int v = Taken.Count < prefix.Count ? prefix[Taken.Count] : 0;
                Taken.Add(v);
                Options.Add(can.Length);
                for (; v > 0; v--)
                {
                    (int Channel, int Sequence) first = _waiting.First(w => can.Contains(w.Channel));
                    _waiting.Remove(first);
                    _waiting.Add(first);
                    _delayed[first] = world.Steps;
                }
            }

            (int Channel, int Sequence) next = _waiting.First(w => can.Contains(w.Channel));
            _waiting.Remove(next);
            return Array.IndexOf(can, next.Channel);
        }

        public int Choose(ActorId by, int optionCount, string what) => 0;

        private readonly Dictionary<(int, int), long> _delayed = [];

        private double Sent(World world, (int Channel, int Sequence) waiting) =>
            _delayed.TryGetValue(waiting, out long step) ? step + 0.5 : world.SentIn(waiting.Channel);
    }
}
