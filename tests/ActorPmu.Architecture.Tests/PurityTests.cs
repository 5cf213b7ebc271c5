using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ActorPmu.Architecture.Tests;

/// <summary>What the analyzer of banned symbols cannot see, because it is syntax or a name.</summary>
public partial class PurityTests
{
    [Theory]
    [InlineData("ActorPmu.Actors")]
    [InlineData("ActorPmu.Kernel")]
    [InlineData("ActorPmu.Sharing")]
    [InlineData("ActorPmu.Explorer")]
    public void A_pure_project_has_no_lock_statement_and_no_volatile_field(string project) =>
        Rule.HasNoOffender(
            from file in RepositoryTree.SourcesOf(project)
            let root = RepositoryTree.Syntax(file)
            from place in root.DescendantNodes().OfType<LockStatementSyntax>().Select(statement => statement.LockKeyword)
                .Concat(root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.VolatileKeyword)))
            select Place(place));

    [Fact]
    public void No_string_outside_a_design_s_own_file_names_a_sharing_design() =>
        Rule.HasNoOffender(
            from project in SourceProject.All
            from file in RepositoryTree.SourcesOf(project.Name)
            let root = RepositoryTree.Syntax(file)
            where !DeclaresADesign(root)
            from literal in StringsOf(root)
            where NamesADesign(literal.ValueText) || designNames.Contains(literal.ValueText)
            select Place(literal));

    [Fact]
    public void The_rule_finds_the_designs_and_their_names()
    {
        Assert.Contains("v6", designNames);
        Assert.Contains("largest-scope", designNames);
        Assert.DoesNotContain("none", designNames);
    }

    [Theory]
    [InlineData("v6", true)]
    [InlineData("v6-alloc-in-ipi", true)]
    [InlineData("under v13:", true)]
    [InlineData("real-master", true)]
    [InlineData("largest-scope", true)]
    [InlineData("handover", true)]
    [InlineData("v5.3", false)]
    [InlineData("the master", false)]
    [InlineData("rev6", false)]
    public void The_rule_knows_a_design_by_its_name(string text, bool isName) => Assert.Equal(isName, NamesADesign(text));

    [Fact]
    public void The_rule_sees_plain_raw_and_interpolated_strings_but_no_comment()
    {
        var root = CSharpSyntaxTree.ParseText("""
            // "v7" in a comment
            class C { string a = "v8"; string b = @"v9"; string c = $"{1} v10"; }
            """).GetRoot();
        Assert.Equal(["v8", "v9", " v10"], StringsOf(root).Select(token => token.ValueText));
    }

    // «none» is an everyday word, and the kernel as it is: no design.
    static readonly HashSet<string> designNames =
    [
        .. from file in RepositoryTree.SourcesOf("ActorPmu.Sharing")
           from name in NamesOfDesigns(RepositoryTree.Syntax(file))
           where name != "none"
           select name,
    ];

    static bool DeclaresADesign(SyntaxNode root) => NamesOfDesigns(root).Any();

    // string Name => "…", in a class of the project that holds the designs.
    static IEnumerable<string> NamesOfDesigns(SyntaxNode root) =>
        from property in root.DescendantNodes().OfType<PropertyDeclarationSyntax>()
        where property.Identifier.ValueText == "Name" && root.SyntaxTree.FilePath.StartsWith("src/ActorPmu.Sharing/", StringComparison.Ordinal)
        from literal in property.DescendantTokens()
        where literal.IsKind(SyntaxKind.StringLiteralToken)
        select literal.ValueText;

    static IEnumerable<SyntaxToken> StringsOf(SyntaxNode root) => root.DescendantTokens().Where(token => token.Kind() is
        SyntaxKind.StringLiteralToken
        or SyntaxKind.SingleLineRawStringLiteralToken
        or SyntaxKind.MultiLineRawStringLiteralToken
        or SyntaxKind.Utf8StringLiteralToken
        or SyntaxKind.InterpolatedStringTextToken);

    static bool NamesADesign(string text) => DesignName().IsMatch(text);

    static string Place(SyntaxToken token)
    {
        var start = token.GetLocation().GetLineSpan().StartLinePosition;
        return $"{token.SyntaxTree?.FilePath}:{start.Line + 1}:{start.Character + 1}: {token.Text}";
    }

    [GeneratedRegex(@"(?<![\w.-])(v([6-9]|1[0-3])(-[a-z-]+)?(?![\w]|\.\d)|real-master|largest-scope|first-active|active-not-counting|handover)(?![\w-])")]
    private static partial Regex DesignName();
}
