using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>What a processor was doing.</summary>
/// <param name="Cpu">Which.</param>
/// <param name="Lines">Its functions, innermost first, as the kernel prints a stack.</param>
public sealed record CpuStack(int Cpu, IReadOnlyList<string> Lines);

/// <summary>A message that was under way when the run ended, first on its channel.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who would have received it.</param>
/// <param name="Lane">The lane of its channel.</param>
/// <param name="Sequence">Its number on its channel, from 0.</param>
/// <param name="What">What it says.</param>
/// <param name="SentIn">The step that sent it; 0 when it was there from the start.</param>
public sealed record PendingMessage(ActorId From, ActorId To, Lane Lane, int Sequence, string What, long SentIn);

/// <summary>One run in full, for replay files and reports.</summary>
/// <param name="Steps">The answers in order; choices inside a step follow it.</param>
/// <param name="End">Why the run ended.</param>
/// <param name="Violations">What was found.</param>
/// <param name="Races">All races, in order of their later steps; the ones that acceptance hides left out.</param>
/// <param name="Stacks">The processors that were at something when the run ended.</param>
public sealed record RunRecording(
    IReadOnlyList<RecordedStep> Steps,
    RunEnd End,
    IReadOnlyList<Violation> Violations,
    IReadOnlyList<Race> Races,
    IReadOnlyList<CpuStack> Stacks)
{
    /// <summary>The number of deliveries.</summary>
    public long StepCount => Steps.Count == 0 ? 0 : Steps[^1].Step;

    /// <summary>The last race whose outcome the last step depends on; one at a context or a processor if there is one, else null or another.</summary>
    public Race? LastRace { get; init; }

    /// <summary>What was under way when the run ended, in canonical order.</summary>
    public IReadOnlyList<PendingMessage> Pending { get; init; } = [];

    /// <summary>What the violation hangs on; null when nobody asked.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The race to show: that of the explanation if there is one.</summary>
    public Race? ShownRace => Explanation is null ? LastRace : Explanation.Race;

    /// <summary>The events that were opened: the number that labels have, and the name that the scenario gave.</summary>
    public IReadOnlyList<(int Id, string Name)> EventNames { get; init; } = [];

    /// <summary>The answers alone.</summary>
    public IReadOnlyList<Choice> Choices => [.. Steps.Select(s => s.Choice)];

    /// <summary>Runs once and writes down everything.</summary>
    /// <param name="build">Makes what is run.</param>
    /// <param name="chooser">Who decides.</param>
    /// <param name="stepsMax">The bound on steps.</param>
    public static RunRecording Of(Func<Subject> build, IChooser chooser, long stepsMax)
    {
        ArgumentNullException.ThrowIfNull(build);
        Subject subject = build();
        Recorder recorder = new(subject);
        RunEnd end = subject.World.Run(chooser, stepsMax, recorder);
        IReadOnlyList<CpuStack> stacks = StacksOf(subject.Machine);
        return recorder.Close(end, subject.Judge(end), stacks);
    }

    /// <summary>The recording with an explanation of its violation, if it has one.</summary>
    /// <param name="build">Makes what was run.</param>
    /// <param name="stepsMax">The bound on the steps of a run.</param>
    /// <param name="seed">The seed of the schedules that are run for comparison.</param>
    /// <remarks>Not for a run that only a bound ended: no order has an end there.</remarks>
    public RunRecording Explained(Func<Subject> build, long stepsMax, ulong seed) =>
        Violations.Count == 0 || End == RunEnd.StepBound ? this : this with { Explanation = RaceExplainer.Explain(build, this, stepsMax, seed) };

    private static List<CpuStack> StacksOf(Machine? machine)
    {
        List<CpuStack> stacks = [];
        foreach (Cpu cpu in machine?.Cpus ?? [])
        {
            if (cpu.StackTrace() is { Count: > 0 } lines)
            {
                stacks.Add(new CpuStack(cpu.Index, lines));
            }
        }

        return stacks;
    }
}
