using ActorPmu.Scenarios;

namespace ActorPmu.Cli;

/// <summary>Finds the scenario that somebody means.</summary>
internal static class ScenarioFiles
{
    /// <summary>Where the scenarios of the tool are, seen from the top of the repository.</summary>
    public const string Directory = "config/scenarios";

    private static readonly string[] Beside = ["defects", "findings"];

    /// <summary>The scenario files of a folder, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="WrongInputException">There is none.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        string[] files = FilesIn(folder);
        if (files.Length > 0)
        {
            return files;
        }

        string[] below = [.. System.IO.Directory.GetDirectories(folder).Where(d => FilesIn(d).Length > 0).Order(StringComparer.Ordinal)];
        string whatToDo = below.Length > 0
            ? $"name one of its folders: {string.Join(", ", below)}"
            : $"name a scenario, or a folder of them like {Directory}";
        throw new WrongInputException($"{folder} holds no scenario: no file there ends in .yaml; {whatToDo}");
    }

    /// <summary>Reads a scenario from a file, or by the name of one in <see cref="Directory"/> or, with its folder, beside that: <c>defects/NAME</c>.</summary>
    /// <param name="fileOrName">The file, or a name without an extension.</param>
    /// <exception cref="InputError">The file is no scenario.</exception>
    /// <exception cref="WrongInputException">There is no such scenario.</exception>
    public static Scenario Load(string fileOrName)
    {
        if (File.Exists(fileOrName))
        {
            return Scenario.Load(fileOrName);
        }

        // defects/NAME and findings/NAME lie beside it.
        string[] named = [$"{Directory}/{fileOrName}.yaml", $"{Path.GetDirectoryName(Directory)}/{fileOrName}.yaml"];
        if (Array.Find(named, File.Exists) is { } found)
        {
            return Scenario.Load(found);
        }

        throw new WrongInputException($"there is no scenario {fileOrName}; {Advice(fileOrName, Directory)}");
    }

    /// <summary>What to say about a name that is no scenario's.</summary>
    /// <param name="fileOrName">The name, with or without its folder.</param>
    /// <param name="directory">The folder of the scenarios; <c>defects</c> and <c>findings</c> lie beside it.</param>
    public static string Advice(string fileOrName, string directory)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            return $"name a file; there is no {directory} here";
        }

        List<(string Name, string Said)> known = [.. FilesIn(directory).Select(Path.GetFileNameWithoutExtension).Select(n => (n!, n!))];
        foreach (string folder in Beside)
        {
            string path = Path.Combine(Path.GetDirectoryName(directory)!, folder);
            known.AddRange(System.IO.Directory.Exists(path) ? FilesIn(path).Select(Path.GetFileNameWithoutExtension).Select(n => (n!, $"{folder}/{n}")) : []);
        }

        return KnownNames.Nearest(Path.GetFileNameWithoutExtension(fileOrName), known.Select(k => k.Name)) is { } near
            ? $"did you mean \"{known.Find(k => k.Name == near).Said}\"?"
            : "actorpmu list scenarios tells those of the tool";
    }

    /// <summary>The profile that an option <c>--profile</c> names.</summary>
    /// <param name="profile">The option's value: a name or a file; null for none.</param>
    /// <exception cref="InputError">The file is no profile.</exception>
    /// <exception cref="WrongInputException">There is no such profile.</exception>
    public static ProfileChoice? ProfileOf(string? profile) => profile is null
        ? null
        : Profiles.Choose(profile)
            ?? throw new WrongInputException($"unknown profile \"{profile}\"; {Suggest.For(profile, [.. Profiles.Names])}");

    /// <summary>One line about a scenario that cannot be run as asked.</summary>
    /// <param name="cannot">Why.</param>
    public static string Cannot(InputError cannot) =>
        FormattableString.Invariant($"left out: {cannot.File}:{cannot.Line}:{cannot.Column}: {cannot.Problem}");

    private static string[] FilesIn(string folder) => [.. System.IO.Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
}
