namespace ActorPmu.Actors;

/// <summary>Picks the delivery that is due first: how a machine with a clock runs.</summary>
/// <remarks>
/// At one instant what a processor has to do before anything else comes first: non-maskable interrupts, then answers, then
/// requests, then maskable interrupts; then canonical order.
/// </remarks>
public sealed class VirtualTimeChooser : IChooser
{
    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        int best = 0;
        (long bestDueNs, int bestRank) = (long.MaxValue, int.MaxValue);
        for (int i = 0; i < enabled.Length; i++)
        {
            (Lane lane, long dueNs) = world.HeadTime(enabled[i]);
            int rank = Rank(lane);
            dueNs = Math.Max(dueNs, world.NowNs);
            if (dueNs < bestDueNs || (dueNs == bestDueNs && rank < bestRank))
            {
                (best, bestDueNs, bestRank) = (i, dueNs, rank);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    /// <remarks>Nothing fails and nothing is late unless a workload says so: always the first option.</remarks>
    public int Choose(ActorId by, int optionCount, string what) => 0;

    private static int Rank(Lane lane) => lane switch
    {
        Lane.Nmi => 0,
        Lane.Reply or Lane.ReplyIrq or Lane.ReplyNmi => 1,
        Lane.Request => 2,
        _ => 3,
    };
}
