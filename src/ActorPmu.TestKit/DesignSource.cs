using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.TestKit;

/// <summary>Finds the design that a script means.</summary>
internal static class DesignSource
{
    /// <summary>What makes the design of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Func<ISharingDesign> Named(string name) =>
        Designs.Find(name)
        ?? throw new ArgumentException(
            $"there is no design \"{name}\"; {DesignNames.Advice(name) ?? KnownNames.Advice(name, Designs.All.Select(f => f().Name))}; one of your own is given as () => new MyDesign()");
}
