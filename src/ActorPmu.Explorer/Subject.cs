using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>What one schedule runs: actors in a host, fresh for every schedule, and a judge of how the run went.</summary>
public sealed class Subject
{
    private readonly Func<RunEnd, IReadOnlyList<Violation>> _judge;

    /// <summary>Makes a subject that is not a perf machine.</summary>
    /// <param name="host">Where its actors live.</param>
    /// <param name="judge">Called once after the run: what was found. A run that was abandoned is not judged.</param>
    public Subject(IActorHost host, Func<RunEnd, IReadOnlyList<Violation>> judge)
    {
        Host = host ?? throw new ArgumentNullException(nameof(host));
        _judge = judge ?? throw new ArgumentNullException(nameof(judge));
    }

    private Subject(Machine machine, Func<RunEnd, IReadOnlyList<Violation>> judge)
        : this(machine.Host, judge) => Machine = machine;

    /// <summary>Where its actors live.</summary>
    public IActorHost Host { get; }

    /// <summary>The deterministic world where its actors live.</summary>
    /// <exception cref="InvalidOperationException">They live in another host.</exception>
    public World World => Host as World ?? throw new InvalidOperationException("the subject is not in a deterministic world");

    /// <summary>The perf machine, or null.</summary>
    public Machine? Machine { get; }

    /// <summary>Whether steps can be taken back: all that the judge goes by lies in the states of the actors, and these say them in numbers.</summary>
    public bool CanGoBack { get; init; }

    /// <summary>A perf machine, judged by its own properties (<see cref="Machine.CheckEnd"/>).</summary>
    /// <param name="machine">The machine, not yet run.</param>
    /// <param name="endCheck">What else to look at when the run ended by itself; reports to the machine. Null for nothing.</param>
    public static Subject Of(Machine machine, Action<Machine, RunEnd>? endCheck = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return new Subject(machine, end => JudgeMachine(machine, endCheck, end));
    }

    /// <summary>Judges the run. Call it once, after the run.</summary>
    /// <param name="end">How it ended; a run that was abandoned is not judged.</param>
    /// <returns>What was found; empty for a good run.</returns>
    public IReadOnlyList<Violation> Judge(RunEnd end) => end == RunEnd.Abandoned ? [] : _judge(end);

    private static IReadOnlyList<Violation> JudgeMachine(Machine machine, Action<Machine, RunEnd>? endCheck, RunEnd end)
    {
        if (end != RunEnd.Halted)
        {
            machine.CheckEnd(end);
            endCheck?.Invoke(machine, end);
        }

        return machine.Violations;
    }
}
