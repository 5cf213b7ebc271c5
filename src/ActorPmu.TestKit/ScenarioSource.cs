using System.Reflection;
using ActorPmu.Scenarios;

namespace ActorPmu.TestKit;

/// <summary>Finds the scenario that a script means. The catalogue travels inside this assembly.</summary>
internal static class ScenarioSource
{
    private const string Prefix = "scenarios/";
    private const string Suffix = ".yaml";

    /// <summary>The scenario.</summary>
    /// <param name="scenario">A name of the catalogue, one beside it with its folder (<c>defects/NAME</c>), a file, or the text of one.</param>
    /// <param name="name">What a text is called.</param>
    /// <exception cref="ArgumentException">There is no such scenario.</exception>
    /// <exception cref="InputError">The file or the text is no scenario.</exception>
    public static Scenario Load(string scenario, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(scenario);
        if (scenario.Contains('\n', StringComparison.Ordinal))
        {
            return Scenario.Parse(scenario, name + Suffix);
        }

        if (scenario.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return Scenario.Load(scenario);
        }

        using Stream? stream = typeof(ScenarioSource).Assembly.GetManifestResourceStream(ResourceOf(scenario));
        if (stream is null)
        {
            throw new ArgumentException(
                $"there is no scenario \"{scenario}\" in the catalogue; {KnownNames.Advice(scenario, Names())}; a file's name ends with {Suffix}, and a text has more than one line");
        }

        using StreamReader reader = new(stream);
        return Scenario.Parse(reader.ReadToEnd(), $"config/{ResourceOf(scenario)}");
    }

    // defects/NAME and findings/NAME lie beside the catalogue, as they do on the command line.
    private static string ResourceOf(string scenario) => (scenario.Contains('/', StringComparison.Ordinal) ? "" : Prefix) + scenario + Suffix;

    private static IEnumerable<string> Names() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(r => r.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(r => r[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal);
}
