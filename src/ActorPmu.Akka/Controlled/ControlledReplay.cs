using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Controlled;

/// <summary>A recorded run, made again on Akka.</summary>
/// <param name="Result">How it went.</param>
/// <param name="Fingerprints">After each answer, FNV-1a over all labels so far, as replay files have it.</param>
/// <param name="Divergence">Where it left the recording, or null.</param>
public sealed record ControlledReplay(ControlledResult Result, IReadOnlyList<ulong> Fingerprints, Divergence? Divergence)
{
    /// <summary>Makes the deliveries of a recording, one by one.</summary>
    /// <param name="system">Akka.</param>
    /// <param name="build">Makes the program in a host.</param>
    /// <param name="steps">The recording.</param>
    /// <param name="expect">What it is to find; null for nothing.</param>
    /// <param name="stepsMax">The bound on steps of the recording.</param>
    /// <exception cref="RunCrashException">A behaviour failed.</exception>
    public static ControlledReplay Of(
        ControlledSystem system, Func<IActorHost, Subject> build, IReadOnlyList<ReplayStep> steps, ReplayExpectation? expect, long stepsMax)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(steps);
        Follower follower = new(steps);
        ControlledResult result = system.Run(build, follower, stepsMax, follower);
        return new ControlledReplay(result, follower.Fingerprints, follower.Finish(result) ?? CompareEnd(expect, result));
    }

    private static Divergence? CompareEnd(ReplayExpectation? expect, ControlledResult result)
    {
        string[] found = [.. result.Violations.Select(v => Text(Properties.Name(v.Property), v.Step, v.What))];
        string? expected = expect is null ? null : Text(expect.Property, expect.Step, expect.What);
        return (expected is null && found.Length == 0) || found.Contains(expected)
            ? null
            : new Divergence(
                result.Steps, "all steps are as recorded, and the verdict is another", expected ?? "no violation",
                found.Length > 0 ? found : ["no violation"]);
    }

    private static string Text(string property, long step, string what) => FormattableString.Invariant($"{property} at step {step}: {what}");

    private sealed class Follower(IReadOnlyList<ReplayStep> steps) : IControlledChooser, IStepObserver
    {
        private readonly List<ulong> _fingerprints = [];
        private ulong _chain = StableHash.FnvBasis;
        private int _next;
        private Divergence? _divergence;

        public IReadOnlyList<ulong> Fingerprints => _fingerprints;

        public int Pick(long made, IReadOnlyList<Envelope> possible)
        {
            if (_divergence is not null)
            {
                return -1;
            }

            ReplayStep? expected = _next < steps.Count ? steps[_next++] : null;
            string? problem =
                expected is null ? "the recording ends where the run goes on"
                : expected.Choice.Kind != ChoiceKind.Deliver ? "the recording has a choice inside a step where the run has a delivery"
                : expected.Choice.OptionCount != possible.Count
                    ? $"{possible.Count} deliveries are possible where the recording had {expected.Choice.OptionCount}"
                : RecordedStep.LabelOf(possible[expected.Choice.Option]) != expected.Label ? "another message has its place"
                : null;
            if (problem is null)
            {
                return expected!.Choice.Option;
            }

            _divergence = new Divergence(
                made + 1, problem, expected?.Label ?? "nothing", [.. possible.Select(e => RecordedStep.LabelOf(e))]);
            return -1;
        }

        // A choice inside a step cannot end the run: the next delivery does.
        public int Choose(ActorId by, int optionCount, string what)
        {
            ReplayStep? expected = _next < steps.Count ? steps[_next] : null;
            if (_divergence is null && expected?.Choice is { Kind: ChoiceKind.Inside } choice && choice.OptionCount == optionCount
                && expected.Label == RecordedStep.LabelOf(by, what))
            {
                _next++;
                return choice.Option;
            }

            _divergence ??= new Divergence(
                steps.Take(_next).Count(s => s.Choice.Kind == ChoiceKind.Deliver), "a choice inside the step is not the recorded one",
                expected?.Label ?? "nothing", [RecordedStep.LabelOf(by, what)]);
            return 0;
        }

        public Divergence? Finish(ControlledResult result) => _divergence ?? (_next == steps.Count ? FirstOtherFingerprint() : new Divergence(
            result.Steps + 1, $"the run ended ({result.End}) where the recording goes on", steps[_next].Label, []));

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked) => Add(RecordedStep.LabelOf(envelope));

        public void Chosen(ActorId by, int optionCount, int option, string what) => Add(RecordedStep.LabelOf(by, what));

        public void Delivered(long step, in Envelope envelope)
        {
        }

        private Divergence? FirstOtherFingerprint()
        {
            for (int i = 0; i < _fingerprints.Count; i++)
            {
                if (_fingerprints[i] != steps[i].Fingerprint)
                {
                    return new Divergence(i + 1, "another fingerprint", $"{steps[i].Fingerprint:x16}", [$"{_fingerprints[i]:x16}"]);
                }
            }

            return null;
        }

        private void Add(string label)
        {
            _chain = StableHash.Fnv1a(_chain, label);
            _fingerprints.Add(_chain);
        }
    }
}
