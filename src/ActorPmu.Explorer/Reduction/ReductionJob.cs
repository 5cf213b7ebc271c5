using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A delivery by the names that it has in every world: its channel, and the answers inside.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Options">The answers to choices inside.</param>
/// <param name="OptionCounts">How many options each had.</param>
internal sealed record NamedDelivery(ChannelName Channel, int[] Options, int[] OptionCounts);

/// <summary>A place in a prefix: what was gone into before, and what is taken.</summary>
/// <param name="Before">What other jobs go into, so that this one need not.</param>
/// <param name="Taken">What is delivered.</param>
internal sealed record JobStep(IReadOnlyList<NamedDelivery> Before, NamedDelivery Taken);

/// <summary>A part of a reduced search: the runs that begin with a prefix, but for those that other parts have.</summary>
/// <param name="Steps">The prefix.</param>
internal sealed record ReductionJob(IReadOnlyList<JobStep> Steps);
