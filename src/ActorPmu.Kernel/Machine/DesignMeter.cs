namespace ActorPmu.Kernel;

/// <summary>The hooks of a design that are told apart when they are measured.</summary>
public enum DesignHook
{
    /// <summary><see cref="ISharingDesign.Add"/>.</summary>
    Add,

    /// <summary><see cref="ISharingDesign.Del"/>.</summary>
    Del,

    /// <summary><see cref="ISharingDesign.Read"/>.</summary>
    Read,

    /// <summary>All others: they set sharing up or tear it down.</summary>
    Setup,
}

/// <summary>Measures a design: how often its hooks are called, how many steps they take, and how often they look at events.</summary>
/// <remarks>
/// A look is a read of <see cref="PerfEvent.Attr"/> or <see cref="PerfEvent.DesignData"/>: a walk over the events of a context is seen even
/// where it sends no message. What a design keeps in collections of its own is not seen.
/// </remarks>
public sealed class DesignMeter
{
    private readonly Hook[] _hooks = new Hook[4];

    /// <summary>Looks at events so far, the kernel's own ones included.</summary>
    public long Looks { get; private set; }

    /// <summary>Calls of a hook that did something, since the last <see cref="Clear"/>.</summary>
    /// <param name="hook">Which.</param>
    public long Calls(DesignHook hook) => _hooks[(int)hook].Calls;

    /// <summary>Steps and looks of all calls of a hook since the last <see cref="Clear"/>.</summary>
    /// <param name="hook">Which.</param>
    public long Work(DesignHook hook) => _hooks[(int)hook].Work;

    /// <summary>Steps and looks of the dearest call of a hook since the last <see cref="Clear"/>; 0 without one.</summary>
    /// <param name="hook">Which.</param>
    public long DearestCall(DesignHook hook) => _hooks[(int)hook].Dearest;

    /// <summary>Takes note of a call.</summary>
    /// <param name="hook">Of what.</param>
    /// <param name="work">Steps and looks; a call without any is none.</param>
    public void Called(DesignHook hook, long work)
    {
        ref Hook h = ref _hooks[(int)hook];
        h.Calls += work > 0 ? 1 : 0;
        h.Work += work;
        h.Dearest = Math.Max(h.Dearest, work);
    }

    /// <summary>Forgets the calls; looks go on.</summary>
    public void Clear() => Array.Clear(_hooks);

    internal void Look() => Looks++;

    private struct Hook
    {
        public long Calls;
        public long Work;
        public long Dearest;
    }
}
