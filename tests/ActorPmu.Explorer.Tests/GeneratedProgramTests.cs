namespace ActorPmu.Explorer.Tests;

/// <summary>On small generated programs the reductions reach exactly the classes of runs that brute force reaches, each once.</summary>
public sealed class GeneratedProgramTests
{
    private const int RunsMax = 3_000;

    [Fact]
    public void Optimal_reduction_runs_each_class_once_and_gives_none_up() =>
        Check(shares: false, Reduction.Optimal, iterations: 3_000);

    [Fact]
    public void Source_sets_run_each_class_once() => Check(shares: false, Reduction.Source, iterations: 2_000);

    [Fact]
    public void Sleep_sets_run_each_class_once() => Check(shares: false, Reduction.SleepSets, iterations: 1_000);

    [Fact]
    public void Source_sets_run_each_class_once_where_steps_share_books() => Check(shares: true, Reduction.Source, iterations: 2_000);

    [Fact]
    public void Optimal_reduction_runs_each_class_once_where_steps_share_books() =>
        Check(shares: true, Reduction.Optimal, iterations: 2_000);

    private static void Check(bool shares, Reduction reduction, int iterations)
    {
        SeededRandom random = new(7, 0);
        int compared = 0;
        for (int k = 0; k < iterations; k++)
        {
            GeneratedProgram program = new(
                random.Next(), random.Next(3) + 1, random.Next(4) + 2, random.Next(3),
                random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(3) == 0, shares);
            if (BruteForce.Classes(program.Build, RunsMax) is not { } all)
            {
                continue;
            }

            (SortedSet<string> distinct, int runs, int abandoned) =
                BruteForce.Run(program.Build, new DporStrategy(reduction), RunsMax) ?? throw new InvalidOperationException($"{program}: more runs than brute force");
            Assert.True(all.SetEquals(distinct), $"{program}: {distinct.Count} classes of {all.Count}");
            Assert.True(all.Count == runs, $"{program}: {runs} runs for {all.Count} classes");
            Assert.True(abandoned == 0 || reduction != Reduction.Optimal || shares, $"{program}: {abandoned} runs given up");
            compared += all.Count > 3 ? 1 : 0;
        }

        Assert.InRange(compared, iterations / 3, iterations);
    }
}
