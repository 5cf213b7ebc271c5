namespace ActorPmu.Kernel;

/// <summary>The PMUs of a machine.</summary>
/// <param name="Name">Short name, as given on the command line.</param>
/// <param name="About">One sentence: what machine it stands for.</param>
/// <param name="Pmus">In the order in which the kernel tries them for a generic event.</param>
public sealed record HardwareProfile(string Name, string About, IReadOnlyList<PmuProfile> Pmus);
