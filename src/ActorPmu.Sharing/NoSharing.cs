using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The kernel as it is: one counter for each event.</summary>
public sealed class NoSharing : ISharingDesign
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public string Source => "Linux v5.3, kernel/events/core.c";

    /// <inheritdoc/>
    public string Claim => "one counter for each event: always right, and short of counters";
}
