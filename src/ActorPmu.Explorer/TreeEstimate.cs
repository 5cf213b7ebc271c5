using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Guesses how many schedules there are, from a few random ones.</summary>
/// <remarks>Source: Knuth, «Estimating the efficiency of backtrack programs», Math. Comp. 1975: the product of the numbers of options along a random path.</remarks>
public static class TreeEstimate
{
    private const int Probes = 16;

    /// <summary>The smallest and the mean of the guesses of a few probes; the truth is rarely below the smallest.</summary>
    /// <param name="build">Makes what is run.</param>
    /// <param name="seed">The seed of the probes.</param>
    /// <param name="stepsMax">The bound on the steps of a probe.</param>
    public static (double Smallest, double Mean) Of(Func<Subject> build, ulong seed, long stepsMax)
    {
        ArgumentNullException.ThrowIfNull(build);
        double smallest = double.PositiveInfinity;
        double sum = 0;
        for (int k = 0; k < Probes; k++)
        {
            Probe probe = new(seed, (ulong)k);
            build().World.Run(probe, stepsMax);
            smallest = Math.Min(smallest, probe.Product);
            sum += probe.Product;
        }

        return (smallest, sum / Probes);
    }

    /// <summary>The steps of the longest of a few random runs, 1 or more.</summary>
    /// <param name="build">Makes what is run.</param>
    /// <param name="seed">The seed of the probes.</param>
    /// <param name="stepsMax">The bound on the steps of a probe.</param>
    public static long LongestOf(Func<Subject> build, ulong seed, long stepsMax)
    {
        ArgumentNullException.ThrowIfNull(build);
        long longest = 1;
        for (int k = 0; k < Probes; k++)
        {
            Subject subject = build();
            subject.World.Run(new Probe(seed, (ulong)k), stepsMax);
            longest = Math.Max(longest, subject.World.Steps);
        }

        return longest;
    }

    private sealed class Probe(ulong seed, ulong stream) : IChooser
    {
        private readonly SeededRandom _random = new(seed, stream);

        public double Product { get; private set; } = 1;

        public int Pick(World world, ReadOnlySpan<int> enabled) => Answer(enabled.Length);

        public int Choose(ActorId by, int optionCount, string what) => Answer(optionCount);

        private int Answer(int optionCount)
        {
            Product *= optionCount;
            return optionCount == 1 ? 0 : _random.Next(optionCount);
        }
    }
}
