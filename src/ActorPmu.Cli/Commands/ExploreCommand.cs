using System.CommandLine;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu explore</c>: searches the schedules of a scenario for one that breaks a property.</summary>
internal static class ExploreCommand
{
    private const int WorkersMax = OptionValues.WorkersMax;
    private const int RepeatMax = 1_000_000;
    private const int DepthMax = 1_000;

    public static Command Create(CliContext context)
    {
        Argument<string> file = new("scenario") { Description = "The scenario: a YAML file, or the name of one in config/scenarios." };
        Option<string> design = new("--design", "-d") { Description = "The sharing design (list designs).", Required = true };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string?> strategy = new("--strategy", "-s") { Description = "How schedules are picked (list strategies); dfs or dpor where it ends, else turns: random, pos and pct." };
        Option<int> depth = new("--depth") { Description = "For pct, and in turns: how many messages have to come in the right order.", DefaultValueFactory = _ => 3 };
        Option<int?> length = new("--length") { Description = "For pct, and in turns: the steps of a run; measured unless told." };
        Option<int?> delays = new("--delays") { Description = "For delay: the bound on delays." };
        Option<int?> repeat = new("--repeat") { Description = "Searches so many times, with successive seeds, and tells how many schedules it took; --strategy may name several, with commas." };
        Option<double?> seconds = new("--seconds", "--timeout") { Description = "The bound on time." };
        Option<string[]> property = new("--property") { Description = "A property to look at, and at no other (list properties); may be given again." };
        Option<string?> checkpoint = new("--checkpoint") { Description = "A file in which to write down how far it is." };
        Option<string?> resume = new("--resume") { Description = "Goes on from such a file, and writes there unless --checkpoint names another." };
        Option<ulong> seed = new("--seed") { Description = "The seed of every random choice.", DefaultValueFactory = _ => 1 };
        Option<long> schedules = new("--schedules", "-n") { Description = "The bound on schedules.", DefaultValueFactory = _ => 10_000 };
        Option<long> steps = new("--max-steps") { Description = "The bound on the steps of a schedule.", DefaultValueFactory = _ => 20_000 };
        Option<bool?> rt = new("--rt") { Description = "Whether the kernel is PREEMPT_RT, whatever the scenario says." };
        Option<string?> profile = new("--profile") { Description = "The hardware, whatever the scenario says: a name (list profiles), or a file like those of config/profiles." };
        Option<bool?> fineGrained = new("--fine-grained") { Description = "Whether others come in between accesses without a lock, whatever the scenario says." };
        Option<string?> memory = new("--memory") { Description = "What others see of stores where it is fine-grained (only there): weak, tso or sc." };
        Option<bool> keepGoing = new("--keep-going", "-k") { Description = "Goes on after a violation." };
        Option<bool> complete = new("--require-complete") { Description = "Exit code 3 unless every schedule is covered." };
        Option<int> workers = new("--workers", "-w") { Description = "Threads; the result is the same for any number.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, WorkersMax) };
        Option<bool> noShrink = new("--no-shrink") { Description = "Shows violating runs as they were found." };
        Option<bool> shrinkScenario = new("--shrink-scenario") { Description = "Makes the scenario of the first violation small, too, and writes it beside the replay file." };
        Option<string> outDir = new("--outdir", "-o") { Description = "Where replay files go.", DefaultValueFactory = _ => "out" };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<bool> stable = new("--stable") { Description = "Leaves times out: the same input gives the same bytes." };
        Option<bool> noProgress = new("--no-progress") { Description = "Says nothing on the way." };
        Option<bool> coverage = new("--coverage") { Description = "Says what the runs never did; the scenario may then be a folder of them." };
        Option<string?> junit = new("--junit") { Description = "Writes JUnit XML to this file, too." };
        Option<string?> html = new("--html") { Description = "Draws the first violation's run into this file: one page, nothing to load." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step of a run." };
        Command command = new("explore", "Searches the schedules of a scenario for one that breaks a property.")
        {
            file, design, assembly, strategy, depth, length, delays, seed, schedules, steps, seconds, repeat, property, checkpoint, resume, profile, fineGrained, memory, rt, keepGoing, complete, workers, noShrink, shrinkScenario, outDir, json, stable,
            noProgress, coverage, junit, html, verbose,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            OptionValues.AtLeastOne("--schedules", parsed.GetValue(schedules), long.MaxValue);
            OptionValues.AtLeastOne("--max-steps", parsed.GetValue(steps), long.MaxValue);
            OptionValues.AtLeastOne("--workers", parsed.GetValue(workers), WorkersMax);
            OptionValues.AtLeastOne("--depth", parsed.GetValue(depth), DepthMax);
            OptionValues.AtLeastOne("--length", parsed.GetValue(length) ?? 1, int.MaxValue);
            OptionValues.AtLeastOne("--repeat", parsed.GetValue(repeat) ?? 1, RepeatMax);
            if (parsed.GetValue(delays) < 0)
            {
                throw new WrongInputException($"--delays {parsed.GetValue(delays)}: give 0 or more");
            }

            string? asked = parsed.GetValue(strategy);
            string[] names = asked?.Split(',') ?? [];
            foreach (string name in names)
            {
                if (Strategies.Get(name) is not { } make)
                {
                    throw new WrongInputException(
                        $"unknown strategy \"{name}\"; {Suggest.For(name, [.. Strategies.All.Select(s => s.Name)])}");
                }

                if (parsed.GetValue(complete) && make(new StrategySettings { Length = 1 }).IsIndexed)
                {
                    throw new WrongInputException($"--require-complete and --strategy {name} exclude one another: chance never covers everything");
                }
            }

            if (names.Length > 1 && parsed.GetValue(repeat) is null)
            {
                throw new WrongInputException("--strategy names several: give --repeat N to compare them, or name one");
            }

            if (asked is null && (parsed.GetValue(checkpoint) ?? parsed.GetValue(resume)) is not null)
            {
                throw new WrongInputException("--checkpoint and --resume need --strategy: what is picked may take several searches");
            }

            OutputFiles.Prepare("--junit", parsed.GetValue(junit));
            OutputFiles.Prepare("--html", parsed.GetValue(html));
            IReadOnlyList<Scenario> scenarios = Ported(
                context, Scenarios(parsed.GetValue(file)!, parsed.GetValue(coverage)), ScenarioFiles.ProfileOf(parsed.GetValue(profile)), parsed.GetValue(fineGrained), parsed.GetValue(memory));
            SearchRequest request = new()
            {
                Design = new DesignCatalogue(parsed.GetValue(assembly)).Get(parsed.GetValue(design)!),
                Scenario = Narrowed(scenarios[0], parsed.GetValue(property) ?? []),
                Strategy = asked,
                Seed = parsed.GetValue(seed),
                SchedulesMax = parsed.GetValue(schedules),
                StepsMax = parsed.GetValue(steps),
                PreemptRt = parsed.GetValue(rt),
                KeepGoing = parsed.GetValue(keepGoing),
                Shrinks = !parsed.GetValue(noShrink),
                ShrinksScenario = parsed.GetValue(shrinkScenario),
                Workers = parsed.GetValue(workers),
                Out = new OutFolder(parsed.GetValue(outDir)!),
                Depth = parsed.GetValue(depth),
                Length = parsed.GetValue(length) ?? 0,
                DelaysMax = parsed.GetValue(delays),
                SecondsMax = OptionValues.Seconds(parsed.GetValue(seconds)),
                Checkpoint = parsed.GetValue(checkpoint),
                Resume = parsed.GetValue(resume),
                Coverage = parsed.GetValue(coverage),
            };
            if (scenarios.Count > 1 || Directory.Exists(parsed.GetValue(file)!))
            {
                if ((parsed.GetValue(property) ?? []).Length > 0 || (request.Checkpoint ?? request.Resume) is not null || parsed.GetValue(repeat) is not null || request.ShrinksScenario)
                {
                    throw new WrongInputException("--property, --repeat, --shrink-scenario, --checkpoint and --resume are for one scenario: name it in place of the folder");
                }

                return await new FolderCoverage(context, request, scenarios, parsed.GetValue(junit), cancellation)
                    .Run(parsed.GetValue(json), parsed.GetValue(verbose), parsed.GetValue(noProgress)).ConfigureAwait(false);
            }

            if (parsed.GetValue(repeat) is { } times)
            {
                if (request.ShrinksScenario || request.Coverage || (request.Checkpoint ?? request.Resume ?? parsed.GetValue(html) ?? parsed.GetValue(junit)) is not null
                    || parsed.GetValue(json))
                {
                    throw new WrongInputException(
                        "--repeat prints how many schedules each search took: leave out --json, --junit, --html, --coverage, --shrink-scenario, --checkpoint and --resume");
                }

                return await new Repetition(request, cancellation).Run(names.Length > 0 ? names : ["random"], times, context.Output).ConfigureAwait(false);
            }

            ProgressLine progress = new(context, parsed.GetValue(noProgress));
            ExploreReport report = await new Search(request, progress, cancellation).Run().ConfigureAwait(false);
            if (!parsed.GetValue(stable))
            {
                report = report with { Elapsed = progress.Elapsed };
            }

            await context.Output.WriteAsync(parsed.GetValue(json) ? ExploreJson.Write(report) : ExploreText.Write(report, parsed.GetValue(verbose)))
                .ConfigureAwait(false);

            // What was found has been told by now, whatever happens to the files.
            if (parsed.GetValue(junit) is { } junitFile)
            {
                OutputFiles.Write("--junit", junitFile, ExploreJUnit.Write([report]));
            }

            if (parsed.GetValue(html) is { } page)
            {
                WritePage(context, report, page);
            }

            request.Out.ThrowIfMissing();
            return CodeOf(report, parsed.GetValue(complete));
        });
        return command;
    }

    private static IReadOnlyList<Scenario> Scenarios(string fileOrFolder, bool coverage)
    {
        if (!Directory.Exists(fileOrFolder))
        {
            return [ScenarioFiles.Load(fileOrFolder)];
        }

        return coverage
            ? [.. ScenarioFiles.In(fileOrFolder).Select(Scenario.Load)]
            : throw new WrongInputException($"{fileOrFolder} is a folder: name a scenario, or add --coverage to explore them all");
    }

    // One that cannot be run so is an error; of a folder's some may be left out.
    private static IReadOnlyList<Scenario> Ported(
        CliContext context, IReadOnlyList<Scenario> scenarios, ProfileChoice? profile, bool? fineGrained, string? memory)
    {
        string[] memories = ["weak", "tso", "sc"];
        if (memory is not null && !memories.Contains(memory))
        {
            throw new WrongInputException($"--memory {memory}: give {string.Join(", ", memories)}");
        }

        if (memory is not null && fineGrained == false)
        {
            throw new WrongInputException("--memory and --fine-grained false exclude one another: where it is not fine-grained, nobody comes in between accesses");
        }

        List<InputError> leftOut = [];
        IReadOnlyList<Scenario> can = PortedScenario.Those(scenarios, profile, fineGrained, memory, leftOut);
        if (can.Count == 0)
        {
            throw leftOut[0];
        }

        foreach (InputError cannot in leftOut)
        {
            context.Error.WriteLine(ScenarioFiles.Cannot(cannot));
        }

        return can;
    }

    private static void WritePage(CliContext context, ExploreReport report, string page)
    {
        if (report.Violations.Count == 0)
        {
            context.Error.WriteLine($"--html {page}: there is no violation to draw; no file is written");
            return;
        }

        ExplainedViolation first = report.Violations[0];
        OutputFiles.Write("--html", page, RunPage.Write(report.Scenario, report.Design, first.Recording, first.ReplayPath));
    }

    private static int CodeOf(ExploreReport report, bool requireComplete) =>
        report.Result.Interrupted ? ExitCode.Interrupted
        : report.Result.Violations.Count > 0 ? ExitCode.Violation
        : requireComplete && !report.Result.IsComplete ? ExitCode.Bounded
        : Emptiness.BreaksExpectation(report) ? ExitCode.Bounded
        : ExitCode.Ok;

    private static Scenario Narrowed(Scenario scenario, string[] names)
    {
        if (names.Length == 0)
        {
            return scenario;
        }

        return NarrowedScenario.Of(scenario, new SortedSet<Property>(names.Select(OptionValues.PropertyOf)));
    }
}
