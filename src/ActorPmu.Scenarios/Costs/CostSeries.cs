namespace ActorPmu.Scenarios;

/// <summary>A quantity of one design, measured at several sizes.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Design">The design's name.</param>
/// <param name="Values">Numbers of events and values, ascending; ends before a size at which the operation was not reached.</param>
/// <param name="NotReachedAt">The first size at which the operation was not reached; null if there is none.</param>
public sealed record CostSeries(CostQuantity Quantity, string Design, IReadOnlyList<(int N, long Value)> Values, int? NotReachedAt)
{
    /// <summary>How it grows; null with fewer than two values.</summary>
    public Growth? Growth { get; } = Values.Count >= 2 ? Growth.Fit(Values) : null;

    /// <summary>Picks the quantity out of a program's runs.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="design">The design's name.</param>
    /// <param name="runs">The runs of its program.</param>
    public static CostSeries Of(CostQuantity quantity, string design, IReadOnlyList<(int N, IReadOnlyList<CostSample?> Samples)> runs)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(runs);
        int operation = quantity.Program.Operations.ToList().IndexOf(quantity.Operation);
        Func<CostSample, long> measure = CostMeasures.Of(quantity.Measure);
        List<(int N, long Value)> whole = [];
        int? notReached = null;
        foreach ((int n, IReadOnlyList<CostSample?> samples) in runs)
        {
            if (samples[operation] is not { } sample)
            {
                notReached = n;
                break;
            }

            whole.Add((n, measure(sample)));
        }

        return new CostSeries(quantity, design, quantity.PerEvent ? PerEvent(whole) : whole, notReached);
    }

    // What one more event adds, rounded up: the slope from one size to the next.
    private static List<(int N, long Value)> PerEvent(List<(int N, long Value)> whole)
    {
        List<(int N, long Value)> slopes = [];
        for (int i = 1; i < whole.Count; i++)
        {
            long events = whole[i].N - whole[i - 1].N;
            slopes.Add((whole[i].N, (long)Math.Ceiling((whole[i].Value - whole[i - 1].Value) / (double)events)));
        }

        return slopes;
    }
}
