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

/// <summary>A design whose exception looks like a Ctrl-C.</summary>
public sealed class CancellingDesign : ISharingDesign
{
    public string Name => "cancels";

    public string Source => "these tests";

    public string Claim => "nothing";

    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        await core.PmuRead(e);
        throw new OperationCanceledException("not by Ctrl-C");
    }
}

/// <summary>A design whose exception looks like a full disk.</summary>
public sealed class WritingDesign : ISharingDesign
{
    public string Name => "writes";

    public string Source => "these tests";

    public string Claim => "nothing";

    public KernelTask Read(PerfCore core, PerfEvent e) => throw new IOException("not the output");
}

/// <summary>A design that waits for a thread.</summary>
public sealed class WaitingDesign : ISharingDesign
{
    public string Name => "waits";

    public string Source => "these tests";

    public string Claim => "nothing";

    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        await Task.Yield();
        await core.PmuRead(e);
    }
}

/// <summary>A design that brings the machine to fall: what throws is not its own code.</summary>
public sealed class FellingDesign : ISharingDesign
{
    public string Name => "fells";

    public string Source => "these tests";

    public string Claim => "nothing";

    public KernelTask Read(PerfCore core, PerfEvent e) => core.PmuRead(null!);
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
