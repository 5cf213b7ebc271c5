using ActorPmu.Actors;
using ActorPmu.Akka.Live;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Tests.Live;

public sealed class QuiescenceTests(LiveFixture akka) : IClassFixture<LiveFixture>
{
    private static readonly ActorId a = new(ActorKind.Node, 0);
    private static readonly ActorId b = new(ActorKind.Node, 1);

    [Fact]
    public async Task A_run_whose_messages_are_used_up_is_finished() =>
        Assert.Equal(["Finished after 11"], await Ends(host => Pair(host, turns: 11), runs: 20));

    [Fact]
    public async Task A_run_in_which_nobody_takes_what_waits_is_a_deadlock() =>
        Assert.Equal(["Deadlock after 1"], await Ends(host => host.Add(new Deaf(a)), runs: 20));

    [Fact]
    public async Task A_run_that_does_not_end_ends_at_the_step_bound() =>
        Assert.Equal(["StepBound after 100"], await Ends(host => Pair(host, turns: int.MaxValue), runs: 5));

    [Fact]
    public async Task A_refused_message_is_taken_as_soon_as_its_receiver_accepts_it() =>
        Assert.Equal(["Finished after 2"], await Ends(host => host.Add(new OpensOnSecond(a)), runs: 20));

    [Fact]
    public async Task A_behaviour_that_throws_ends_everything_with_the_choices_that_led_there()
    {
        RunCrashException crash = await Assert.ThrowsAsync<RunCrashException>(
            () => akka.System.Run(Program(host => host.Add(new Throws(a))), new LiveOptions { RunsMax = 1_000 }));

        Assert.Equal("no such thing", crash.InnerException!.Message);
        Assert.Equal([new Choice(ChoiceKind.Deliver, 0, 1)], crash.Choices);
    }

    // Each way in which some run ended, once.
    private async Task<IEnumerable<string>> Ends(Action<IActorHost> fill, int runs)
    {
        LiveResult result = await akka.System.Run(
            Program(fill), new LiveOptions { RunsMax = runs, StepsMax = 100, VerifiesEachRun = true });
        Assert.Equal(runs, result.Violations.Sum(v => v.Schedules));
        return result.Violations.Select(v => v.Violation.What).Order(StringComparer.Ordinal);
    }

    // How it ended is reported as if it were a violation: the result then tells of each end.
    private static Func<IActorHost, Subject> Program(Action<IActorHost> fill) => host =>
    {
        fill(host);
        return new Subject(host, end => [new Violation(Property.Expectations, host.Steps, $"{end} after {host.Steps}", [])]);
    };

    private static void Pair(IActorHost host, int turns)
    {
        host.Add(new Bouncer(a, b, turns));
        host.Add(new Bouncer(b, a, turns));
        host.Send(b, a, Lane.Request, 0, new Ball(1));
    }

    private sealed record Ball(int Turn) : Message;

    private sealed class Bouncer(ActorId id, ActorId other, int turns) : Actor(id)
    {
        public override void Receive(in Envelope envelope)
        {
            int turn = ((Ball)envelope.Message).Turn;
            if (turn < turns)
            {
                Host.Send(Id, other, Lane.Request, 0, new Ball(turn + 1));
            }
        }
    }

    private sealed class Deaf : Actor
    {
        public Deaf(ActorId id)
            : base(id) => AcceptMask = 0b01;

        public override void Start()
        {
            Host.Send(Id, Id, Lane.Request, 0, new Ball(0));
            Host.Send(Id, Id, Lane.Irq, 1, new Ball(1));
        }

        public override void Receive(in Envelope envelope)
        {
        }
    }

    private sealed class OpensOnSecond : Actor
    {
        public OpensOnSecond(ActorId id)
            : base(id) => AcceptMask = 0b10;

        public override void Start()
        {
            Host.Send(Id, Id, Lane.Request, 0, new Ball(0));
            Host.Send(Id, Id, Lane.Irq, 1, new Ball(1));
        }

        public override void Receive(in Envelope envelope) => AcceptMask = AcceptAll;
    }

    private sealed class Throws(ActorId id) : Actor(id)
    {
        public override void Start() => Host.Send(Id, Id, Lane.Request, 0, new Ball(0));

        public override void Receive(in Envelope envelope) => throw new InvalidOperationException("no such thing");
    }
}
