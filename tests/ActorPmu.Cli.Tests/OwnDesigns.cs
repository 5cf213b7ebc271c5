using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Cli.Tests;

/// <summary>A design of a user's, in an assembly of their own: this one.</summary>
public sealed class OwnDesign : ISharingDesign
{
    public string Name => "own";

    public string Source => "these tests";

    public string Claim => "does nothing";
}

/// <summary>A design with a bug that is no violation.</summary>
public sealed class ThrowingDesign : ISharingDesign
{
    public string Name => "throws";

    public string Source => "these tests";

    public string Claim => "nothing";

    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => throw new InvalidOperationException("a broken promise");
}

/// <summary>A design that keeps a number between runs, and allocates at every second one only.</summary>
public sealed class CountingDesign : ISharingDesign
{
    private static int s_added;

    public string Name => "counts-runs";

    public string Source => "these tests";

    public string Claim => "does something else each time";

    public async KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (s_added++ % 3 == 0)
        {
            await core.FreeHidden((await core.AllocHidden(e, Gfp.Kernel))!);
        }
    }
}
