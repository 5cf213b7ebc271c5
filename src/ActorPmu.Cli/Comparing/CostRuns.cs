using System.Collections.Concurrent;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Comparing;

/// <summary>Runs cost programs, each once for a design, whoever asks first and how many do.</summary>
internal sealed class CostRuns
{
    private readonly ConcurrentDictionary<(string Design, string Program, string Sizes), Lazy<IReadOnlyList<(int, IReadOnlyList<CostSample?>)>>> _runs = new();

    /// <summary>A quantity of a design.</summary>
    /// <param name="quantity">What is asked for.</param>
    /// <param name="design">Makes the design.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the design or the model.</exception>
    public CostSeries Of(CostQuantity quantity, Func<ISharingDesign> design)
    {
        string name = design().Name;
        var runs = _runs.GetOrAdd(
            (name, quantity.Program.Name, string.Join(',', quantity.Sizes)),
            _ => new Lazy<IReadOnlyList<(int, IReadOnlyList<CostSample?>)>>(() => Run(quantity, design)));
        return CostSeries.Of(quantity, name, runs.Value);
    }

    private static IReadOnlyList<(int, IReadOnlyList<CostSample?>)> Run(CostQuantity quantity, Func<ISharingDesign> design)
    {
        try
        {
            return quantity.Program.Run(design, quantity.Sizes);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or InputError))
        {
            throw new RunCrashException(0, [], e);
        }
    }
}
