using System.Reflection;
using System.Runtime.CompilerServices;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Collects what the runs of one worker cover.</summary>
internal sealed class CoverageCollector
{
    // Recorded workloads and timers of virtual time: no exploration has them.
    private static readonly string[] OnlyWithClock = ["recorded_", "overflow_timer", "task_timer"];

    private readonly CoverageSheet _sheet = new();
    private readonly HashSet<Type> _entered = [];
    private readonly Dictionary<Type, long> _functions = [];
    private Type? _design;
    private CoverageWatch? _watch;

    /// <summary>Begins to watch a run.</summary>
    /// <param name="subject">What is run.</param>
    /// <param name="inner">Who else watches.</param>
    /// <returns>The observer of the run.</returns>
    public IStepObserver Begin(Subject subject, IStepObserver inner)
    {
        if (subject.Machine is not { } machine)
        {
            return inner;
        }

        _entered.Clear();
        PathProbe.Into(_entered);
        return _watch = new CoverageWatch(machine, inner, _sheet);
    }

    /// <summary>The run is over.</summary>
    /// <param name="subject">What was run.</param>
    /// <param name="counts">Whether it is among the schedules.</param>
    public void End(Subject subject, bool counts)
    {
        PathProbe.Into(null);
        if (!counts || subject.Machine is not { } machine)
        {
            return;
        }

        _watch!.Close();
        foreach (Type function in _entered)
        {
            // The proxy around the design is nobody's function.
            if (function.Assembly != typeof(CoverageCollector).Assembly)
            {
                _functions[function] = _functions.GetValueOrDefault(function) + 1;
            }
        }

        ISharingDesign design = machine.Design;
        if ((object)design is CoveredDesign covered)
        {
            _sheet.Add(covered.Sheet);
            design = covered.Inner;
        }

        _design = design.GetType();
    }

    /// <summary>What has been covered, beside what could be.</summary>
    public CoverageSheet Result()
    {
        CoverageSheet all = new();
        all.Add(_sheet);
        Universe(all);
        foreach ((Type function, long schedules) in _functions)
        {
            all.Add(TableOf(function), KernelNames.Of(function), "", schedules);
        }

        return all;
    }

    private void Universe(CoverageSheet all)
    {
        foreach ((EventState from, EventState to) in KnownTransitions.All)
        {
            all.Add(CoverageTables.States, $"{from} → {to}", "", 0);
        }

        foreach (string name in Happenings.All)
        {
            all.Add(CoverageTables.Sometimes, name, "", 0);
        }

        foreach (Type message in typeof(PerfCore).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Message)) && !t.IsAbstract))
        {
            string name = CoverageWatch.NameOf(message);
            if (name != CoverageWatch.UserOp && !OnlyWithClock.Any(c => name.StartsWith(c, StringComparison.Ordinal)))
            {
                all.Add(CoverageTables.Messages, name, "", 0);
            }
        }

        HashSet<Type> homes = [typeof(PerfCore), .. _functions.Keys.Select(HomeOf)];
        if (_design is not null)
        {
            homes.Add(_design);
        }

        foreach (Type machine in homes.SelectMany(h => h.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public)))
        {
            if (typeof(IAsyncStateMachine).IsAssignableFrom(machine))
            {
                all.Add(TableOf(machine), KernelNames.Of(machine), "", 0);
            }
        }
    }

    private static Type HomeOf(Type stateMachine) => stateMachine.DeclaringType!;

    private static string TableOf(Type stateMachine) =>
        stateMachine.Assembly == typeof(PerfCore).Assembly ? CoverageTables.Functions : CoverageTables.DesignFunctions;
}
