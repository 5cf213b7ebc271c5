using System.CommandLine;
using ActorPmu.Akka.Live;
using ActorPmu.Cli.Exploring;
using ActorPmu.Reporting;
using Serilog.Events;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu run</c>: runs a scenario on threads, over and over.</summary>
internal static class RunCommand
{
    private const int MachinesMax = OptionValues.WorkersMax;
    private const double SecondsUnlessTold = 10;

    public static Command Create(CliContext context)
    {
        Argument<string> file = new("scenario") { Description = "The scenario: a YAML file, or the name of one in config/scenarios." };
        Option<string> design = new("--design", "-d") { Description = "The sharing design (list designs).", Required = true };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<double?> seconds = new("--seconds", "-t") { Description = "How long to run; 10 unless --runs is given." };
        Option<long?> runs = new("--runs", "-n") { Description = "The bound on runs." };
        Option<ulong> seed = new("--seed") { Description = "The seed of the choices inside steps, such as which allocation fails. Threads have none.", DefaultValueFactory = _ => 1 };
        Option<long> steps = new("--max-steps") { Description = "The bound on the deliveries of a run.", DefaultValueFactory = _ => 20_000 };
        Option<bool?> rt = new("--rt") { Description = "Whether the kernel is PREEMPT_RT, whatever the scenario says." };
        Option<int> machines = new("--machines", "-w") { Description = "Machines that run at once.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, MachinesMax) };
        Option<string?> settings = new("--settings") { Description = "A HOCON file that changes settings of hocon/live.conf." };
        Option<bool> noShrink = new("--no-shrink") { Description = "Shows violating runs as they were." };
        Option<string> outDir = new("--outdir", "-o") { Description = "Where replay files go.", DefaultValueFactory = _ => "out" };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<bool> noProgress = new("--no-progress") { Description = "Says nothing on the way." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step of a run." };
        Option<LogEventLevel> log = new("--log") { Description = "What is said on stderr: error, warning, information, debug or verbose.", DefaultValueFactory = _ => LogEventLevel.Warning };
        Command command = new("run", "Runs a scenario on Akka's threads, over and over, and says what broke.")
        {
            file, design, assembly, seconds, runs, seed, steps, rt, machines, settings, noShrink, outDir, json, noProgress, verbose, log,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            Verbosity.Level.MinimumLevel = parsed.GetValue(log);
            SearchRequest request = new()
            {
                Design = new DesignCatalogue(parsed.GetValue(assembly)).Get(parsed.GetValue(design)!),
                Scenario = ScenarioFiles.Load(parsed.GetValue(file)!),
                Seed = parsed.GetValue(seed),
                StepsMax = OptionValues.AtLeastOne("--max-steps", parsed.GetValue(steps)),
                PreemptRt = parsed.GetValue(rt),
                KeepGoing = true,
                Shrinks = !parsed.GetValue(noShrink),
                Out = new OutFolder(parsed.GetValue(outDir)!),
            };
            LiveOptions options = new()
            {
                RunsMax = OptionValues.AtLeastOne("--runs", parsed.GetValue(runs) ?? long.MaxValue),
                TimeMax = Time(parsed.GetValue(seconds), parsed.GetValue(runs) is not null),
                StepsMax = request.StepsMax,
                Seed = request.Seed,
                Machines = (int)OptionValues.AtLeastOne("--machines", parsed.GetValue(machines), MachinesMax),
            };
            ProgressLine progress = new(context, parsed.GetValue(noProgress), "ran");
            LiveReport report = await new LiveSearch(request, options, parsed.GetValue(settings), progress, cancellation).Run().ConfigureAwait(false);
            await context.Output.WriteAsync(parsed.GetValue(json) ? LiveJson.Write(report) : LiveText.Write(report, parsed.GetValue(verbose)))
                .ConfigureAwait(false);
            request.Out.ThrowIfMissing();
            return cancellation.IsCancellationRequested ? ExitCode.Interrupted
                : report.Runs.Result.Violations.Count > 0 ? ExitCode.Violation
                : ExitCode.Ok;
        });
        return command;
    }

    private static TimeSpan? Time(double? seconds, bool hasRuns) =>
        OptionValues.Seconds(seconds) is { } given ? TimeSpan.FromSeconds(given)
        : hasRuns ? null
        : TimeSpan.FromSeconds(SecondsUnlessTold);
}
