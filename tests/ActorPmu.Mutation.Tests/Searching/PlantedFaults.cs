using System.Reflection;
using ActorPmu.Kernel;
using ActorPmu.Mutation.Tests.Planting;
using ActorPmu.Sharing;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Plants faults one at a time, and lets the search find them. For one thread.</summary>
internal sealed class PlantedFaults
{
    private readonly Dictionary<string, SourceProject> _projects = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Design, ulong Seed), SoundRuns> _sound = [];

    /// <summary>What the compiler has against a fault; null for nothing.</summary>
    public string? ErrorOf(Fault fault) => ProjectOf(fault).ErrorOf(fault);

    /// <summary>Compiles the sources with a fault.</summary>
    public byte[] Plant(Fault fault) => ProjectOf(fault).With(fault);

    /// <summary>Searches the catalogue with a fault in place.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="image">What <see cref="Plant"/> made.</param>
    /// <param name="seed">The seed of the schedules.</param>
    /// <param name="rounds">How many of <see cref="FaultSearch.Rounds"/>; all unless told.</param>
    /// <returns>Null when it was not found.</returns>
    public FaultFound? Find(Fault fault, byte[] image, ulong seed, int? rounds = null) =>
        Search(typeof(FaultSearch), nameof(FaultSearch.Find), fault, image, seed, rounds ?? FaultSearch.Rounds.Length);

    /// <summary>Hunts with a fault in place.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="image">What <see cref="Plant"/> made.</param>
    /// <param name="seed">The seed of scenarios and schedules.</param>
    /// <param name="scenariosMax">The bound on scenarios.</param>
    /// <returns>Null when it was not found.</returns>
    public FaultFound? Hunt(Fault fault, byte[] image, ulong seed, int scenariosMax) =>
        Search(typeof(HuntSearch), nameof(HuntSearch.Find), fault, image, seed, scenariosMax);

    private FaultFound? Search(Type search, string method, Fault fault, byte[] image, ulong seed, int most)
    {
        FaultyAssemblies faulty = new(fault.Project, image);
        try
        {
            object design = Call(faulty.Above(typeof(Designs)), nameof(Designs.Find), fault.Design)
                ?? throw new InvalidOperationException($"{fault.Name}: there is no design {fault.Design}");
            object? found = Call(
                faulty.Above(search), method, design, seed, (Func<string, string, string, int, bool>)Sound(fault.Design, seed).Breaks, most);
            return ((string By, string Property, long Schedules)?)found is { } f ? new FaultFound(f.By, f.Property, f.Schedules) : null;
        }
        finally
        {
            faulty.Unload();
        }
    }

    private static object? Call(Type type, string method, params object[] arguments) =>
        type.GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private SourceProject ProjectOf(Fault fault)
    {
        if (!_projects.TryGetValue(fault.Project, out SourceProject? project))
        {
            project = new SourceProject(fault.Project);
            _projects.Add(fault.Project, project);
        }

        return project;
    }

    private SoundRuns Sound(string design, ulong seed)
    {
        if (!_sound.TryGetValue((design, seed), out SoundRuns? runs))
        {
            Func<ISharingDesign> make = Designs.Find(design) ?? throw new InvalidOperationException($"there is no design {design}");
            runs = new SoundRuns(make, seed);
            _sound.Add((design, seed), runs);
        }

        return runs;
    }
}
