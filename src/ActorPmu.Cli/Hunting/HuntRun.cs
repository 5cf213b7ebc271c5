using System.Diagnostics;
using System.Globalization;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Hunting;

/// <summary>Hunts on threads, batch after batch: the outcome for so many scenarios is the same for any number of workers.</summary>
internal sealed class HuntRun(
    HuntOptions options, long scenariosMax, TimeSpan? timeMax, int workers, OutFolder folder, HuntProgress progress, CancellationToken cancellation)
{
    // Findings are made small at the end of a batch, and how many of one cause are depends on the batches before, not on the workers.
    private const int BatchScenarios = 16;

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Hunter _hunter = new(options);
    private readonly HuntFolding _folding = new(options);

    // Files are written when their finding is made, so that they are there whatever ends the hunt.
    private readonly List<(HuntFinding Finding, string? ScenarioPath, string? ReplayPath)> _written = [];
    private readonly List<(string Path, string? Fault)> _crashFiles = [];
    private int _crashes;

    /// <summary>Does it all.</summary>
    public async Task<HuntReport> Run()
    {
        folder.Prepare();
        bool outOfTime = false;
        while (_folding.Scenarios < scenariosMax && !cancellation.IsCancellationRequested && !outOfTime)
        {
            await RunBatch().ConfigureAwait(false);
            outOfTime = timeMax is { } max && Stopwatch.GetElapsedTime(_began) >= max;
        }

        return Report(outOfTime);
    }

    private async Task RunBatch()
    {
        long first = _folding.Scenarios;
        int count = (int)Math.Min(BatchScenarios, scenariosMax - first);
        HuntOutcome?[] outcomes = await InOrder(count, i => cancellation.IsCancellationRequested ? null : Examine(first + i)).ConfigureAwait(false);
        List<(long Number, BrokenScenario Broken)> wanted = [];
        foreach (HuntOutcome? outcome in outcomes)
        {
            if (outcome is null)
            {
                // Interrupted: what comes behind has not been looked at, or does not count.
                break;
            }

            wanted.AddRange(_folding.Take(outcome).Select(b => (outcome.Number, b)));
        }

        HuntFinding?[] findings = await InOrder(wanted.Count, i => Explain(wanted[i])).ConfigureAwait(false);
        foreach (HuntFinding? finding in findings)
        {
            _folding.Add(finding!);
        }

        Write();

        progress.Report(_folding.Scenarios, _folding.Schedules, _folding.Findings.Count);
    }

    private HuntOutcome Examine(long number)
    {
        HuntOutcome outcome = _hunter.Examine(number);
        progress.Examined(outcome.Schedules);
        return outcome;
    }

    private HuntFinding Explain((long Number, BrokenScenario Broken) wanted)
    {
        HuntFinding finding = _hunter.Explain(wanted.Number, wanted.Broken, () => cancellation.IsCancellationRequested);
        progress.Shrunk(finding);
        return finding;
    }

    // The results stand in the order of their numbers, whoever made them.
    private async Task<T?[]> InOrder<T>(int count, Func<int, T?> make)
        where T : class
    {
        T?[] results = new T?[count];
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                results[i] = make(i);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(workers, Math.Max(1, count))).Select(_ => Task.Run(Work, CancellationToken.None))).ConfigureAwait(false);
        return results;
    }

    private HuntReport Report(bool outOfTime)
    {
        bool interrupted = cancellation.IsCancellationRequested;
        return new HuntReport
        {
            Design = options.Design().Name,
            Seed = options.Seed,
            SchedulesEach = options.Schedules,
            Folding = _folding,
            Findings = [.. _written.Select(w => new ExplainedFinding(w.Finding, _folding.ScenariosWith(w.Finding.Cause), w.ScenarioPath, w.ReplayPath))],
            Crashes = _crashFiles,
            Interrupted = interrupted,
            BoundedBy = interrupted ? "interruption"
                : outOfTime ? string.Create(CultureInfo.InvariantCulture, $"{timeMax!.Value.TotalSeconds:0.###} s, which was enough for {Plural.Of(_folding.Scenarios, "scenario")}")
                : string.Create(CultureInfo.InvariantCulture, $"scenarios {scenariosMax:#,0}"),
        };
    }

    private void Write()
    {
        for (int i = 0; i < _folding.Findings.Count; i++)
        {
            // A smaller one takes the place of a larger one, and its files.
            if (i == _written.Count)
            {
                _written.Add(Write(_folding.Findings[i]));
            }
            else if (!ReferenceEquals(_written[i].Finding, _folding.Findings[i]))
            {
                (_, string? scenario, string? replay) = _written[i];
                _written[i] = Write(_folding.Findings[i]);
                OutFolder.Remove(scenario, _written[i].ScenarioPath);
                OutFolder.Remove(replay, _written[i].ReplayPath);
            }
        }

        foreach (HuntCrash crash in _folding.Crashes.Skip(_crashes))
        {
            string name = FormattableString.Invariant($"crash-{(uint)StableHash.Fnv1a(StableHash.FnvBasis, crash.ScenarioText):x8}.yaml");
            string? fault = DesignFault.Of(crash.Exception, DesignFault.IsUsers(options.Design()))?.InOneLine;
            string? path = folder.Write(name, $"# The {(fault is null ? "model" : "design")} fails: {crash.Exception.Message.ReplaceLineEndings(" ")}\n{crash.ScenarioText}");
            _crashFiles.Add((path ?? $"{name} (not written)", fault));
        }

        _crashes = _folding.Crashes.Count;
    }

    private (HuntFinding, string?, string?) Write(HuntFinding finding)
    {
        string design = options.Design().Name;
        string name = finding.FileName(design);
        string replay = ReplayFiles.Text(
            finding.Recording, finding.Smallest.Found.Violation.Signature, finding.Scenario, design, null, ("random", options.Seed, options.StepsMax));
        return (finding, folder.Write(name + ".yaml", finding.Scenario.Text), folder.Write(name + ".replay", replay));
    }
}
