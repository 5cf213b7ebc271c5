using System.Numerics;

namespace ActorPmu.Kernel.Tests;

/// <summary><c>perf_calculate_period()</c> against arithmetic without bounds.</summary>
public sealed class CalculatePeriodTests
{
    [Theory]
    [InlineData(1_000, 4_000_000, 4_000, 1_000)]
    [InlineData(4_000, 1_000, 1, 250)]
    [InlineData(100_000, 7_999_999, 1, 0)]
    [InlineData(1, 1, 3, 3_000_000_000)]
    [InlineData(99, 4_000_000, 12_345_678, 31_175_954)]
    public void The_period_is_what_keeps_the_frequency(ulong frequency, ulong nsec, ulong count, ulong period) =>
        Assert.Equal(period, PerfCore.PerfCalculatePeriod(frequency, nsec, count));

    [Fact]
    public void Where_64_bits_are_too_few_it_is_right_but_for_the_last_bits()
    {
        Random random = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            ulong frequency = (ulong)random.NextInt64(1, 1L << random.Next(1, 40));
            ulong nsec = (ulong)random.NextInt64(1, 1L << random.Next(1, 40));
            ulong count = (ulong)random.NextInt64(1, long.MaxValue >> random.Next(0, 40));
            BigInteger exact = new BigInteger(count) * 1_000_000_000 / ((BigInteger)nsec * frequency);
            if (exact > 1_000 && exact < 1L << 50)
            {
                double ratio = PerfCore.PerfCalculatePeriod(frequency, nsec, count) / (double)exact;
                Assert.InRange(ratio, 0.99, 1.01);
            }
        }
    }
}
