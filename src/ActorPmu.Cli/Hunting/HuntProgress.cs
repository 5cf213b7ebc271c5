using System.Diagnostics;
using System.Globalization;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Hunting;

/// <summary>Says on stderr how far a hunt is.</summary>
/// <param name="context">Where it is said.</param>
/// <param name="silent">Whether nothing is said.</param>
internal sealed class HuntProgress(CliContext context, bool silent)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _next = Every;
    private long _scenarios;
    private long _schedules;
    private int _findings;

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>A scenario has been explored; may come from any thread.</summary>
    public void Examined(long schedules)
    {
        lock (_lock)
        {
            _scenarios++;
            _schedules += schedules;
            Say();
        }
    }

    /// <summary>A finding has been made small; may come from any thread.</summary>
    public void Shrunk(HuntFinding finding)
    {
        if (!silent)
        {
            lock (_lock)
            {
                context.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"scenario {finding.Number:#,0}: {Properties.Name(finding.Smallest.Found.Violation.Property)}: {finding.Smallest.Found.Violation.What}; {finding.Operations} → {Plural.Of(finding.Smallest.Draft.Operations, "operation")}{(finding.IsLinuxItself ? "; Linux itself" : "")}"));
            }
        }
    }

    /// <summary>A batch is done.</summary>
    public void Report(long scenarios, long schedules, int findings)
    {
        lock (_lock)
        {
            (_scenarios, _schedules, _findings) = (scenarios, schedules, findings);
            Say();
        }
    }

    private void Say()
    {
        TimeSpan elapsed = Elapsed;
        if (silent || elapsed < _next)
        {
            return;
        }

        _next = elapsed + Every;
        context.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"scenarios {_scenarios:#,0} · schedules {_schedules:#,0} · findings {_findings} · {_schedules / elapsed.TotalSeconds:#,0}/s · {elapsed:m\\:ss}"));
    }
}
