using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The sharing designs that come with the tool.</summary>
public static class Designs
{
    private static readonly Func<ISharingDesign>[] Factories =
    [
        () => new NoSharing(),
        () => new V6(),
        () => new V6Atomic(),
        () => new V6AllocInIpi(),
        () => new V6AllocInInstall(),
        () => new RealMaster(),
        () => new LargestScope(),
        () => new FirstActive(),
        () => new ActiveNotCounting(),
        () => new V7(),
        () => new V8(),
        () => new V9(),
        () => new V10(),
        () => new V11(),
        () => new V12(),
        () => new V13(),
        () => new Handover(),
    ];

    /// <summary>Makes one of each, in the order of reports. A machine needs one of its own.</summary>
    public static IReadOnlyList<Func<ISharingDesign>> All => Factories;

    /// <summary>What makes the design of that name, or null.</summary>
    /// <param name="name">The name in flags, files and reports.</param>
    public static Func<ISharingDesign>? Find(string name) => Array.Find(Factories, f => f().Name == name);
}
