using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests;

public sealed class RaceExplainerTests
{
    [Fact]
    public void The_pair_whose_order_decides_is_named()
    {
        // Node 0 takes a, b and c; it is wrong if c comes before a.
        Explanation why = Explain(() => Receiver(["a", "b", "c"], order => order.IndexOf("c") < order.IndexOf("a")), pick: last => last);

        Assert.Equal(Cause.Race, why.Cause);
        Assert.Equal(new Race(1, 3, Node.IdOf(0)), why.Race! with { Undelivered = null });
        Assert.True(why.IsCertain);
    }

    [Fact]
    public void Where_every_order_fails_there_is_no_race()
    {
        Explanation why = Explain(() => Receiver(["a", "b"], _ => true), pick: _ => 0);

        Assert.Equal(Cause.None, why.Cause);
        Assert.Null(why.Race);
        Assert.Equal(1, why.PairsTried);
        Assert.Equal((100, 100), (why.OthersTried, why.OthersBroken));
    }

    [Fact]
    public void An_answer_that_decides_is_named_and_no_race_is()
    {
        Explanation why = Explain(Asks, pick: _ => 0, option: 1);

        Assert.Equal(Cause.Answer, why.Cause);
        Assert.Equal((1L, "node/0: it fails"), (why.AnswerStep, why.Question));
    }

    [Fact]
    public void Where_two_pairs_must_be_turned_round_no_single_one_is_blamed()
    {
        // At two receivers b comes before a, and each is wrong by itself.
        Explanation why = Explain(TwoReceivers, pick: last => last);

        Assert.Equal(Cause.Several, why.Cause);
        Assert.Equal(2, why.PairsTried);
        Assert.InRange(why.OthersBroken, 1, 99);
    }

    [Fact]
    public void A_message_that_came_too_late_is_named_though_it_was_never_delivered()
    {
        FoundViolation v = new Exploration(
            () => ReferencePrograms.HandOff(3, 4), Explore.RandomOptions(seed: 11, schedulesMax: 100)).Run().Violations[0];
        ShrinkResult shrunk = Shrinker.Shrink(() => ReferencePrograms.HandOff(3, 4), v.Choices, v.Violation.Signature);
        RunRecording run = RunRecording.Of(() => ReferencePrograms.HandOff(3, 4), new ReplayChooser(shrunk.Choices), 10_000)
            .Explained(() => ReferencePrograms.HandOff(3, 4), 10_000, seed: 1);

        // The new holder works before the server has heard that the old one resigns.
        Assert.Equal(Cause.Race, run.Explanation!.Cause);
        Assert.Equal(9, run.ShownRace!.Earlier);
        Assert.Equal("resign", run.ShownRace.Undelivered!.What.Split(' ')[0]);
    }

    [Fact]
    public void Explaining_twice_says_the_same() => Assert.Equivalent(
        Explain(TwoReceivers, pick: last => last),
        Explain(TwoReceivers, pick: last => last), strict: true);

    private static Explanation Explain(Func<Subject> build, Func<int, int> pick, int option = 0)
    {
        RunRecording run = RunRecording.Of(build, new Fixed(pick, option), 100);
        Assert.Single(run.Violations);
        return run.Explained(build, 100, seed: 1).Explanation!;
    }

    private static Subject Receiver(string[] words, Func<List<string>, bool> isWrong)
    {
        World world = new();
        List<string> order = [];
        world.Add(new Node(0, (_, _, say) => order.Add(say.Word)));
        for (int i = 0; i < words.Length; i++)
        {
            world.Send(Node.IdOf(i + 1), Node.IdOf(0), Lane.Request, 0, new Say(words[i]));
        }

        return new Subject(world, _ => isWrong(order) ? [new Violation(Property.Expectations, world.Steps, string.Join(' ', order), [])] : []);
    }

    private static Subject TwoReceivers()
    {
        World world = new();
        string order = "";
        for (int to = 0; to < 2; to++)
        {
            int at = to;
            world.Add(new Node(at, (_, _, say) => order += $"{say.Word}{at} "));
            world.Send(Node.IdOf(10), Node.IdOf(at), Lane.Request, 0, new Say("a"));
            world.Send(Node.IdOf(11), Node.IdOf(at), Lane.Request, 0, new Say("b"));
        }

        return new Subject(
            world,
            _ => Before("b0", "a0") || Before("b1", "a1") ? [new Violation(Property.Expectations, world.Steps, order, [])] : []);

        bool Before(string first, string second) => order.IndexOf(first, StringComparison.Ordinal) < order.IndexOf(second, StringComparison.Ordinal);
    }

    private static Subject Asks()
    {
        World world = new();
        bool failed = false;
        world.Add(new Node(0, (self, _, _) => failed = self.Host.Choose(self.Id, 2, "it fails") == 1));
        world.Send(Node.IdOf(1), Node.IdOf(0), Lane.Request, 0, new Say("go"));
        return new Subject(world, _ => failed ? [new Violation(Property.Expectations, world.Steps, "it failed", [])] : []);
    }

    private sealed class Fixed(Func<int, int> pick, int option) : IChooser
    {
        public int Pick(World world, ReadOnlySpan<int> enabled) => pick(enabled.Length - 1);

        public int Choose(ActorId by, int optionCount, string what) => option;
    }
}
