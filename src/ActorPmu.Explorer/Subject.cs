using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>What one schedule runs: a world, fresh for every schedule, and a judge of how the run went.</summary>
public sealed class Subject
{
    private readonly Func<RunEnd, IReadOnlyList<Violation>> _judge;

    /// <summary>Makes a subject that is not a perf machine.</summary>
    /// <param name="world">The world to run.</param>
    /// <param name="judge">Called once after the run: what was found. A run that was abandoned is not judged.</param>
    public Subject(World world, Func<RunEnd, IReadOnlyList<Violation>> judge)
    {
        World = world ?? throw new ArgumentNullException(nameof(world));
        _judge = judge ?? throw new ArgumentNullException(nameof(judge));
    }

    private Subject(Machine machine, Func<RunEnd, IReadOnlyList<Violation>> judge)
        : this(machine.World, judge) => Machine = machine;

    /// <summary>The world to run.</summary>
    public World World { get; }

    /// <summary>The perf machine in that world, or null.</summary>
    public Machine? Machine { get; }

    /// <summary>A perf machine, judged by its own properties (<see cref="Machine.CheckEnd"/>).</summary>
    /// <param name="machine">The machine, not yet run.</param>
    /// <param name="endCheck">What else to look at when the run ended by itself; reports to the machine. Null for nothing.</param>
    public static Subject Of(Machine machine, Action<Machine, RunEnd>? endCheck = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return new Subject(machine, end => JudgeMachine(machine, endCheck, end));
    }

    internal IReadOnlyList<Violation> Judge(RunEnd end) => end == RunEnd.Abandoned ? [] : _judge(end);

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
