using System.Reflection;
using ActorPmu.Kernel;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using MyDesigns;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>The design of a user's own that the README shows: it compiles against nothing but the tool, and what is said of it is so.</summary>
public sealed class ExampleTests
{
    private const string Fence = "```csharp // example: a design of your own";

    [Fact]
    public void The_example_compiles_by_itself_into_an_assembly_with_one_design()
    {
        ISharingDesign design = Compiled();
        Assert.Equal("mine", design.Name);
        Assert.NotEqual(typeof(MyDesign).Assembly, design.GetType().Assembly);
    }

    [Fact]
    public void The_example_counts_for_two_with_one_counter()
    {
        Played played = Runs.InOrder(TwoTools("B", "A"), Compiled());
        Assert.Equal("A=15 B=10", played.Reads);
        Assert.Equal("", played.Broken);
        Assert.Equal(1, played.Machine.Costs.CountersMax);
    }

    [Fact]
    public void The_example_loses_counts_when_the_oldest_is_closed_first()
    {
        Played played = Runs.InOrder(TwoTools("A", "B"), Compiled());
        Assert.Contains(Properties.Name(Property.ActiveCounts), played.Broken, StringComparison.Ordinal);
        Assert.NotNull(Runs.FirstBroken(Property.CountsExact, Find("two tools"), Compiled, schedules: 60));
    }

    [FactOnceTheReadmeHasIt]
    public void What_the_README_shows_is_the_example() => Assert.Equal(FromFile().Trim(), FromReadme()!.Trim());

    private static MachineSpec TwoTools(params string[] closes) => Machine(
        "skl-ht", 1,
        Task(
            "tool", 0,
            [
                OnCpu("A", CyclesAttr), new WorkOp(1), OnCpu("B", CyclesAttr), new WorkOp(2), new ReadOp("A"), new ReadOp("B"),
                .. closes.Select(name => new CloseOp(name)),
            ]));

    private static ISharingDesign Compiled()
    {
        string references = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "MyDesign",
            [CSharpSyntaxTree.ParseText(FromReadme() ?? FromFile(), new CSharpParseOptions(LanguageVersion.Latest))],
            references.Split(Path.PathSeparator).Where(IsForUsers).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.True(result.Success);
        Type design = Assert.Single(Assembly.Load(image.ToArray()).GetExportedTypes());
        return (ISharingDesign)Activator.CreateInstance(design)!;
    }

    // The framework and the projects below the designs; not this assembly, which has the example too.
    private static bool IsForUsers(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name is "ActorPmu.Actors" or "ActorPmu.Kernel"
            || name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib" or "netstandard";
    }

    private static string FromFile() =>
        File.ReadAllText(Repository.Of("tests/ActorPmu.Sharing.Tests/Examples/MyDesign.cs"));

    private static string? FromReadme()
    {
        string readme = Repository.Of("README.md");
        string text = File.Exists(readme) ? File.ReadAllText(readme) : "";
        int fence = text.IndexOf(Fence, StringComparison.Ordinal);
        if (fence < 0)
        {
            return null;
        }

        int start = text.IndexOf('\n', fence) + 1;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private sealed class FactOnceTheReadmeHasItAttribute : FactAttribute
    {
        public FactOnceTheReadmeHasItAttribute() => Skip = FromReadme() is null ? $"README.md has no block «{Fence}» yet" : null;
    }
}
