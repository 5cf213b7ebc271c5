using System.CommandLine;
using System.Globalization;
using ActorPmu.Akka.Controlled;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu replay</c>: runs one recorded schedule again, step by step.</summary>
internal static class ReplayCommand
{
    private const string World = "world";
    private const string Controlled = "controlled";

    // A step has some two hundred bytes, and a run that does not end has as many steps as its bound.
    private const int BytesMax = 256 << 20;

    public static Command Create(CliContext context)
    {
        Argument<string> file = new("file") { Description = "A replay file, as explore writes them." };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string?> scenarioFile = new("--scenario") { Description = "A scenario to run instead of the one inside the file." };
        Option<string> host = new("--host") { Description = "Where to run it: world, or controlled for Akka's actors, delivery by delivery.", DefaultValueFactory = _ => World };
        Option<string?> html = new("--html") { Description = "Draws the run into this file: one page, nothing to load." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step." };
        Command command = new("replay", "Runs one recorded schedule again and says whether it goes as recorded.")
        {
            file, assembly, scenarioFile, host, html, verbose,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(file)!;
            string where = parsed.GetValue(host)!;
            if (where is not (World or Controlled))
            {
                throw new WrongInputException($"--host {where}: {Suggest.For(where, [World, Controlled])}");
            }

            OutputFiles.Prepare("--html", parsed.GetValue(html));
            ReplayFile recorded = Read(context, path);
            Scenario scenario = parsed.GetValue(scenarioFile) is { } other
                ? ScenarioFiles.Load(other)
                : Inside(recorded);
            if (ReplayFiles.Sha256(scenario.Text) != recorded.ScenarioSha256)
            {
                context.Error.WriteLine($"warning: the scenario is not the text that was recorded ({recorded.ScenarioSha256[..Math.Min(8, recorded.ScenarioSha256.Length)]}…)");
            }

            Func<ISharingDesign> design = DesignOf(recorded, new DesignCatalogue(parsed.GetValue(assembly)));
            Subject Build() => SearchRequest.SubjectOf(scenario, design, recorded.PreemptRt);
            ReplayRun Again()
            {
                ReplayRun again = ReplayRun.Of(recorded, Build);
                return again.Divergence is null
                    ? again with { Recording = again.Recording.Explained(Build, recorded.StepsMax, recorded.Seed) }
                    : again;
            }

            // Nobody waits for the end of a long run who has asked for the end.
            ReplayRun run = await Task.Run(Again, CancellationToken.None).WaitAsync(cancellation).ConfigureAwait(false);

            if (where == Controlled && run.Divergence is null)
            {
                run = run with { Divergence = await OnAkka(recorded, scenario, design).ConfigureAwait(false) };
            }

            await context.Output.WriteAsync(ExploreText.WriteReplay(recorded, scenario, run, parsed.GetValue(verbose))).ConfigureAwait(false);
            if (where == Controlled && run.Divergence is null)
            {
                await context.Output.WriteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"host: Akka made the same {Plural.Of(run.Recording.StepCount, "step")}, with the same fingerprints\n")).ConfigureAwait(false);
            }

            if (parsed.GetValue(html) is { } page)
            {
                OutputFiles.Write("--html", page, RunPage.Write(scenario, recorded.Design, run.Recording, path));
            }

            return run.Divergence is not null ? ExitCode.Diverged : recorded.Expect is not null ? ExitCode.Violation : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<Divergence?> OnAkka(ReplayFile recorded, Scenario scenario, Func<ISharingDesign> design)
    {
        await using ControlledSystem akka = await ControlledSystem.Start().ConfigureAwait(false);
        return ControlledReplay.Of(
            akka, where => scenario.SubjectIn(where, design(), recorded.PreemptRt), recorded.Steps, recorded.Expect, recorded.StepsMax).Divergence;
    }

    private static Scenario Inside(ReplayFile recorded)
    {
        try
        {
            return Scenario.Parse(recorded.ScenarioText, recorded.ScenarioPath);
        }
        catch (InputError e)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{recorded.ScenarioPath}:{e.Line}:{e.Column}");
            throw recorded.Places!.ScenarioError(e.Line, $"{e.Problem}; {e.WhatToDo} (the scenario inside was {place})");
        }
    }

    private static Func<ISharingDesign> DesignOf(ReplayFile recorded, DesignCatalogue designs)
    {
        try
        {
            return designs.Get(recorded.Design);
        }
        catch (WrongInputException e)
        {
            throw recorded.Places!.DesignError($"{e.Message} (a design of your own comes with --design-assembly FILE)");
        }
    }

    private static ReplayFile Read(CliContext context, string path) =>
        ReplayReader.Read(InputFile.Text(path, bytesMax: BytesMax), path, context.Error.WriteLine);
}
