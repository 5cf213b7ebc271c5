using System.CommandLine;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu explore</c>: searches the schedules of a scenario for one that breaks a property.</summary>
internal static class ExploreCommand
{
    private const int WorkersMax = 256;

    public static Command Create(CliContext context)
    {
        Argument<string> file = new("scenario") { Description = "The scenario: a YAML file, or the name of one in config/scenarios." };
        Option<string> design = new("--design", "-d") { Description = "The sharing design (list designs).", Required = true };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string?> strategy = new("--strategy", "-s") { Description = "How schedules are picked (list strategies); dfs or dpor where it ends, else random." };
        Option<ulong> seed = new("--seed") { Description = "The seed of every random choice.", DefaultValueFactory = _ => 1 };
        Option<long> schedules = new("--schedules", "-n") { Description = "The bound on schedules.", DefaultValueFactory = _ => 10_000 };
        Option<long> steps = new("--max-steps") { Description = "The bound on the steps of a schedule.", DefaultValueFactory = _ => 20_000 };
        Option<bool?> rt = new("--rt") { Description = "Whether the kernel is PREEMPT_RT, whatever the scenario says." };
        Option<bool> keepGoing = new("--keep-going", "-k") { Description = "Goes on after a violation." };
        Option<bool> complete = new("--require-complete") { Description = "Exit code 3 unless every schedule is covered." };
        Option<int> workers = new("--workers", "-w") { Description = "Threads; the result is the same for any number.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, WorkersMax) };
        Option<bool> noShrink = new("--no-shrink") { Description = "Shows violating runs as they were found." };
        Option<string> outDir = new("--outdir", "-o") { Description = "Where replay files go.", DefaultValueFactory = _ => "out" };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<bool> stable = new("--stable") { Description = "Leaves times out: the same input gives the same bytes." };
        Option<bool> noProgress = new("--no-progress") { Description = "Says nothing on the way." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step of a run." };
        Command command = new("explore", "Searches the schedules of a scenario for one that breaks a property.")
        {
            file, design, assembly, strategy, seed, schedules, steps, rt, keepGoing, complete, workers, noShrink, outDir, json, stable,
            noProgress, verbose,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            AtLeastOne("--schedules", parsed.GetValue(schedules), long.MaxValue);
            AtLeastOne("--max-steps", parsed.GetValue(steps), long.MaxValue);
            AtLeastOne("--workers", parsed.GetValue(workers), WorkersMax);
            string? asked = parsed.GetValue(strategy);
            if (asked is not null && Strategies.Find(asked) is null)
            {
                throw new WrongInputException(
                    $"unknown strategy \"{asked}\"; {Suggest.For(asked, [.. Strategies.All.Select(s => s.Name)])}");
            }

            if (parsed.GetValue(complete) && asked == "random")
            {
                throw new WrongInputException("--require-complete and --strategy random exclude one another: chance never covers everything");
            }

            SearchRequest request = new()
            {
                Design = new DesignCatalogue(parsed.GetValue(assembly)).Get(parsed.GetValue(design)!),
                Scenario = ScenarioFiles.Load(parsed.GetValue(file)!),
                Strategy = asked,
                Seed = parsed.GetValue(seed),
                SchedulesMax = parsed.GetValue(schedules),
                StepsMax = parsed.GetValue(steps),
                PreemptRt = parsed.GetValue(rt),
                KeepGoing = parsed.GetValue(keepGoing),
                Shrinks = !parsed.GetValue(noShrink),
                Workers = parsed.GetValue(workers),
                OutDir = parsed.GetValue(outDir)!,
            };
            ProgressLine progress = new(context, parsed.GetValue(noProgress));
            ExploreReport report = await new Search(request, progress, cancellation).Run().ConfigureAwait(false);
            if (!parsed.GetValue(stable))
            {
                report = report with { Elapsed = progress.Elapsed };
            }

            await context.Output.WriteAsync(parsed.GetValue(json) ? ExploreJson.Write(report) : ExploreText.Write(report, parsed.GetValue(verbose)))
                .ConfigureAwait(false);
            return CodeOf(report, parsed.GetValue(complete));
        });
        return command;
    }

    private static int CodeOf(ExploreReport report, bool requireComplete) =>
        report.Result.Interrupted ? ExitCode.Interrupted
        : report.Result.Violations.Count > 0 ? ExitCode.Violation
        : requireComplete && !report.Result.IsComplete ? ExitCode.Bounded
        : ExitCode.Ok;

    private static void AtLeastOne(string option, long value, long max)
    {
        if (value < 1 || value > max)
        {
            throw new WrongInputException(
                max == long.MaxValue ? $"{option} {value}: give 1 or more" : $"{option} {value}: give 1 to {max}");
        }
    }
}
