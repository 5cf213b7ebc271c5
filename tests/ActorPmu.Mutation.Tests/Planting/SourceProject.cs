using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace ActorPmu.Mutation.Tests.Planting;

/// <summary>A project of <c>src</c>, parsed once, that can be compiled with one of its files changed.</summary>
internal sealed class SourceProject
{
    // What ImplicitUsings of Directory.Build.props generates.
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private readonly SortedDictionary<string, SyntaxTree> _trees = new(StringComparer.Ordinal);
    private readonly CSharpCompilation _whole;

    /// <summary>Parses it.</summary>
    /// <param name="name">The project's name, as in <c>ActorPmu.Sharing</c>.</param>
    public SourceProject(string name)
    {
        Name = name;
        string folder = Repository.Of($"src/{name}");
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string inside = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (!inside.StartsWith("obj/", StringComparison.Ordinal) && !inside.StartsWith("bin/", StringComparison.Ordinal))
            {
                _trees.Add($"{name}/{inside}", CSharpSyntaxTree.ParseText(File.ReadAllText(path), Parsing, path));
            }
        }

        string known = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        _whole = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(Usings, Parsing), .. _trees.Values],
            known.Split(Path.PathSeparator).Where(p => IsBelow(Path.GetFileNameWithoutExtension(p))).Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable,
                deterministic: true,
                concurrentBuild: false));
    }

    /// <summary>The project's name.</summary>
    public string Name { get; }

    /// <summary>What the compiler has against a fault, file by file.</summary>
    /// <returns>The first error; null when there is none.</returns>
    /// <exception cref="InvalidOperationException">The line is not there.</exception>
    public string? ErrorOf(Fault fault)
    {
        (CSharpCompilation faulty, SyntaxTree tree) = Planted(fault);
        return faulty.GetSemanticModel(tree).GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.ToString();
    }

    /// <summary>Compiles it with a fault.</summary>
    /// <returns>The assembly.</returns>
    /// <exception cref="InvalidOperationException">The line is not there, or what becomes of it does not compile.</exception>
    public byte[] With(Fault fault)
    {
        using MemoryStream image = new();
        EmitResult result = Planted(fault).Faulty.Emit(image);
        return result.Success
            ? image.ToArray()
            : throw new InvalidOperationException(
                $"{fault.Name}: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)} (write the fault so that it compiles)");
    }

    private (CSharpCompilation Faulty, SyntaxTree Tree) Planted(Fault fault)
    {
        SyntaxTree sound = _trees.TryGetValue(fault.File, out SyntaxTree? tree)
            ? tree
            : throw new InvalidOperationException($"{fault.Name}: there is no src/{fault.File}");
        SyntaxTree faulty = CSharpSyntaxTree.ParseText(fault.PlantIn(sound.ToString()), Parsing, sound.FilePath);
        return (_whole.ReplaceSyntaxTree(sound, faulty), faulty);
    }

    private bool IsBelow(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "mscorlib" or "netstandard" or "ActorPmu.Actors"
        || (assembly == "ActorPmu.Kernel" && Name != assembly);
}
