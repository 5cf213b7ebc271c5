namespace ActorPmu.Scenarios.Conform;

/// <summary>One field of one step that a target answered otherwise than the kernel.</summary>
/// <param name="Step">Index of the step, 0 for the first.</param>
/// <param name="Line">Line of the case file, 1 for the first.</param>
/// <param name="Op">The operation and its arguments as one line.</param>
/// <param name="Field">The field of <c>expect</c>.</param>
/// <param name="Expected">What the kernel answered, with its tolerance.</param>
/// <param name="Got">What the target answered; <c>nothing</c> when it gave no such field.</param>
public sealed record Mismatch(int Step, int Line, string Op, string Field, string Expected, string Got);
