using System.Reflection;
using System.Reflection.Emit;
using ActorPmu.Kernel;

namespace ActorPmu.Cli.Tests;

/// <summary>What a design in an assembly made by a test is derived from.</summary>
public abstract class NamedDesign : ISharingDesign
{
    protected NamedDesign(string name) =>
        Name = name != "throws" ? name : throw new InvalidOperationException("no design\nis made");

    public string Name { get; }

    public string Source => "these tests";

    public string Claim => "nothing";
}

/// <summary>Assemblies as users may give them.</summary>
public sealed class DesignAssemblyTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("Made0 is called v6, as another design is; give it a name of its own", "v6")]
    [InlineData("Made0 is called none, as another design is; give it a name of its own", "none")]
    [InlineData("Made0 is called v6+whole-attr, as another design is; give it a name of its own", "v6+whole-attr")]
    [InlineData("Made1 is called twin, as another design is; give it a name of its own", "twin", "twin")]
    [InlineData("Made0 cannot be made: InvalidOperationException: no design is made; neither constructor nor Name may throw", "throws")]
    [InlineData(NoWord, "a,b")]
    [InlineData(NoWord, "a b")]
    [InlineData(NoWord, "a\nb")]
    [InlineData(NoWord, "../../a")]
    [InlineData(NoWord, "")]
    [InlineData(NoWord, new string?[] { null })]
    [InlineData(NoWord, "of-62-letters-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_name_that_reports_and_files_cannot_tell_by_is_wrong_input(string message, params string?[] names)
    {
        string file = Save(names);
        (int code, string output, string error) = await Cli.Run("list", "designs", "--design-assembly", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal($"error: --design-assembly {file}: {message}\n", error);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Designs_of_an_assembly_stand_in_the_list_under_their_names()
    {
        (int code, string output, _) = await Cli.Run("list", "designs", "--design-assembly", Save(["mine", "mine+other", "дизайн"]));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Matches("\nmine +nothing \\(these tests\\)\nmine\\+other +nothing \\(these tests\\)\nдизайн +nothing ", output);
    }

    [Fact]
    public async Task What_is_no_assembly_is_answered_with_what_to_give()
    {
        string file = _cli.Write("mine.dll", "MZ");
        (int code, _, string error) = await Cli.Run("list", "designs", "--design-assembly", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"error: --design-assembly {file}: ", error, StringComparison.Ordinal);
        Assert.EndsWith("; name a .dll with designs that was built with this version\n", error, StringComparison.Ordinal);
    }

    private const string NoWord = "the Name of Made0 is no word; give it one of letters, digits, and - _ . +, at most 60";

    private string Save(string?[] names)
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName("made"), typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule("made");
        ConstructorInfo named = typeof(NamedDesign).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(string)])!;
        for (int i = 0; i < names.Length; i++)
        {
            TypeBuilder type = module.DefineType($"Made{i}", TypeAttributes.Public | TypeAttributes.Sealed, typeof(NamedDesign));
            ILGenerator body = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator();
            body.Emit(OpCodes.Ldarg_0);
            if (names[i] is { } name)
            {
                body.Emit(OpCodes.Ldstr, name);
            }
            else
            {
                body.Emit(OpCodes.Ldnull);
            }

            body.Emit(OpCodes.Call, named);
            body.Emit(OpCodes.Ret);
            type.CreateType();
        }

        string file = _cli.Write("made.dll", "");
        assembly.Save(file);
        return file;
    }
}
