namespace ActorPmu.Scenarios;

/// <summary>How a cost grows with the number of events.</summary>
public enum GrowthOrder
{
    /// <summary>O(1).</summary>
    Constant,

    /// <summary>O(log n).</summary>
    Logarithmic,

    /// <summary>O(n).</summary>
    Linear,

    /// <summary>O(n²).</summary>
    Quadratic,
}

/// <summary>A cost as a + b·f(n), f being 1, log₂ n, n or n².</summary>
/// <param name="Order">f.</param>
/// <param name="A">What is there without events.</param>
/// <param name="B">What is added with f(n); 0 for <see cref="GrowthOrder.Constant"/>.</param>
/// <param name="Error">The largest relative deviation of a measured value, 0 for an exact fit.</param>
public sealed record Growth(GrowthOrder Order, double A, double B, double Error)
{
    /// <summary>A slower order that is off by no more than this is taken before a faster one.</summary>
    private const double Tolerance = 0.05;

    // That many sizes in a row with the same value are no growth, whatever came before: there are no more counters to fill.
    private const int LevelSizes = 3;

    private static readonly (string Name, string Short)[] Names =
        [("constant", "O(1)"), ("logarithmic", "O(log n)"), ("linear", "O(n)"), ("quadratic", "O(n²)")];

    /// <summary>The names of the orders in files, slowest growth first.</summary>
    public static IReadOnlyList<string> OrderNames { get; } = [.. Names.Select(n => n.Name)];

    /// <summary>The size from which it stays the same although it grew before; null where the fit is for all sizes.</summary>
    public int? LevelFrom { get; init; }

    /// <summary>As reports write the order.</summary>
    public string Short => Names[(int)Order].Short;

    /// <summary>Fits the slowest order that describes the values within 5 %, else the one that is off least.</summary>
    /// <param name="values">Costs at two or more different n, each 1 or more.</param>
    /// <remarks>Weighted least squares: each value counts by its relative deviation, so that small n are not lost beside large ones.</remarks>
    public static Growth Fit(IReadOnlyList<(int N, long Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (LevelOf(values) is { } level)
        {
            return level;
        }

        Growth? best = null;
        foreach (GrowthOrder order in Enum.GetValues<GrowthOrder>())
        {
            Growth fit = Fit(values, order);
            if (fit.Error <= Tolerance)
            {
                return fit;
            }

            best = best is null || fit.Error < best.Error ? fit : best;
        }

        return best!;
    }

    private static Growth? LevelOf(IReadOnlyList<(int N, long Value)> values)
    {
        int first = values.Count - 1;
        while (first > 0 && values[first - 1].Value == values[^1].Value)
        {
            first--;
        }

        return values.Count - first >= LevelSizes && first > 0
            ? new Growth(GrowthOrder.Constant, values[^1].Value, 0, 0) { LevelFrom = values[first].N }
            : null;
    }

    private static Growth Fit(IReadOnlyList<(int N, long Value)> values, GrowthOrder order)
    {
        double sw = 0, swx = 0, swy = 0, swxx = 0, swxy = 0;
        foreach ((int n, long value) in values)
        {
            double x = F(order, n);
            double w = 1 / (Scale(value) * Scale(value));
            sw += w;
            swx += w * x;
            swy += w * value;
            swxx += w * x * x;
            swxy += w * x * value;
        }

        double determinant = (sw * swxx) - (swx * swx);
        double slope = order == GrowthOrder.Constant || determinant == 0 ? 0 : ((sw * swxy) - (swx * swy)) / determinant;

        // What falls does not grow.
        double b = Math.Max(0, slope);
        double a = (swy - (b * swx)) / sw;
        double error = values.Max(v => Math.Abs(v.Value - a - (b * F(order, v.N))) / Scale(v.Value));
        return new Growth(order, a, b, error);
    }

    private static double F(GrowthOrder order, int n) => order switch
    {
        GrowthOrder.Constant => 0,
        GrowthOrder.Logarithmic => Math.Log2(n),
        GrowthOrder.Linear => n,
        _ => (double)n * n,
    };

    private static double Scale(long value) => Math.Max(1, Math.Abs(value));
}
