using System.CommandLine;
using System.Text.Json;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu conform</c>: replays what a real kernel answered, and says where the simulated one answers otherwise.</summary>
internal static class ConformCommand
{
    private const string AcceptedByDefault = "config/conform/accepted.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(CliContext context)
    {
        Argument<string> path = new("path") { Description = "A recorded case, or a directory with recorded cases below it." };
        Option<string> design = new("--design", "-d") { Description = "The design of the simulated kernel.", DefaultValueFactory = _ => "none" };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string?> accepted = new("--accepted")
        {
            Description = $"A list of accepted differences with their reasons; {AcceptedByDefault} if it is there.",
        };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Command command = new("conform", "Replays system calls recorded on a real kernel and compares errno, states, counts and times.")
        {
            path, design, assembly, accepted, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            Func<ISharingDesign> make = new DesignCatalogue(parsed.GetValue(assembly)).Get(parsed.GetValue(design)!);
            string? list = parsed.GetValue(accepted) ?? (File.Exists(AcceptedByDefault) ? AcceptedByDefault : null);
            AcceptedDifferences differences = list is null ? AcceptedDifferences.None : AcceptedDifferences.Load(list);
            List<(string Case, MachineTarget Target)> machines = [];
            ConformReport report = ConformRunner.Run(
                parsed.GetValue(path)!,
                make().Name,
                c =>
                {
                    MachineTarget target = new(c, make());
                    machines.Add(($"{c.Folder}/{c.Name}", target));
                    return target;
                },
                differences,
                cancellation);
            context.Output.Write(parsed.GetValue(json) ? Json(report) : ConformReportText.Render(report));
            if (!parsed.GetValue(json))
            {
                PrintViolations(context.Output, machines);
            }

            return Task.FromResult(
                report.Passed ? ExitCode.Ok
                : report.Count<CaseOutcome.Unreadable>() > 0 ? ExitCode.WrongInput
                : ExitCode.Violation);
        });
        return command;
    }

    // A kernel with faults answers as its faults make it answer: what the properties say of that is told, and is no difference.
    private static void PrintViolations(TextWriter output, List<(string Case, MachineTarget Target)> machines)
    {
        foreach ((string name, MachineTarget target) in machines)
        {
            foreach (Violation v in target.Machine.Violations.DistinctBy(v => v.Signature))
            {
                output.WriteLine($"{name}: {Properties.Name(v.Property)}: {v.What}");
            }
        }
    }

    private static string Json(ConformReport report)
    {
        var cases = report.Results.Select(r => new
        {
            @case = $"{r.Folder}/{r.Name}",
            outcome = r.Outcome.GetType().Name.ToLowerInvariant(),
            mismatches = r.Outcome is CaseOutcome.Differs d
                ? d.Mismatches.Select(m => new { m.Step, m.Line, m.Op, m.Field, m.Expected, m.Got }).ToArray()
                : [],
        });
        return JsonSerializer.Serialize(new { schema = "actorpmu-conform/1", report.Design, passed = report.Passed, cases }, Indented) + "\n";
    }
}
