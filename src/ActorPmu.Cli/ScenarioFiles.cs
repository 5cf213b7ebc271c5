using ActorPmu.Scenarios;

namespace ActorPmu.Cli;

/// <summary>Finds the scenario that somebody means.</summary>
internal static class ScenarioFiles
{
    /// <summary>Where the scenarios of the tool are, seen from the top of the repository.</summary>
    public const string Directory = "config/scenarios";

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

        string[] known = [.. Names()];
        string advice = known.Length > 0
            ? Suggest.For(Path.GetFileNameWithoutExtension(fileOrName), known)
            : $"name a file; there is no {Directory} here";
        throw new WrongInputException($"there is no scenario {fileOrName}; {advice}");
    }

    /// <summary>Checks the value of an option <c>--profile</c>.</summary>
    /// <param name="profile">The value, or null.</param>
    /// <exception cref="WrongInputException">There is no such profile.</exception>
    public static ProfileChoice? ProfileOf(string? profile) => profile is null
        ? null
        : Profiles.Choose(profile)
            ?? throw new WrongInputException($"unknown profile \"{profile}\"; {Suggest.For(profile, [.. Profiles.Names])}");

    /// <summary>One line about a scenario that cannot be run as asked.</summary>
    /// <param name="cannot">Why.</param>
    public static string Cannot(InputError cannot) =>
        FormattableString.Invariant($"left out: {cannot.File}:{cannot.Line}:{cannot.Column}: {cannot.Problem}");

    private static IEnumerable<string> Names() =>
        System.IO.Directory.Exists(Directory)
            ? System.IO.Directory.GetFiles(Directory, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)
            : [];
}
