namespace ActorPmu.Scenarios.Conform;

/// <summary>Thrown by a target for a step that it has no counterpart of; the case is then reported as unsupported, not as different.</summary>
public sealed class ConformUnsupportedException : Exception
{
    /// <summary>Makes the refusal of one step.</summary>
    /// <param name="why">What the target lacks.</param>
    public ConformUnsupportedException(string why)
        : base(why)
    {
    }
}
