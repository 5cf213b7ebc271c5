using System.Reflection;
using System.Runtime.Loader;

namespace ActorPmu.Mutation.Tests.Planting;

/// <summary>A project with a fault, and, where the kernel has it, the projects above it bound to that one; all else is shared with the caller.</summary>
/// <remarks>With a fault in the kernel even the search is another one than the caller's; so it speaks in words and numbers.</remarks>
internal sealed class FaultyAssemblies : AssemblyLoadContext
{
    private readonly string _project;
    private readonly byte[] _image;
    private readonly string[] _above;

    /// <summary>Makes the assemblies; none is loaded before it is needed.</summary>
    /// <param name="project">The project that has the fault.</param>
    /// <param name="image">The assembly with the fault.</param>
    public FaultyAssemblies(string project, byte[] image)
        : base($"{project} with a fault", isCollectible: true)
    {
        _project = project;
        _image = image;
        _above = project == "ActorPmu.Kernel"
            ? ["ActorPmu.Sharing", "ActorPmu.Explorer", "ActorPmu.Scenarios", Search]
            : [];
    }

    private static string Search => typeof(FaultyAssemblies).Assembly.GetName().Name!;

    /// <summary>The type of that name, as it is above the fault.</summary>
    public Type Above(Type type) => LoadFromAssemblyName(type.Assembly.GetName()).GetType(type.FullName!, throwOnError: true)!;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        return name == _project ? LoadFromStream(new MemoryStream(_image))
            : _above.Contains(name) ? LoadFromStream(new MemoryStream(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"))))
            : null;
    }
}
