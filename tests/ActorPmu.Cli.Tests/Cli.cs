namespace ActorPmu.Cli.Tests;

/// <summary>Runs the tool inside the test.</summary>
internal sealed class Cli : IDisposable
{
    public Cli() => OutDir = Directory.CreateTempSubdirectory("actorpmu-").FullName;

    /// <summary>A directory of this test's own.</summary>
    public string OutDir { get; }

    public static string Scenarios { get; } = Repository.Of("config/scenarios");

    public static string Scenario(string name) => Path.Combine(Scenarios, name + ".yaml");

    public static async Task<(int Code, string Output, string Error)> Run(CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.Run(args, output, error, cancellation);
        return (code, output.ToString(), error.ToString());
    }

    public static Task<(int Code, string Output, string Error)> Run(params string[] args) => Run(CancellationToken.None, args);

    /// <summary>Explores with replay files in <see cref="OutDir"/> and without times.</summary>
    public Task<(int Code, string Output, string Error)> Explore(string scenario, string design, params string[] more) =>
        Run(["explore", Scenario(scenario), "--design", design, "--outdir", OutDir, "--stable", .. more]);

    public string Write(string name, string text)
    {
        string path = Path.Combine(OutDir, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The one replay file that was written.</summary>
    public string Replay() => Assert.Single(Directory.GetFiles(OutDir, "*.replay"));

    public void Dispose() => Directory.Delete(OutDir, recursive: true);
}
