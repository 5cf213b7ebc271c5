using System.CommandLine;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu list designs</c>: what there is to choose from.</summary>
internal static class ListCommand
{
    public static Command Create(CliContext context)
    {
        Command list = new("list", "Lists what can be named in the other commands.");
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Command designs = new("designs", "The sharing designs.") { assembly };
        designs.SetAction(parsed => Print(context, 
        [
            .. new DesignCatalogue(parsed.GetValue(assembly)).All.Select(d => (d.Name, $"{d.Claim} ({d.Source})")),
            .. Designs.Variants.Select(v => (v.Make().Name, v.About)),
        ]));
        list.Subcommands.Add(designs);
        Option<string> directory = new("--directory") { Description = "Where they are.", DefaultValueFactory = _ => ScenarioFiles.Directory };
        Command scenarios = new("scenarios", "The scenarios.") { directory };
        scenarios.SetAction(parsed => Print(context, Catalogue.List(parsed.GetValue(directory)!)));
        list.Subcommands.Add(scenarios);
        Add(list, context, "profiles", "The hardware profiles.", () => Profiles.All.Select(p => (p.Name, p.About)));
        Add(list, context, "properties", "What is checked in every run.", () => Properties.All.Select(p => (p.Name, p.About)));
        Add(list, context, "strategies", "How schedules are picked.", () => Strategies.All.Select(s => (s.Name, s.About)));
        return list;
    }

    private static void Add(Command list, CliContext context, string name, string about, Func<IEnumerable<(string Name, string About)>> rows)
    {
        Command command = new(name, about);
        command.SetAction(_ => Print(context, rows()));
        list.Subcommands.Add(command);
    }

    private static int Print(CliContext context, IEnumerable<(string Name, string About)> rows)
    {
        List<(string Name, string About)> all = [.. rows];
        int width = all.Count == 0 ? 0 : all.Max(r => r.Name.Length);
        foreach ((string name, string about) in all)
        {
            context.Output.WriteLine($"{name.PadRight(width)}  {about}");
        }

        return ExitCode.Ok;
    }
}
