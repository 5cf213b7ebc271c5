using ActorPmu.Actors;
using ActorPmu.Akka.Controlled;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using CsCheck;

namespace ActorPmu.Akka.Tests.Controlled;

public sealed class ConformanceTests(ControlledFixture akka) : IClassFixture<ControlledFixture>
{
    private const long StepsMax = 20_000;

    public static TheoryData<string> DesignNames => [.. Catalogue.DesignNames];

    [Theory]
    [MemberData(nameof(DesignNames))]
    public void The_whole_catalogue_has_the_same_fingerprints_in_the_world_and_on_Akka(string design)
    {
        foreach (string scenario in Catalogue.Names)
        {
            SameOnAkka(scenario, design, seed: 1);
        }
    }

    [Fact]
    public void Generated_schedules_have_the_same_fingerprints_in_the_world_and_on_Akka() =>
        Gen.Select(OneOf(Catalogue.Names), OneOf(Catalogue.DesignNames), Gen.ULong)
            .Sample((scenario, design, seed) => SameOnAkka(scenario, design, seed), iter: 60, threads: 1);

    [Fact]
    public void A_schedule_that_chance_makes_on_Akka_is_one_of_the_deterministic_world()
    {
        Func<IActorHost, Subject> build = Catalogue.Program("allocation-fails", "v6");
        for (ulong seed = 0; seed < 10; seed++)
        {
            RunTrace akkaTrace = new();
            ControlledResult result = akka.System.Run(build, new ChanceOnAkka(seed), StepsMax, akkaTrace);
            akkaTrace.Close(result.End);

            RunTrace trace = new();
            Subject subject = build(new World());
            trace.Close(subject.World.Run(new ReplayChooser(akkaTrace.Choices), StepsMax, trace));
            Assert.Equal((akkaTrace.End, akkaTrace.Fingerprint, akkaTrace.Steps), (trace.End, trace.Fingerprint, trace.Steps));
            Assert.Equal(result.Violations.Select(v => v.Signature), subject.Judge(trace.End).Select(v => v.Signature));
        }
    }

    [Fact]
    public void A_recording_with_another_message_in_it_diverges_there()
    {
        Func<IActorHost, Subject> build = Catalogue.Program("two-tools-one-counter", "none");
        List<ReplayStep> steps = [.. Record(build, seed: 3).Steps];
        steps[20] = steps[20] with { Label = "somebody else" };

        Divergence divergence = ControlledReplay.Of(akka.System, build, steps, null, StepsMax).Divergence!;

        Assert.Equal(("another message has its place", "somebody else"), (divergence.Problem, divergence.Expected));
    }

    [Fact]
    public void A_recording_that_is_cut_off_diverges_at_its_end()
    {
        Func<IActorHost, Subject> build = Catalogue.Program("two-tools-one-counter", "none");
        List<ReplayStep> steps = [.. Record(build, seed: 3).Steps];

        Divergence divergence = ControlledReplay.Of(akka.System, build, steps[..50], null, StepsMax).Divergence!;

        Assert.Equal((51, "the recording ends where the run goes on"), (divergence.Step, divergence.Problem));
    }

    private static Gen<string> OneOf(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Gen.Int[0, all.Length - 1].Select(i => all[i]);
    }

    private void SameOnAkka(string scenario, string design, ulong seed)
    {
        Func<IActorHost, Subject> build = Catalogue.Program(scenario, design);
        InWorld run = Record(build, seed);
        ReplayExpectation? expect = run.Violations is [{ } first, ..]
            ? new ReplayExpectation(Properties.Name(first.Property), first.Step, first.What)
            : null;

        ControlledReplay again = ControlledReplay.Of(akka.System, build, run.Steps, expect, StepsMax);

        Assert.True(again.Divergence is null, $"{scenario}, {design}, seed {seed}: {again.Divergence}");
        Assert.Equal(run.Steps.Select(s => s.Fingerprint), again.Fingerprints);
        Assert.Equal(run.End, again.Result.End);
        Assert.Equal(run.Violations.Select(v => v.ToString()), again.Result.Violations.Select(v => v.ToString()));
    }

    // What a replay file has of a run, without what a recording has beside it.
    private static InWorld Record(Func<IActorHost, Subject> build, ulong seed)
    {
        Scribe scribe = new();
        Subject subject = build(new World());
        RunEnd end = subject.World.Run(new ChanceInTheWorld(seed), StepsMax, scribe);
        return new InWorld(end, scribe.Steps, subject.Judge(end));
    }

    private sealed record InWorld(RunEnd End, IReadOnlyList<ReplayStep> Steps, IReadOnlyList<Violation> Violations);

    private sealed class Scribe : IStepObserver
    {
        private ulong _chain = StableHash.FnvBasis;

        public List<ReplayStep> Steps { get; } = [];

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked) =>
            Add(new Choice(ChoiceKind.Deliver, picked, optionCount), RecordedStep.LabelOf(envelope));

        public void Chosen(ActorId by, int optionCount, int option, string what) =>
            Add(new Choice(ChoiceKind.Inside, option, optionCount), RecordedStep.LabelOf(by, what));

        public void Delivered(long step, in Envelope envelope)
        {
        }

        private void Add(Choice choice, string label)
        {
            _chain = StableHash.Fnv1a(_chain, label);
            Steps.Add(new ReplayStep(choice, label, _chain));
        }
    }

    private sealed class ChanceInTheWorld(ulong seed) : IChooser
    {
        private readonly SeededRandom _random = new(seed, 0);

        public int Pick(World world, ReadOnlySpan<int> enabled) => _random.Next(enabled.Length);

        public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);
    }

    private sealed class ChanceOnAkka(ulong seed) : IControlledChooser
    {
        private readonly SeededRandom _random = new(seed, 0);

        public int Pick(long steps, IReadOnlyList<Envelope> possible) => _random.Next(possible.Count);

        public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);
    }
}

public sealed class ControlledFixture : IAsyncLifetime
{
    public ControlledSystem System { get; private set; } = null!;

    public async Task InitializeAsync() => System = await ControlledSystem.Start();

    public async Task DisposeAsync() => await System.DisposeAsync();
}
