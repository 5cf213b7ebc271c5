using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests;

/// <summary>What an actor asks when it starts, before the first delivery, is a choice as any other.</summary>
public sealed class ChoicesAtTheStartTests
{
    [Fact]
    public void Depth_first_goes_into_each() => Assert.Equal((2, 1), Ends(new DfsStrategy()));

    [Fact]
    public void States_that_differ_by_an_answer_at_the_start_are_two() => Assert.Equal((2, 1), Ends(new StatesStrategy()));

    [Fact]
    public void A_search_that_takes_steps_back_refuses_rather_than_to_leave_answers_out() =>
        Assert.Throws<InvalidOperationException>(() => Ends(new StatesStrategy(), canGoBack: true));

    private static (long Schedules, long Deadlocks) Ends(IStrategy strategy, bool canGoBack = false)
    {
        ExplorationResult all = new Exploration(() => Build(canGoBack), new ExploreOptions { Strategy = () => strategy, KeepGoing = true }).Run();
        Assert.True(all.IsComplete);
        return (all.Schedules, all.Deadlocks);
    }

    private static Subject Build(bool canGoBack)
    {
        World world = new();
        world.Add(new Chooser(canGoBack));
        for (int i = 0; i < 2; i++)
        {
            world.Send(Node.IdOf(1), Node.IdOf(0), Lane.Request, 0, new Say("go", i));
        }

        return new Subject(world, _ => []) { CanGoBack = canGoBack };
    }

    // With one of two answers it takes one message, and refuses what comes then.
    private sealed class Chooser(bool saysItsState) : Actor(Node.IdOf(0))
    {
        private int _answer;

        public override int? SavedSize => saysItsState ? 1 : null;

        public override void Start() => _answer = Host.Choose(Id, 2, "takes one only");

        public override void Receive(in Envelope envelope) => AcceptMask = _answer == 1 ? 0 : AcceptAll;

        public override void Save(Span<ulong> into) => into[0] = (ulong)_answer;

        public override void Load(ReadOnlySpan<ulong> from) => _answer = (int)from[0];
    }
}
