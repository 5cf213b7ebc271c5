using System.Globalization;
using System.Text;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>An exploration, or a replay, as text. Lines end with <c>\n</c>; the same bytes for the same results.</summary>
public static class ExploreText
{
    private const string Indent = "  ";

    /// <summary>Writes an exploration.</summary>
    /// <param name="report">What to tell.</param>
    /// <param name="everything">Whether runs are shown with every step.</param>
    public static string Write(ExploreReport report, bool everything = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder text = new();
        AppendHead(text, report.Scenario, report.Design, report.PreemptRt);
        text.Append("strategy  ").Append(report.Strategy);
        text.Append(CultureInfo.InvariantCulture, $", seed {report.Seed}");
        if (report.Options.Pct is { } pct)
        {
            text.Append(CultureInfo.InvariantCulture, $", depth {pct.Depth}, length {pct.Length}");
        }

        if (report.StrategyReason is { } reason)
        {
            text.Append(" (").Append(reason).Append(')');
        }

        text.Append('\n');
        foreach (ExplainedViolation violation in report.Violations)
        {
            text.Append('\n');
            AppendViolation(text, report, violation, everything);
        }

        if (report.Small is { } small)
        {
            AppendSmall(text, small);
        }

        text.Append('\n');
        AppendFacts(text, report);
        AppendPromise(text, report);
        if (report.TellsCoverage && report.Result.Coverage is { } sheet)
        {
            text.Append(CoverageText.Write(sheet, everything));
        }

        AppendResult(text, report);
        return text.ToString();
    }

    /// <summary>Writes a replay.</summary>
    /// <param name="file">The replay file.</param>
    /// <param name="scenario">The scenario that was run.</param>
    /// <param name="run">What happened.</param>
    /// <param name="everything">Whether every step is shown.</param>
    public static string WriteReplay(ReplayFile file, Scenario scenario, ReplayRun run, bool everything = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(run);
        StringBuilder text = new();
        AppendHead(text, scenario, file.Design, file.PreemptRt ?? scenario.Spec.PreemptRt);
        text.Append("strategy  replay");
        if (file.Strategy.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" of {file.Strategy}, seed {file.Seed}");
        }

        text.Append("\n\n");
        StepTable.Append(text, run.Recording, scenario, everything);
        if (run.Divergence is { } divergence)
        {
            AppendDivergence(text, divergence);
            return text.ToString();
        }

        text.Append('\n');
        foreach (Violation v in run.Recording.Violations)
        {
            text.Append("VIOLATION ").Append(Properties.Name(v.Property)).Append('\n');
            AppendEvidence(text, v);
        }

        AppendRaceAndStacks(text, run.Recording, scenario);
        text.Append(CultureInfo.InvariantCulture, $"result: {Plural.Of(run.Recording.StepCount, "step")} as recorded; ");
        text.Append(file.Expect is { } expect ? $"{expect.Property} reproduced" : "no violation, as recorded").Append('\n');
        return text.ToString();
    }

    internal static void AppendHead(StringBuilder text, Scenario scenario, string design, bool preemptRt)
    {
        MachineSpec spec = scenario.Spec;
        text.Append(
            CultureInfo.InvariantCulture,
            $"scenario  {scenario.Name}  {scenario.File}  {Plural.Of(spec.CpuCount, "cpu")} of {spec.Profile.Name}, {Plural.Of(spec.Tasks.Count, "task")}{(preemptRt ? ", PREEMPT_RT" : "")}\n");
        text.Append("design    ").Append(design).Append('\n');
    }

    internal static void AppendViolation(
        StringBuilder text, ExploreReport report, ExplainedViolation violation, bool everything, string run = "schedule")
    {
        RunRecording recording = violation.Recording;
        Violation shown = recording.Violations.FirstOrDefault(v => v.Signature == violation.Found.Violation.Signature)
            ?? violation.Found.Violation;
        string shrunk = violation.StepsBefore > recording.StepCount
            ? string.Create(CultureInfo.InvariantCulture, $" (shrunk from {violation.StepsBefore:#,0})")
            : "";
        string often = report.Options.KeepGoing
            ? string.Create(CultureInfo.InvariantCulture, $", in {Plural.Of(violation.Found.Schedules, run)}")
            : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"VIOLATION {Properties.Name(shown.Property)}  {run} {violation.Found.Schedule:#,0}, {Plural.Of(recording.StepCount, "step")}{shrunk}{often}\n");
        AppendEvidence(text, shown);
        foreach (Violation beside in recording.Violations.Where(v => v.Signature != shown.Signature))
        {
            text.Append(Indent).Append("and ").Append(Properties.Name(beside.Property)).Append(": ").Append(beside.What).Append('\n');
        }

        StepTable.Append(text, recording, report.Scenario, everything);
        AppendRaceAndStacks(text, recording, report.Scenario);
        if (violation.ReplayPath is { } path)
        {
            text.Append("replay: actorpmu replay ").Append(path).Append('\n');
        }
    }

    private static void AppendSmall(StringBuilder text, SmallScenarioFile file)
    {
        if (file.Small is not { } small)
        {
            text.Append("scenario: not made small; random schedules do not show the violation again\n");
            return;
        }

        text.Append("scenario: ").Append(file.Path is { } path ? path + ", " : "").Append(Plural.Of(small.Operations, "operation"));
        text.Append(
            CultureInfo.InvariantCulture, $"{(small.Operations < small.OperationsBefore ? $" (shrunk from {small.OperationsBefore:#,0})" : "; none can be left out")}\n");
    }

    private static void AppendEvidence(StringBuilder text, Violation violation)
    {
        text.Append(Indent).Append(violation.What).Append('\n');
        foreach (string line in violation.Evidence)
        {
            text.Append(Indent).Append(Indent).Append(line).Append('\n');
        }
    }

    private static void AppendRaceAndStacks(StringBuilder text, RunRecording recording, Scenario scenario)
    {
        foreach (string line in WhyText.Lines(recording, scenario))
        {
            text.Append(Indent).Append(line).Append('\n');
        }

        foreach (CpuStack stack in recording.Stacks)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Indent}cpu/{stack.Cpu} at the end:\n");
            foreach (string line in stack.Lines)
            {
                text.Append(Indent).Append(Indent).Append(StepTable.Named(line, recording, scenario)).Append('\n');
            }
        }
    }

    private static void AppendDivergence(StringBuilder text, Divergence divergence)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nDIVERGED at step {divergence.Step}: {divergence.Problem}\n");
        text.Append(Indent).Append("recorded: ").Append(divergence.Expected).Append('\n');
        foreach (string found in divergence.Found)
        {
            text.Append(Indent).Append("found:    ").Append(found).Append('\n');
        }

        text.Append("result: diverged; scenario, design or tool are not those of the recording\n");
    }

    private static void AppendFacts(StringBuilder text, ExploreReport report)
    {
        ExplorationResult result = report.Result;
        foreach (FoundViolation more in result.Violations.Where(f => !IsTold(report, f)))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"also: {Properties.Name(more.Violation.Property)}: {more.Violation.What} (schedule {more.Schedule:#,0}, in {Plural.Of(more.Schedules, "schedule")})\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"sharing: in {result.SharedSchedules:#,0} of {Plural.Of(result.Schedules, "schedule")}{Vacuous(report)}\n");
        if (result.MuxBoundSchedules > 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"mux-fires {report.Scenario.Spec.MuxFires}: the timer would have fired again in {Plural.Of(result.MuxBoundSchedules, "schedule")}\n");
        }
    }

    private static void AppendPromise(StringBuilder text, ExploreReport report)
    {
        ExplorationResult result = report.Result;
        if (report.Options.Pct is { } pct && result.Width > 0)
        {
            // The change points lie in the length that the strategy was told.
            double least = PctStrategy.Guarantee(result.Width, pct.Length, pct.Depth);
            string longer = result.StepsLongest > pct.Length
                ? string.Create(CultureInfo.InvariantCulture, $" within the first {Plural.Of(pct.Length, "step")} (some run had {result.StepsLongest:#,0}; --length)")
                : "";
            double unmet = Math.Pow(1 - least, result.Schedules);
            string all = unmet < 0.995
                ? string.Create(CultureInfo.InvariantCulture, $"; {Plural.Of(result.Schedules, "schedule")} all miss it with P ≤ {unmet:0.00}")
                : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"guarantee: a schedule meets a violation of depth {pct.Depth}{longer} with P ≥ 1/(w²·n^(d−1)) = 1/({result.Width}²·{pct.Length}^{pct.Depth - 1}) = {least:0.0e+0}{all}\n");
        }

        if (result.DelaysCovered is { } delays)
        {
            string delayed = string.Create(CultureInfo.InvariantCulture, $"≤ {Plural.Of(delays, "delay")}");
            text.Append(result.Violations.Count == 0 || result.StoppedAtViolation
                ? $"certificate: no violation with {delayed}{(result.StepBoundHits > 0 ? " up to the bound on steps" : "")}\n"
                : $"delays: every schedule with {delayed} was run\n");
        }
    }

    internal static bool IsTold(ExploreReport report, FoundViolation found) => report.Violations.Any(
        v => ReferenceEquals(v.Found, found) || v.Recording.Violations.Any(r => r.Signature == found.Violation.Signature));

    internal static string Vacuous(ExploreReport report) =>
        report.Result.SharedSchedules == 0 && report.Scenario.Expectations.Sharing == SharingExpectation.Sometimes
            ? "; the scenario is about sharing, so this says little of a design that shares"
            : "";

    private static void AppendResult(StringBuilder text, ExploreReport report)
    {
        ExplorationResult result = report.Result;
        IReadOnlyList<string> bounds = Bounds.Of(result, report.Options);
        string time = report.Elapsed is { } t ? string.Create(CultureInfo.InvariantCulture, $", {t.TotalSeconds:0.0} s") : "";
        string empty = Emptiness.Never(report) is { Count: > 0 } never ? $", empty (never: {string.Join(", ", never)})" : "";
        string extent = bounds.Count == 0 ? Complete(report) : $"bounded by {string.Join(", ", bounds)}{StatesSoFar(result)}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"result: {(result.Violations.Count == 0 ? "no violation" : Plural.Of(result.Violations.Count, "violation"))}{empty}, {Plural.Of(result.Traces.Count, "trace")} in {Plural.Of(result.Schedules, "schedule")}, {Plural.Of(result.StepsTotal, "step")}, longest {result.StepsLongest:#,0}, digest {result.Digest:x16}{time}; {extent}\n");
    }

    private static string StatesSoFar(ExplorationResult result) =>
        result.States is { } states ? $"; {Plural.Of(states, "state")} so far (processors by what they received)" : "";

    private static string Complete(ExploreReport report) => report.Strategy == "dpor"
        ? string.Create(CultureInfo.InvariantCulture, $"complete: {(report.Result.Schedules == 1 ? "the" : "all")} {Plural.Of(report.Result.Schedules, "inequivalent interleaving")}{GivenUp(report.Result)}")
        : report.Result.States is { } states
            ? string.Create(CultureInfo.InvariantCulture, $"complete: {(states == 1 ? "the" : "all")} {Plural.Of(states, "state")} ({Plural.Of(report.Result.Abandoned, "run")} given up at a known one; processors by what they received)")
            : "complete";

    private static string GivenUp(ExplorationResult result) =>
        result.Abandoned == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Plural.Of(result.Abandoned, "run")} given up as equivalent)");
}
