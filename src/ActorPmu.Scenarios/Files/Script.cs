using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>An operation of a script, with its place in the file.</summary>
/// <param name="Op">The operation; each step has an object of its own.</param>
/// <param name="Expect">How it may end.</param>
/// <param name="Line">Its line in the file, from 1.</param>
public sealed record ScriptStep(TaskOp Op, StepExpectation Expect, int Line)
{
    /// <summary>Where its descriptor stands.</summary>
    internal YamlItem? FdAt { get; init; }

    /// <summary>Where the leader of its group stands.</summary>
    internal YamlItem? GroupAt { get; init; }
}

/// <summary>A task of a scenario: what it is called and what it does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Steps">What it does, in order; then it exits.</param>
public sealed record ScriptTask(string Name, IReadOnlyList<ScriptStep> Steps);

/// <summary>A script under way.</summary>
internal sealed class ScriptProgram(IReadOnlyList<ScriptStep> steps) : ITaskProgram
{
    private int _next;

    public TaskOp? Next(OpResult? last) => _next < steps.Count ? steps[_next++].Op : null;
}
