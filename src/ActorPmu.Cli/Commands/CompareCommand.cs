using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ActorPmu.Cli.Comparing;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu compare</c>: holds every design against every claim of the review.</summary>
internal static class CompareCommand
{
    private const int WorkersMax = OptionValues.WorkersMax;

    public static Command Create(CliContext context)
    {
        Option<string[]> design = new("--design", "-d") { Description = "Designs, with commas between them; all unless told." };
        Option<string[]> claim = new("--claim", "-c") { Description = "Claims by their ids, with commas between them; all unless told." };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs." };
        Option<string> file = new("--matrix") { Description = "The claims.", DefaultValueFactory = _ => Matrix.OfTheTool };
        Option<int> workers = new("--workers", "-w") { Description = "Threads; the result is the same for any number.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, WorkersMax) };
        Option<string> outDir = new("--outdir", "-o") { Description = "Where replay files go.", DefaultValueFactory = _ => "out" };
        Option<string?> profile = new("--profile") { Description = "Runs the scenarios on this hardware, a name (list profiles) or a file like those of config/profiles, whatever they and the claims say. What they expect is not looked at then, and what cannot be run there is left out." };
        Option<bool?> rt = new("--rt") { Description = "Whether the kernel is PREEMPT_RT, whatever the claims and scenarios say." };
        Option<bool> costsAlone = new("--costs") { Description = "Prints the costs at all numbers of events, with the growth fitted; no claims." };
        Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
        Option<string?> separator = new("--field-separator", "-x") { Description = "Prints values with this between them." };
        Option<string?> junit = new("--junit") { Description = "Writes the verdicts as JUnit XML, too, into this file." };
        Option<bool> noProgress = new("--no-progress") { Description = "Says nothing on the way." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Shows every step of a run." };
        Command command = new("compare", "Holds designs against the claims of the review: a table, or one cell of it in full.")
        {
            design, claim, assembly, file, profile, rt, workers, outDir, costsAlone, json, separator, junit, noProgress,
            verbose,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int threads = (int)OptionValues.AtLeastOne("--workers", parsed.GetValue(workers), WorkersMax);
            OutputFiles.Prepare("--junit", parsed.GetValue(junit));
            DesignCatalogue catalogue = new(parsed.GetValue(assembly));
            IReadOnlyList<string> names = OptionValues.Words(parsed.GetValue(design));
            Matrix matrix = Matrix.Load(parsed.GetValue(file)!);
            List<Func<ISharingDesign>> designs = [.. (names.Count > 0 ? names : Columns(catalogue, matrix)).Select(catalogue.Get).DistinctBy(d => d().Name)];
            bool noClaims = parsed.GetValue(costsAlone);
            IReadOnlyList<string> ids = OptionValues.Words(parsed.GetValue(claim));
            Reject(parsed.GetValue(json), parsed.GetValue(separator), noClaims, ids.Count > 0);
            List<Claim> claims = noClaims ? [] : Ported(context, Claims(matrix, ids), ScenarioFiles.ProfileOf(parsed.GetValue(profile)), parsed.GetValue(rt));
            bool one = designs.Count == 1 && claims.Count == 1;
            CostRuns costs = new();
            OutFolder folder = new(parsed.GetValue(outDir)!);
            CellRunner runner = new(matrix, costs, noClaims ? folder : folder.Prepare(), shrinks: one, cancellation);
            CompareReport report = await Comparison.Run(
                matrix, claims, designs, runner, ids.Count > 0 ? null : costs, threads, Progress(context, parsed.GetValue(noProgress)),
                cancellation).ConfigureAwait(false);
            await context.Output.WriteAsync(
                parsed.GetValue(json) ? CompareJson.Write(report)
                : parsed.GetValue(separator) is { } between ? CompareCsv.Write(report, between)
                : noClaims ? CompareCostText.Write(report)
                : one ? CompareText.WriteCell(report.Cells[0], parsed.GetValue(verbose))
                : CompareText.WriteTable(report)).ConfigureAwait(false);
            if (parsed.GetValue(junit) is { } junitFile)
            {
                OutputFiles.Write("--junit", junitFile, CompareJUnit.Write(report));
            }

            folder.ThrowIfMissing();
            return cancellation.IsCancellationRequested ? ExitCode.Interrupted : CodeOf(context, report);
        });
        return command;
    }

    private static List<Claim> Ported(CliContext context, List<Claim> asRead, ProfileChoice? profile, bool? rt)
    {
        List<Claim> all = [.. asRead.Select(c => Matrix.On(c, profile, rt))];
        SortedSet<string> cannot = new(all.OfType<ExploredClaim>().SelectMany(c => c.LeftOut).Select(ScenarioFiles.Cannot), StringComparer.Ordinal);
        foreach (string line in cannot)
        {
            context.Error.WriteLine(line);
        }

        List<Claim> left = all.FindAll(c => c is not ExploredClaim { Scenarios.Count: 0 });
        string without = string.Join(", ", all.Except(left).Select(c => c.Id));
        if (left.Count == 0)
        {
            throw new WrongInputException($"--profile {profile?.Name}: no scenario of {without} can be run there; choose another profile");
        }

        if (without.Length > 0)
        {
            context.Error.WriteLine($"left out: {without}; none of their scenarios can be run on {profile?.Name}");
        }

        return left;
    }

    // A variant stands beside the design that it is one of.
    private static IEnumerable<string> Columns(DesignCatalogue catalogue, Matrix matrix) =>
        catalogue.All.Select(d => d.Name).Distinct().SelectMany(name => matrix.Variants.Where(v => v.StartsWith(name + "+", StringComparison.Ordinal)).Prepend(name));

    private static int CodeOf(CliContext context, CompareReport report)
    {
        CompareCell[] failed = [.. report.Cells.Where(c => c.Verdict == Verdict.Failed)];
        if (Array.Find(failed, c => !c.IsFaultOfDesign) is { } ours)
        {
            context.Error.WriteLine($"internal error: {ours.Design}, {ours.Claim.Id}: {ours.Why}");
            return ExitCode.Internal;
        }

        if (failed is [{ } first, ..])
        {
            context.Error.WriteLine($"error: {first.Design}, {first.Claim.Id}: {first.Why}");
            return ExitCode.WrongInput;
        }

        return report.Cells.Any(c => c.Verdict == Verdict.Broken) ? ExitCode.Violation : ExitCode.Ok;
    }

    private static void Reject(bool json, string? separator, bool costsAlone, bool claims)
    {
        if (json && separator is not null)
        {
            throw new WrongInputException("--json and -x exclude one another; leave one of them out");
        }

        if (separator is "")
        {
            throw new WrongInputException("-x needs something to put between the values, like -x ,");
        }

        if (costsAlone && claims)
        {
            throw new WrongInputException("--costs and --claim exclude one another; leave one of them out");
        }
    }

    private static List<Claim> Claims(Matrix matrix, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return [.. matrix.Claims];
        }

        return
        [
            .. ids.Select(id => matrix.Claims.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase))
                ?? throw new WrongInputException($"unknown claim \"{id}\"; {Suggest.For(id, [.. matrix.Claims.Select(c => c.Id)])}")),
        ];
    }

    private static Action<int, int> Progress(CliContext context, bool silent)
    {
        TimeSpan between = TimeSpan.FromSeconds(10);
        long began = Stopwatch.GetTimestamp();
        Lock guard = new();
        TimeSpan next = between;
        return (done, all) =>
        {
            lock (guard)
            {
                TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
                if (!silent && elapsed >= next && done < all)
                {
                    next = elapsed + between;
                    context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"compared {done:#,0} of {Plural.Of(all, "cell")} · {elapsed:m\\:ss}"));
                }
            }
        };
    }
}
