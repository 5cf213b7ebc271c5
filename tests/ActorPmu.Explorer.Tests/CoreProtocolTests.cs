using ActorPmu.Actors;
using ActorPmu.Explorer.Tests.CoreProtocol;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests;

public sealed class CoreProtocolTests
{
    // The same model in Promela has one state more in SPIN 6.5.2: that before its processes begin.
    [Theory]
    [InlineData(1, 1, 295)]
    [InlineData(2, 1, 1_929)]
    public void The_states_are_as_many_as_SPIN_and_brute_force_find(int cpus, int users, int states)
    {
        ExplorationResult result = Run(cpus, users, Fault.None, long.MaxValue);

        Assert.Equal((states, true), (result.States, result.IsComplete));
        Assert.Equal(states, Brute(() => Protocol.Build(cpus, users).World).Count);
    }

    [Fact]
    public void Two_processors_and_two_users_have_as_many_states_and_steps_as_in_SPIN()
    {
        ExplorationResult result = Run(2, 2, Fault.None, long.MaxValue);

        Assert.Equal((155_751, 575_232, true), (result.States, result.StepsTotal, result.IsComplete));
        Assert.Equal(result.StepsTotal, result.States - 1 + result.Abandoned);
        Assert.Empty(result.Violations);
    }

    [Fact]
    public void A_fault_is_found_by_a_shortest_way_that_can_be_replayed()
    {
        ExplorationResult result = Run(2, 2, Fault.CloseWithoutElection, long.MaxValue);

        FoundViolation found = Assert.Single(result.Violations);
        int deliveries = found.Choices.Count(c => c.Kind == ChoiceKind.Deliver);
        RunRecording recording = RunRecording.Of(() => Protocol.Build(2, 2, Fault.CloseWithoutElection), new ReplayChooser(found.Choices), 1_000);
        Assert.Equal((RunEnd.Halted, (long)deliveries), (recording.End, recording.StepCount));
        Assert.Equal(found.Violation.Signature, Assert.Single(recording.Violations).Signature);

        // No way that is a step shorter breaks anything.
        ExplorationResult shorter = Run(2, 2, Fault.CloseWithoutElection, deliveries - 1);
        Assert.Empty(shorter.Violations);
        Assert.False(shorter.IsComplete);
        Assert.Equal(23, deliveries);
    }

    private static ExplorationResult Run(int cpus, int users, Fault fault, long stepsMax) => new Exploration(
        () => Protocol.Build(cpus, users, fault),
        new ExploreOptions { Strategy = () => new StatesStrategy(), SchedulesMax = long.MaxValue, StepsMax = stepsMax }).Run();

    // Each state once, come to from the start with fresh objects, and told apart by all that it consists of.
    private static HashSet<string> Brute(Func<World> build)
    {
        HashSet<string> states = [];
        Queue<List<int>> ways = new([[]]);
        while (ways.TryDequeue(out List<int>? way))
        {
            World world = build();
            Walk walk = new(way);
            world.Run(walk, way.Count);
            if (!walk.IsLost && states.Add(Text(world)))
            {
                for (int c = 0; c < world.ChannelCount; c++)
                {
                    ways.Enqueue([.. way, 2 * c]);
                    ways.Enqueue([.. way, (2 * c) + 1]);
                }
            }
        }

        return states;
    }

    private static string Text(World world)
    {
        List<string> parts = [];
        foreach (Actor actor in world.Actors)
        {
            ulong[] numbers = new ulong[actor.SavedSize!.Value];
            actor.Save(numbers);
            parts.Add(string.Join(',', numbers));
        }

        foreach (int channel in world.NonEmptyChannels)
        {
            parts.Add($"{world.Sender(channel)}>{world.Receiver(channel)}:{world.Head(channel).Message.Label} of {world.Waiting(channel)}");
        }

        return string.Join(' ', parts);
    }

    private sealed class Walk(List<int> way) : IChooser
    {
        private int _at;

        public bool IsLost { get; private set; }

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            int at = enabled.IndexOf(way[_at++] / 2);
            IsLost |= at < 0;
            return at;
        }

        public int Choose(ActorId by, int optionCount, string what) => way[_at - 1] % 2;
    }
}
