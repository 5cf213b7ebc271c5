using System.Diagnostics;

namespace ActorPmu.Benchmarks;

/// <summary>What all tables are made of.</summary>
internal static class Measured
{
    // So many numbers apart, no two workers write to one line of a cache.
    private const int Apart = 32;

    /// <summary>The middle one; of an even number, the later of the two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>How much is done a second.</summary>
    /// <param name="workers">How many threads.</param>
    /// <param name="time">How long they go on.</param>
    /// <param name="run">Does something with a seed, from 1, that no other call gets, and says how much it was.</param>
    public static double Rate(int workers, TimeSpan time, Func<long, long> run)
    {
        long began = Stopwatch.GetTimestamp();
        long[] done = new long[workers * Apart];
        void Work(int worker)
        {
            for (long seed = worker + 1; Stopwatch.GetElapsedTime(began) < time; seed += workers)
            {
                done[worker * Apart] += run(seed);
            }
        }

        Thread[] all = [.. Enumerable.Range(0, workers).Select(w => new Thread(() => Work(w)))];
        Array.ForEach(all, t => t.Start());
        Array.ForEach(all, t => t.Join());
        return done.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
