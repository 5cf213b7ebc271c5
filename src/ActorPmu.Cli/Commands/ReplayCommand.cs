using System.CommandLine;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu replay</c>: runs one recorded schedule again, step by step.</summary>
internal static class ReplayCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> file = new("file") { Description = "A replay file, as explore writes them." };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string?> scenarioFile = new("--scenario") { Description = "A scenario to run instead of the one inside the file." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step." };
        Command command = new("replay", "Runs one recorded schedule again and says whether it goes as recorded.")
        {
            file, assembly, scenarioFile, verbose,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            ReplayFile recorded = Read(context, path);
            Scenario scenario = parsed.GetValue(scenarioFile) is { } other
                ? ScenarioFiles.Load(other)
                : Scenario.Parse(recorded.ScenarioText, recorded.ScenarioPath);
            if (Search.Sha256(scenario.Text) != recorded.ScenarioSha256)
            {
                context.Error.WriteLine($"warning: the scenario is not the text that was recorded ({recorded.ScenarioSha256[..Math.Min(8, recorded.ScenarioSha256.Length)]}…)");
            }

            Func<ISharingDesign> design = new DesignCatalogue(parsed.GetValue(assembly)).Get(recorded.Design);
            ReplayRun run = ReplayRun.Of(recorded, () => SearchRequest.SubjectOf(scenario, design, recorded.PreemptRt));
            context.Output.Write(ExploreText.WriteReplay(recorded, scenario, run, parsed.GetValue(verbose)));
            return run.Divergence is not null ? ExitCode.Diverged : recorded.Expect is not null ? ExitCode.Violation : ExitCode.Ok;
        });
        return command;
    }

    private static ReplayFile Read(CliContext context, string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WrongInputException($"{path}: {e.Message}");
        }

        return ReplayReader.Read(text, path, context.Error.WriteLine);
    }
}
