using System.CommandLine;
using ActorPmu.Cli.Hunting;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu hunt</c>: makes scenarios up and looks for what a design breaks in them.</summary>
internal static class HuntCommand
{
    private const long BaselineUnlessSaid = 300;
    private const int WorkersMax = OptionValues.WorkersMax;
    private const long ScenariosUnlessSaid = 500;

    public static Command Create(CliContext context)
    {
        Option<string> design = new("--design", "-d") { Description = "The sharing design (list designs).", Required = true };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<ulong> seed = new("--seed") { Description = "The seed of every random choice.", DefaultValueFactory = _ => 1 };
        Option<long?> scenarios = new("--scenarios", "-n") { Description = $"How many scenarios are made up; {ScenariosUnlessSaid} unless --seconds says otherwise." };
        Option<double?> seconds = new("--seconds") { Description = "Goes on for so long; the result tells the number of scenarios." };
        Option<long> schedules = new("--schedules") { Description = "Random schedules for each scenario.", DefaultValueFactory = _ => 60 };
        Option<long?> baseline = new("--baseline-schedules")
        {
            Description = "Schedules of the kernel as it is before a finding is the design's; 300 unless told, and 6,000 of the smallest scenario; 0 for none: all is the design's.",
        };
        Option<string[]> ignore = new("--ignore") { Description = "Properties that are not looked at, because what breaks them is known.", AllowMultipleArgumentsPerToken = true };
        Option<string[]> without = new("--without") { Description = "Features that no scenario uses, like sampling, excludes or mux; a wrong one tells all.", AllowMultipleArgumentsPerToken = true };
        Option<bool> asItIs = new("--linux-as-it-is") { Description = "Leaves the faults of Linux v5.3 itself in (config/findings), which are mended otherwise." };
        Option<int> perCause = new("--per-cause") { Description = "How many findings of one cause are made small.", DefaultValueFactory = _ => 2 };
        Option<long> steps = new("--max-steps") { Description = "The bound on the steps of a schedule.", DefaultValueFactory = _ => 20_000 };
        Option<int> workers = new("--workers", "-w") { Description = "Threads; the result is the same for any number.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, WorkersMax) };
        Option<string> outDir = new("--outdir", "-o") { Description = "Where scenarios and replay files go.", DefaultValueFactory = _ => "out/hunt" };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<bool> stable = new("--stable") { Description = "Leaves times out: the same input gives the same bytes." };
        Option<bool> noProgress = new("--no-progress") { Description = "Says nothing on the way." };
        Command command = new("hunt", "Makes scenarios up and looks for what a design breaks in them.")
        {
            design, assembly, seed, scenarios, seconds, schedules, baseline, ignore, without, asItIs, perCause, steps, workers, outDir, json, stable, noProgress,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            long? asked = parsed.GetValue(scenarios);
            double? time = OptionValues.Seconds(parsed.GetValue(seconds));
            OptionValues.AtLeastOne("--scenarios", asked ?? 1, long.MaxValue);
            OptionValues.AtLeastOne("--schedules", parsed.GetValue(schedules), 1_000_000);
            if (parsed.GetValue(baseline) is < 0 or > 1_000_000)
            {
                throw new WrongInputException($"--baseline-schedules {parsed.GetValue(baseline)}: give 0 to 1000000");
            }

            OptionValues.AtLeastOne("--per-cause", parsed.GetValue(perCause), 1_000);
            OptionValues.AtLeastOne("--max-steps", parsed.GetValue(steps), long.MaxValue);
            OptionValues.AtLeastOne("--workers", parsed.GetValue(workers), WorkersMax);
            Func<ISharingDesign> hunted = new DesignCatalogue(parsed.GetValue(assembly)).Get(parsed.GetValue(design)!);
            HuntOptions options = new()
            {
                Design = hunted,
                Baseline = () => new NoSharing(),
                Seed = parsed.GetValue(seed),
                Schedules = parsed.GetValue(schedules),
                BaselineSchedules = parsed.GetValue(baseline) ?? (hunted() is NoSharing ? 0 : BaselineUnlessSaid),
                Ignored = [.. OptionValues.Words(parsed.GetValue(ignore)).Select(OptionValues.PropertyOf)],
                Without = [.. OptionValues.Words(parsed.GetValue(without)).Select(FeatureOf)],
                LinuxAsItIs = parsed.GetValue(asItIs),
                ShrunkPerCause = parsed.GetValue(perCause),
                StepsMax = parsed.GetValue(steps),
            };
            OutFolder folder = new(parsed.GetValue(outDir)!);
            HuntProgress progress = new(context, parsed.GetValue(noProgress));
            long scenariosMax = asked ?? (time is null ? ScenariosUnlessSaid : long.MaxValue);
            TimeSpan? timeMax = time is { } s ? TimeSpan.FromSeconds(s) : null;
            HuntReport report = await new HuntRun(
                options, scenariosMax, timeMax, parsed.GetValue(workers), folder, progress, cancellation).Run().ConfigureAwait(false);
            if (!parsed.GetValue(stable))
            {
                report = report with { Elapsed = progress.Elapsed };
            }

            await context.Output.WriteAsync(parsed.GetValue(json) ? HuntJson.Write(report) : HuntText.Write(report)).ConfigureAwait(false);
            folder.ThrowIfMissing();
            return report.Interrupted ? ExitCode.Interrupted
                : report.Crashes.Any(c => c.Fault is null) ? ExitCode.Internal
                : report.Crashes.Count > 0 ? ExitCode.WrongInput
                : report.Findings.Count > 0 ? ExitCode.Violation
                : ExitCode.Ok;
        });
        return command;
    }

    private static string FeatureOf(string name) =>
        HuntFeatures.Names.Contains(name)
            ? name
            : throw new WrongInputException($"unknown feature \"{name}\"; the features are {string.Join(", ", HuntFeatures.Names)}");
}
