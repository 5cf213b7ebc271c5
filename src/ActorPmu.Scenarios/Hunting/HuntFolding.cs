namespace ActorPmu.Scenarios;

/// <summary>Puts the findings of a hunt together by cause, in the order of the scenarios.</summary>
/// <param name="options">How many of one cause are made small.</param>
public sealed class HuntFolding(HuntOptions options)
{
    private readonly SortedDictionary<string, int> _scenarios = new(StringComparer.Ordinal);
    private readonly List<HuntFinding> _findings = [];

    /// <summary>Scenarios looked at.</summary>
    public long Scenarios { get; private set; }

    /// <summary>Schedules run under the design, those of shrinking left out.</summary>
    public long Schedules { get; private set; }

    /// <summary>Their steps.</summary>
    public long Steps { get; private set; }

    /// <summary>Schedules in which two events shared a counter.</summary>
    public long Shared { get; private set; }

    /// <summary>Causes dropped, counted once for each scenario, because the kernel as it is breaks the same property there.</summary>
    public long LinuxItself { get; private set; }

    /// <summary>Different findings, in the order in which they were first seen.</summary>
    public IReadOnlyList<HuntFinding> Findings => _findings;

    /// <summary>Runs that failed by a bug of the model.</summary>
    public IReadOnlyList<HuntCrash> Crashes { get; private set; } = [];

    /// <summary>In how many scenarios a cause was seen.</summary>
    /// <param name="cause">The cause.</param>
    public int ScenariosWith(string cause) => _scenarios.GetValueOrDefault(cause);

    /// <summary>Takes the outcome of the next scenario.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>What of it is to be made small.</returns>
    public IReadOnlyList<BrokenScenario> Take(HuntOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Scenarios++;
        Schedules += outcome.Schedules;
        Steps += outcome.Steps;
        Shared += outcome.Shared;
        LinuxItself += outcome.LinuxItself;
        if (outcome.Crash is { } crash)
        {
            Crashes = [.. Crashes, crash];
        }

        List<BrokenScenario> wanted = [];
        foreach (BrokenScenario broken in outcome.Broken)
        {
            string cause = HuntCause.Of(broken.Found.Violation, broken.Scenario);
            int before = ScenariosWith(cause);
            _scenarios[cause] = before + 1;
            if (before < options.ShrunkPerCause)
            {
                wanted.Add(broken);
            }
        }

        return wanted;
    }

    /// <summary>Adds a finding, if it is the design's; of two with one key the smaller one stays, and of those that one run of one scenario breaks the first.</summary>
    /// <param name="finding">The finding.</param>
    public void Add(HuntFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.IsLinuxItself)
        {
            // The next scenario that shows the cause is looked at in its place.
            _scenarios[finding.Cause] = Math.Max(0, ScenariosWith(finding.Cause) - 1);
            LinuxItself++;
            return;
        }

        if (_findings.Exists(f => f.Key != finding.Key && IsToldBy(f, finding)))
        {
            return;
        }

        int at = _findings.FindIndex(f => f.Key == finding.Key);
        if (at < 0)
        {
            _findings.Add(finding);
        }
        else if (SizeOf(finding).CompareTo(SizeOf(_findings[at])) < 0)
        {
            _findings[at] = finding;
        }
    }

    private static bool IsToldBy(HuntFinding told, HuntFinding finding) =>
        told.Recording.Violations.Any(v => HuntCause.Of(v, told.Scenario) == finding.Cause)
        && DraftText.Write(told.Smallest.Draft) == DraftText.Write(finding.Smallest.Draft);

    private static (int Operations, long Steps) SizeOf(HuntFinding f) => (f.Smallest.Draft.Operations, f.Recording.StepCount);
}
