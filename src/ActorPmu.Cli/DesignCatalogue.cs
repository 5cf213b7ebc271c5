using System.Reflection;
using System.Runtime.Loader;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli;

/// <summary>The designs of the tool, and those of an assembly of the user's.</summary>
internal sealed class DesignCatalogue
{
    private const int NameLongest = 60;

    private readonly List<Func<ISharingDesign>> _factories = [.. Designs.All];

    /// <summary>Makes the catalogue.</summary>
    /// <param name="assembly">A file with more designs, or null.</param>
    /// <exception cref="WrongInputException">The file is no assembly or has no design.</exception>
    public DesignCatalogue(string? assembly = null)
    {
        if (assembly is not null)
        {
            Load(assembly);
        }
    }

    /// <summary>The first two designs of the tool, with a comma between them: the kernel as it is, and what was proposed first.</summary>
    public static string FirstTwo { get; } = string.Join(',', Designs.All.Take(2).Select(f => f().Name));

    /// <summary>One of each.</summary>
    public IEnumerable<ISharingDesign> All => _factories.Select(f => f());

    /// <summary>What makes the design of that name.</summary>
    /// <param name="name">The name; of the tool, of a variant, or of the user's assembly.</param>
    /// <exception cref="WrongInputException">There is none.</exception>
    public Func<ISharingDesign> Get(string name) =>
        _factories.Find(f => f().Name == name)
        ?? Designs.Find(name)
        ?? throw new WrongInputException(
            $"unknown design \"{name}\"; {DesignNames.Advice(name) ?? Suggest.For(name, [.. All.Select(d => d.Name), .. Designs.Variants.Select(v => v.Make().Name)])}");

    private void Load(string path)
    {
        string full = path.Length > 0 ? Path.GetFullPath(path) : "";
        if (!File.Exists(full))
        {
            throw new WrongInputException($"--design-assembly {path}: there is no such file; name a .dll with designs");
        }

        List<Func<ISharingDesign>> found = [];

        // Reports, files and command lines know a design by its name alone.
        HashSet<string> names = [.. All.Select(d => d.Name), .. Designs.Variants.Select(v => v.Make().Name)];
        try
        {
            Assembly assembly = new DesignLoadContext(full).LoadFromAssemblyPath(full);
            foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                if (typeof(ISharingDesign).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false }
                    && type.GetConstructor(Type.EmptyTypes) is not null)
                {
                    ISharingDesign Make() => (ISharingDesign)Activator.CreateInstance(type)!;
                    string name = NameOf(Make, type, path);
                    if (!names.Add(name))
                    {
                        throw new WrongInputException($"--design-assembly {path}: {type.FullName} is called {name}, as another design is; give it a name of its own");
                    }

                    found.Add(Make);
                }
            }
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException)
        {
            throw new WrongInputException($"--design-assembly {path}: {e.Message.TrimEnd('.')}; name a .dll with designs that was built with this version");
        }

        if (found.Count == 0)
        {
            throw new WrongInputException(
                $"--design-assembly {path}: no public class with a constructor without parameters implements {nameof(ISharingDesign)} of this version");
        }

        _factories.AddRange(found);
    }

    // The constructor and Name are the user's code: whatever they throw is wrong input.
    private static string NameOf(Func<ISharingDesign> make, Type type, string path)
    {
        string name, again;
        try
        {
            (name, again) = (make().Name, make().Name);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Exception thrown = e;
            while (thrown is TargetInvocationException or TypeInitializationException && thrown.InnerException is { } cause)
            {
                thrown = cause;
            }

            throw new WrongInputException(
                $"--design-assembly {path}: {type.FullName} cannot be made: {thrown.GetType().Name}: {thrown.Message.ReplaceLineEndings(" ")}; neither constructor nor {nameof(ISharingDesign.Name)} may throw");
        }

        return name is not { Length: > 0 and <= NameLongest } || name.Any(c => !char.IsLetterOrDigit(c) && !"-_.+".Contains(c, StringComparison.Ordinal))
            ? throw new WrongInputException(
                FormattableString.Invariant($"--design-assembly {path}: the {nameof(ISharingDesign.Name)} of {type.FullName} is no word; give it one of letters, digits, and - _ . +, at most {NameLongest}"))
            : name == again ? name
            : throw new WrongInputException($"--design-assembly {path}: {type.FullName} is called {name}, and then {again}; give it one name");
    }

    // The tool's own assemblies are shared, or the user's ISharingDesign would not be ours.
    private sealed class DesignLoadContext(string path) : AssemblyLoadContext(DesignFault.ContextName)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name?.StartsWith("ActorPmu.", StringComparison.Ordinal) == true
                && Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name))
            {
                return null;
            }

            return _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
        }
    }
}
