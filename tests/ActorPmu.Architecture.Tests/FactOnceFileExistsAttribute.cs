namespace ActorPmu.Architecture.Tests;

/// <summary>A fact about a file that a later commit brings: skipped, and reported so, until then.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactOnceFileExistsAttribute : FactAttribute
{
    public FactOnceFileExistsAttribute(string file)
    {
        File = file;
        if (!System.IO.File.Exists(RepositoryTree.Absolute(file))) Skip = $"There is no {file} yet.";
    }

    public string File { get; }
}
