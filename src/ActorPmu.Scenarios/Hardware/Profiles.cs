using System.Reflection;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>The hardware profiles of <c>config/profiles</c>, which travel inside this assembly.</summary>
/// <remarks>A file is read when its profile is first asked for. A scenario may also write a profile of its own in place of a name.</remarks>
public static class Profiles
{
    private const string Prefix = "profiles/";
    private const string Suffix = ".yaml";

    private static readonly SortedDictionary<string, Lazy<HardwareProfile>> ByName = new(
        typeof(Profiles).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource => resource[Prefix.Length..^Suffix.Length])
            .ToDictionary(name => name, name => new Lazy<HardwareProfile>(() => Load(name))),
        StringComparer.Ordinal);

    /// <summary>The names, in ordinal order.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>All profiles, in the order of their names.</summary>
    public static IEnumerable<HardwareProfile> All => ByName.Values.Select(profile => profile.Value);

    /// <summary>The profile of that name; null when there is none.</summary>
    /// <param name="name">The name of a file in <c>config/profiles</c>, without its ending.</param>
    public static HardwareProfile? Find(string name) => ByName.TryGetValue(name, out Lazy<HardwareProfile>? profile) ? profile.Value : null;

    /// <summary>The profile that somebody names in place of a scenario's own.</summary>
    /// <param name="nameOrFile">The name of one that the tool has, or a file like those of <c>config/profiles</c>.</param>
    /// <returns>The choice; null when there is no such name, and it does not look like a file's either.</returns>
    /// <exception cref="InputError">The file cannot be read, or is no profile.</exception>
    public static ProfileChoice? Choose(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        if (ByName.ContainsKey(nameOrFile))
        {
            return new ProfileChoice(nameOrFile, nameOrFile);
        }

        if (!File.Exists(nameOrFile) && !nameOrFile.Contains('/', StringComparison.Ordinal) && !nameOrFile.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        string text = InputFile.Text(nameOrFile, "name a hardware profile: a file like those of config/profiles, or one of their names");
        string name = Parse(Path.GetFileNameWithoutExtension(nameOrFile), text, nameOrFile).Name;
        YamlMap map = (YamlMap)new YamlSource(text, nameOrFile).Tree();
        YamlItem pmus = map.Entries.First(e => e.Key.Text == "pmus").Value;
        return new ProfileChoice(name, $"{{ name: {FlowText.Quoted(name)}, pmus: {FlowText.Of(pmus)} }}");
    }

    /// <summary>Reads a profile from the text of a file.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="text">YAML, as in <c>config/profiles</c>.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="InputError">The text is no profile.</exception>
    public static HardwareProfile Parse(string name, string text, string file)
    {
        YamlSource source = new(text, file);
        return new ProfileReader(source).Read(source.Tree(), name, FirstSentence(source.LeadingComment()));
    }

    private static HardwareProfile Load(string name)
    {
        string resource = Prefix + name + Suffix;
        using StreamReader reader = new(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return Parse(name, reader.ReadToEnd(), "config/" + resource);
    }

    private static string FirstSentence(string comment)
    {
        int end = comment.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? comment : comment[..end]).TrimEnd('.');
    }
}
