using Microsoft.Coyote;
using Microsoft.Coyote.Actors;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace ActorPmu.Benchmarks.Election;

/// <summary>The election on Coyote's actors, which need no rewriting.</summary>
internal static class InCoyote
{
    /// <summary>Explores.</summary>
    /// <param name="faulty">Whether clients may hand their lock on by themselves.</param>
    /// <param name="pct">Whether by priorities (PCT), 10 changes; else by chance.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="schedulesMax">The bound; it stops at the first failure.</param>
    /// <returns>Schedules run, and whether the last one failed.</returns>
    public static (long Schedules, bool Failed) Run(bool faulty, bool pct, uint seed, uint schedulesMax)
    {
        Configuration configuration = Configuration.Create()
            .WithTelemetryEnabled(false)
            .WithConsoleLoggingEnabled(false)
            .WithTestingIterations(schedulesMax)
            .WithRandomGeneratorSeed(seed);
        configuration = pct ? configuration.WithPrioritizationStrategy(false, 10) : configuration.WithRandomStrategy();
        using TestingEngine engine = TestingEngine.Create(configuration, runtime => Program(runtime, faulty));
        engine.SetLogger(new TextWriterLogger(TextWriter.Null, VerbosityLevel.None));
        engine.Run();
        TestReport report = engine.TestReport;
        return report.InternalErrors.Count == 0
            ? (report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths, report.NumOfFoundBugs > 0)
            : throw new InvalidOperationException(report.InternalErrors.First());
    }

    private static void Program(IActorRuntime runtime, bool faulty)
    {
        ActorId[] ids =
        [
            runtime.CreateActorId(typeof(Server), "server"),
            .. Enumerable.Range(1, ElectionRules.Clients).Select(c => runtime.CreateActorId(typeof(Client), $"client {c}")),
        ];
        runtime.CreateActor(ids[0], typeof(Server), new Setup(ids, 0, faulty));
        for (int c = 1; c <= ElectionRules.Clients; c++)
        {
            runtime.CreateActor(ids[c], typeof(Client), new Setup(ids, c, faulty));
        }

        for (int c = 1; c <= ElectionRules.Clients; c++)
        {
            for (int r = 0; r < ElectionRules.Rounds; r++)
            {
                runtime.SendEvent(ids[c], new Said(0, Word.Go, 0));
            }
        }
    }

    private sealed class Setup(ActorId[] ids, int self, bool faulty) : Event
    {
        public ActorId[] Ids => ids;

        public int Self => self;

        public bool Faulty => faulty;
    }

    private sealed class Said(int from, Word word, int value) : Event
    {
        public int From => from;

        public Word Word => word;

        public int Value => value;
    }

    [OnEventDoAction(typeof(Said), nameof(Hear))]
    private sealed class Server : Actor
    {
        private ServerRules? _rules;

        protected override Task OnInitializeAsync(Event initialEvent)
        {
            Setup setup = (Setup)initialEvent;
            _rules = new ServerRules((to, word, value) => SendEvent(setup.Ids[to], new Said(0, word, value)), what => Assert(false, what));
            return Task.CompletedTask;
        }

        private void Hear(Event e)
        {
            Said said = (Said)e;
            _rules!.Hear(said.From, said.Word, said.Value);
        }
    }

    [OnEventDoAction(typeof(Said), nameof(Hear))]
    private sealed class Client : Actor
    {
        private ClientRules? _rules;

        protected override Task OnInitializeAsync(Event initialEvent)
        {
            Setup setup = (Setup)initialEvent;
            _rules = new ClientRules(
                setup.Self,
                (to, word, value) => SendEvent(setup.Ids[to], new Said(setup.Self, word, value)),
                () => setup.Faulty && RandomBoolean());
            return Task.CompletedTask;
        }

        private void Hear(Event e) => _rules!.Hear(((Said)e).Word);
    }
}
