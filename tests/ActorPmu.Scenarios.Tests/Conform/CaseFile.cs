using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

/// <summary>Case files written by a test, gone with it.</summary>
internal sealed class CaseFile : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("conform-");

    public string Root => directory.FullName;

    public string Write(string relativePath, string text)
    {
        string path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A case with these steps: name on line 1, the first step on line 3.</summary>
    public static string Text(string name, string frame, params string[] steps) =>
        $$"""{"name": "{{name}}", "about": "for a test",{{frame}}""" + "\n\"steps\": [\n" + string.Join(",\n", steps) + "\n]}\n";

    /// <summary>The case of these steps.</summary>
    public static ConformCase Case(string frame, params string[] steps)
    {
        using var files = new CaseFile();
        return ConformCase.Load(files.Write("cases/x.json", Text("x", frame, steps)));
    }

    /// <summary>The error of a case with these steps.</summary>
    public static ConformInputException Error(string frame, params string[] steps) =>
        Assert.Throws<ConformInputException>(() => Case(frame, steps));

    public void Dispose() => directory.Delete(recursive: true);
}
