using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu simulate</c>: plays a workload in virtual time and prints what each tool counted under each design.</summary>
internal static class SimulateCommand
{
    private const int ProblemsShown = 10;

    public static Command Create(CliContext context)
    {
        Argument<string> file = new("workload") { Description = "The workload, a YAML file like those in config/workloads." };
        Option<string> designs = new("--design", "-d")
        {
            Description = "The designs, with commas between them.", DefaultValueFactory = _ => DesignCatalogue.FirstTwo,
        };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<string?> separator = new("--field-separator", "-x") { Description = "Prints values with this between them." };
        Command command = new("simulate", "Plays a workload in virtual time: counts, truth, estimates and costs under each design.")
        {
            file, designs, assembly, json, separator,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(separator) is not null)
            {
                throw new WrongInputException("--json and -x exclude one another; leave one of them out");
            }

            if (parsed.GetValue(separator) is "")
            {
                throw new WrongInputException("-x needs something to put between the values, like -x ,");
            }

            DesignCatalogue catalogue = new(parsed.GetValue(assembly));
            List<Func<ISharingDesign>> chosen =
            [
                .. parsed.GetValue(designs)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(catalogue.Get),
            ];
            if (chosen.Count == 0)
            {
                throw new WrongInputException($"--design names no design; write --design {DesignCatalogue.FirstTwo}");
            }

            Workload workload = Workload.Load(parsed.GetValue(file)!);
            ReportTrace(context, workload);
            (List<SimulationResult> results, bool interrupted) = RunAll(context, workload, chosen, cancellation);
            if (interrupted)
            {
                context.Error.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"interrupted: {results.Count} of {chosen.Count} designs have finished"));
                if (results.Count == 0)
                {
                    return Task.FromResult(ExitCode.Interrupted);
                }
            }

            context.Output.Write(
                parsed.GetValue(json) ? SimulateJson.Write(workload, results)
                : parsed.GetValue(separator) is { } between ? SimulateCsv.Write(results, between)
                : SimulateText.Write(workload, results));
            return Task.FromResult(
                interrupted ? ExitCode.Interrupted
                : results.Any(r => r.Broken.Count > 0) ? ExitCode.Violation
                : ExitCode.Ok);
        });
        return command;
    }

    // What has finished is worth having, whatever stops the rest.
    private static (List<SimulationResult> Results, bool Interrupted) RunAll(
        CliContext context, Workload workload, List<Func<ISharingDesign>> designs, CancellationToken cancellation)
    {
        List<SimulationResult> results = [];
        try
        {
            foreach (Func<ISharingDesign> make in designs)
            {
                results.Add(Run(context, workload, make(), cancellation));
            }
        }
        catch (OperationCanceledException)
        {
            return (results, true);
        }

        return (results, false);
    }

    private static SimulationResult Run(CliContext context, Workload workload, ISharingDesign design, CancellationToken cancellation)
    {
        TimeSpan between = TimeSpan.FromSeconds(2);
        long began = Stopwatch.GetTimestamp();
        TimeSpan next = between;
        return Simulation.Run(workload, design, progress =>
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            if (elapsed >= next && progress.SimulatedNs < progress.LengthNs)
            {
                next = elapsed + between;
                context.Error.WriteLine(ProgressLine(progress, elapsed));
            }
        }, cancellation: cancellation);
    }

    private static string ProgressLine(SimulationProgress p, TimeSpan elapsed)
    {
        double done = p.LengthNs == 0 ? 1 : (double)p.SimulatedNs / p.LengthNs;
        string left = done > 0 ? string.Create(CultureInfo.InvariantCulture, $", about {elapsed.TotalSeconds * (1 - done) / done:0} s left") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"simulate {p.Design}: {p.SimulatedNs / 1e9:0.000} s of {p.LengthNs / 1e9:0.000} s, {p.Steps / elapsed.TotalSeconds:#,0} deliveries/s{left}");
    }

    // What could not be read or did not fit is no error, and no secret.
    private static void ReportTrace(CliContext context, Workload workload)
    {
        if (workload.Trace is not var (file, trace))
        {
            return;
        }

        if (trace.ProblemCount > 0)
        {
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {Plural.Of(trace.ProblemCount, "line")} could not be read"));
            foreach (Scenarios.Traces.TraceProblem problem in trace.Problems.Take(ProblemsShown))
            {
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{problem.Line}:1: {problem.Reason}: {problem.Text}"));
            }
        }

        foreach ((string name, int count) in trace.UnreadEvents)
        {
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {Plural.Of(count, "time")} {name}, which is not played"));
        }

        foreach (Misfit misfit in workload.Recorded.Misfits)
        {
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {misfit.Count} {(misfit.Count == 1 ? "time" : "times")}: {misfit.What}"));
        }
    }
}
