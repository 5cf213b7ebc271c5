using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Compares one run with what its scenario expects.</summary>
internal sealed class ScenarioRun(Scenario scenario)
{
    private readonly int[] _next = new int[scenario.Tasks.Count];
    private readonly List<(string Task, string Fd, long Value)> _lastReads = [];

    public void AfterOperation(Machine machine, TaskStruct task, TaskOp op, OpResult result)
    {
        if (op is ReadOp && result.Read is { Bytes: > 0 } read)
        {
            foreach (ReadEntry entry in read.Entries)
            {
                Remember(task.Name, entry.Name, entry.Value);
            }
        }

        if (StepOf(task, op) is { } step && !step.Expect.Holds(result))
        {
            machine.Report(
                Property.Expectations, $"{task.Name}: {op} returns {result}; expected {step.Expect} ({scenario.Place(step.Line)})");
        }
    }

    public void AtEnd(Machine machine, RunEnd end)
    {
        if (end != RunEnd.Finished)
        {
            return;
        }

        foreach (CountAtEnd count in scenario.Expectations.Counts)
        {
            int at = _lastReads.FindIndex(r => r.Task == count.Task && r.Fd == count.Fd);
            if (at < 0 || !count.Value.Has(_lastReads[at].Value))
            {
                string got = at < 0 ? "was never read" : FormattableString.Invariant($"was {_lastReads[at].Value} at the last read");
                machine.Report(
                    Property.Expectations, $"{count.Task}: {count.Fd} {got}; expected {count.Value} ({scenario.Place(count.Line)})");
            }
        }
    }

    private void Remember(string task, string fd, long value)
    {
        int at = _lastReads.FindIndex(r => r.Task == task && r.Fd == fd);
        if (at < 0)
        {
            _lastReads.Add((task, fd, value));
        }
        else
        {
            _lastReads[at] = (task, fd, value);
        }
    }

    // Steps end in order, but not all of them report back: an exit, a move of oneself. Work that is cut short is another object.
    private ScriptStep? StepOf(TaskStruct task, TaskOp op)
    {
        IReadOnlyList<ScriptStep> steps = scenario.Tasks[task.Index].Steps;
        for (int i = _next[task.Index]; i < steps.Count; i++)
        {
            if (ReferenceEquals(steps[i].Op, op))
            {
                _next[task.Index] = i + 1;
                return steps[i];
            }
        }

        return null;
    }
}
