using System.CommandLine;
using System.Globalization;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu check</c>: reads scenarios without running them.</summary>
internal static class CheckCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string[]> files = new("scenario")
        {
            Description = "Scenarios: YAML files, folders of them, or names of some in config/scenarios.", Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> determinism = new("--determinism") { Description = "Runs schedules twice and names the first difference; needs --design." };
        Option<string?> design = new("--design", "-d") { Description = "For --determinism: the sharing design (list designs)." };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<ulong> seed = new("--seed") { Description = "For --determinism: the seed of the schedules.", DefaultValueFactory = _ => 1 };
        Option<long> schedules = new("--schedules", "-n") { Description = "For --determinism: how many schedules.", DefaultValueFactory = _ => 20 };
        Command command = new("check", "Reads scenarios and says what is wrong with them.") { files, determinism, design, assembly, seed, schedules };
        command.SetAction((parsed, cancellation) =>
        {
            OptionValues.AtLeastOne("--schedules", parsed.GetValue(schedules));
            string[] named = [.. parsed.GetValue(files)!.SelectMany(f => Directory.Exists(f) ? ScenarioFiles.In(f) : [f])];
            if (parsed.GetValue(determinism))
            {
                string name = parsed.GetValue(design) ?? throw new WrongInputException("--determinism needs --design");
                Func<ISharingDesign> make = new DesignCatalogue(parsed.GetValue(assembly)).Get(name);
                return Task.FromResult(CheckDeterminism(
                    context, named, make, parsed.GetValue(seed), parsed.GetValue(schedules), cancellation));
            }

            int wrong = 0;
            foreach (string file in named)
            {
                try
                {
                    Scenario scenario = ScenarioFiles.Load(file);
                    context.Output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{scenario.File}: ok, {Plural.Of(scenario.Spec.Tasks.Count, "task")} on {Plural.Of(scenario.Spec.CpuCount, "cpu")} of {scenario.Spec.Profile.Name}"));
                }
                catch (Exception e) when (InputProblem.Describe(e) is { } problem)
                {
                    wrong++;
                    context.Error.WriteLine(problem);
                }
            }

            return Task.FromResult(wrong > 0 ? ExitCode.WrongInput : ExitCode.Ok);
        });
        return command;
    }

    // A difference is what was looked for: it has the code of a violation.
    private static int CheckDeterminism(
        CliContext context, string[] files, Func<ISharingDesign> design, ulong seed, long schedules, CancellationToken cancellation)
    {
        const long StepsMax = 20_000;
        int different = 0;
        foreach (string file in files)
        {
            Scenario scenario = ScenarioFiles.Load(file);
            long asked = 0;
            RunDifference? difference = Determinism.FirstDifference(
                () => SearchRequest.SubjectOf(scenario, design, null), seed, schedules, StepsMax,
                () =>
                {
                    asked++;
                    return cancellation.IsCancellationRequested;
                });
            if (difference is null && cancellation.IsCancellationRequested)
            {
                context.Output.WriteLine($"{scenario.File}: interrupted; {Plural.Of(Math.Max(asked - 1, 0), "schedule")} run twice by then, no difference");
                break;
            }

            if (difference is null)
            {
                context.Output.WriteLine($"{scenario.File}: {Plural.Of(schedules, "schedule")} run twice, no difference");
                continue;
            }

            different++;
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{scenario.File}: two runs of schedule {difference.Schedule}, seed {seed}, part at step {difference.Step}"));
            context.Output.WriteLine($"  first:  {difference.First}");
            context.Output.WriteLine($"  second: {difference.Second}");
        }

        return cancellation.IsCancellationRequested ? ExitCode.Interrupted : different > 0 ? ExitCode.Violation : ExitCode.Ok;
    }
}
