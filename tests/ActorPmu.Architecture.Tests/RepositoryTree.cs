using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ActorPmu.Architecture.Tests;

/// <summary>The files of the repository as a clone holds them: what <c>.gitignore</c> names is left out.</summary>
internal static class RepositoryTree
{
    public static string Root => Repository.Root;

    static readonly HashSet<string> ignoredFolders = File.ReadLines(Path.Combine(Root, ".gitignore"))
        .Where(line => line.EndsWith('/'))
        .Select(line => line.TrimEnd('/'))
        .Append(".git")
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Names in the top folder, without the ignored ones, in ordinal order.</summary>
    public static IReadOnlyList<string> TopLevel { get; } = Directory.EnumerateFileSystemEntries(Root)
        .Select(path => Path.GetFileName(path))
        .Where(name => !ignoredFolders.Contains(name))
        .Order(StringComparer.Ordinal)
        .ToList();

    /// <summary>Every file, as a path with '/' relative to <see cref="Root"/>, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = FilesUnder(Root)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)
        .ToList();

    public static string Absolute(string file) => Path.Combine(Root, file);

    public static string Text(string file) => File.ReadAllText(Absolute(file));

    public static XDocument Xml(string file) => XDocument.Load(Absolute(file));

    public static SyntaxNode Syntax(string file) =>
        CSharpSyntaxTree.ParseText(Text(file), new CSharpParseOptions(LanguageVersion.Preview), path: file).GetRoot();

    /// <summary>The C# files of one source project, such as <c>ActorPmu.Kernel</c>.</summary>
    public static IEnumerable<string> SourcesOf(string project) =>
        Files.Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(sub => !ignoredFolders.Contains(Path.GetFileName(sub)))
                .SelectMany(FilesUnder));
}
