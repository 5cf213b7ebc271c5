using System.CommandLine;
using System.Globalization;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu check</c>: reads scenarios without running them.</summary>
internal static class CheckCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string[]> files = new("scenario")
        {
            Description = "Scenarios: YAML files, or names of some in config/scenarios.", Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("check", "Reads scenarios and says what is wrong with them.") { files };
        command.SetAction(parsed =>
        {
            int wrong = 0;
            foreach (string file in parsed.GetValue(files)!)
            {
                try
                {
                    Scenario scenario = ScenarioFiles.Load(file);
                    context.Output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{scenario.File}: ok, {Counted(scenario.Spec.Tasks.Count, "task")} on {Counted(scenario.Spec.CpuCount, "cpu")} of {scenario.Spec.Profile.Name}"));
                }
                catch (Exception e) when (InputProblem.Describe(e) is { } problem)
                {
                    wrong++;
                    context.Error.WriteLine(problem);
                }
            }

            return wrong > 0 ? ExitCode.WrongInput : ExitCode.Ok;
        });
        return command;
    }

    private static string Counted(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
