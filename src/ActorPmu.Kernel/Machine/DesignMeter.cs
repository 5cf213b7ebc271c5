namespace ActorPmu.Kernel;

/// <summary>The hooks of a design that are measured.</summary>
public enum DesignHook
{
    /// <summary><see cref="ISharingDesign.Add"/>.</summary>
    Add,

    /// <summary><see cref="ISharingDesign.Del"/>.</summary>
    Del,

    /// <summary><see cref="ISharingDesign.Read"/>.</summary>
    Read,

    /// <summary><see cref="ISharingDesign.Allocated"/>.</summary>
    Allocated,

    /// <summary><see cref="ISharingDesign.Installing"/>.</summary>
    Installing,

    /// <summary><see cref="ISharingDesign.InstallingInIpi"/>.</summary>
    InstallingInIpi,

    /// <summary><see cref="ISharingDesign.Added"/>.</summary>
    Added,

    /// <summary><see cref="ISharingDesign.Enabled"/>.</summary>
    Enabled,

    /// <summary><see cref="ISharingDesign.Settled"/>.</summary>
    Settled,

    /// <summary><see cref="ISharingDesign.Removing"/>.</summary>
    Removing,

    /// <summary><see cref="ISharingDesign.Disabled"/>.</summary>
    Disabled,

    /// <summary><see cref="ISharingDesign.Freeing"/>.</summary>
    Freeing,
}

/// <summary>Measures the hooks of a design: how often, how many steps, and how many looks at events.</summary>
/// <remarks>
/// A look is a read of <see cref="PerfEvent.Attr"/> or <see cref="PerfEvent.DesignData"/>: a walk over the events of a context is seen even
/// where it sends no message. What a design keeps in collections of its own is not seen.
/// </remarks>
public sealed class DesignMeter
{
    private readonly Hook[] _hooks = new Hook[Enum.GetValues<DesignHook>().Length];

    /// <summary>Looks at events so far, the kernel's own ones included.</summary>
    public long Looks { get; private set; }

    /// <summary>Calls of a hook since the last <see cref="Clear"/>.</summary>
    /// <param name="hook">Which.</param>
    public long Calls(DesignHook hook) => _hooks[(int)hook].Calls;

    /// <summary>Steps and looks of all calls of a hook since the last <see cref="Clear"/>.</summary>
    /// <param name="hook">Which.</param>
    public long Work(DesignHook hook) => _hooks[(int)hook].Work;

    /// <summary>Steps and looks of the dearest call of a hook since the last <see cref="Clear"/>; 0 without one.</summary>
    /// <param name="hook">Which.</param>
    public long DearestCall(DesignHook hook) => _hooks[(int)hook].Dearest;

    /// <summary>Forgets the hooks' calls.</summary>
    public void Clear() => Array.Clear(_hooks);

    internal void Look() => Looks++;

    internal void Called(DesignHook hook, long work)
    {
        ref Hook h = ref _hooks[(int)hook];
        h.Calls++;
        h.Work += work;
        h.Dearest = Math.Max(h.Dearest, work);
    }

    private struct Hook
    {
        public long Calls;
        public long Work;
        public long Dearest;
    }
}
