namespace ActorPmu.Scenarios.Conform;

/// <summary>The machine that a case is run on: one object for each run of a case, given its steps in order.</summary>
/// <remarks>A target that is <see cref="IDisposable"/> is disposed of at the end of its case.</remarks>
public interface IConformTarget
{
    /// <summary>Does one step and says what the caller saw.</summary>
    /// <param name="operation">The step, its defaults filled in.</param>
    /// <returns>The answer; fields that the operation does not give stay null.</returns>
    /// <exception cref="ConformUnsupportedException">The target has no counterpart of this step.</exception>
    StepAnswer Execute(ConformStep operation);
}
