using ActorPmu.Scenarios;
using Akka.Configuration;

namespace ActorPmu.Akka.Hocon;

/// <summary>What a value must be. Akka finds out when it needs the value, and says nothing of the file.</summary>
/// <param name="Path">The key's full path.</param>
/// <param name="IsGood">Whether the value in some settings is good; may throw what Akka throws.</param>
/// <param name="WhatToWrite">What to write.</param>
public sealed record HoconRule(string Path, Func<Config, bool> IsGood, string WhatToWrite)
{
    private static readonly string[] Levels = ["OFF", "ERROR", "WARNING", "INFO", "DEBUG"];

    /// <summary>The rules for every file of settings.</summary>
    public static IReadOnlyList<HoconRule> Common { get; } = [Level("akka.loglevel"), Level("akka.stdout-loglevel")];

    /// <summary>A whole number within bounds.</summary>
    /// <param name="path">The key's full path.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The most.</param>
    public static HoconRule Number(string path, int min, int max) => new(
        path, config => config.GetInt(path) is var value && value >= min && value <= max,
        FormattableString.Invariant($"write a number from {min} to {max}"));

    /// <summary>A time.</summary>
    /// <param name="path">The key's full path.</param>
    /// <param name="min">The least.</param>
    public static HoconRule Time(string path, TimeSpan min) => new(
        path, config => config.GetTimeSpan(path, null, allowInfinite: false) is var value && value >= min && value <= TimeSpan.FromDays(1),
        FormattableString.Invariant($"write a time like 20ms or 3s, {min.TotalMilliseconds:0} ms at least"));

    /// <summary>What must not be switched on.</summary>
    /// <param name="path">The key's full path.</param>
    /// <param name="why">Why not.</param>
    public static HoconRule Off(string path, string why) => new(path, config => !config.GetBoolean(path), $"write off: {why}");

    /// <summary>How much is logged.</summary>
    /// <param name="path">The key's full path.</param>
    public static HoconRule Level(string path) => new(
        path, config => Levels.Contains(config.GetString(path, "").ToUpperInvariant()), $"write one of {string.Join(", ", Levels)}");

    /// <summary>Checks a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="config">What Akka reads from it.</param>
    /// <param name="rules">The rules.</param>
    /// <exception cref="InputError">A value is not good.</exception>
    internal static void Check(string text, string file, Config config, IEnumerable<HoconRule> rules)
    {
        foreach (HoconRule rule in rules.Where(r => config.HasPath(r.Path)))
        {
            string value = "";
            try
            {
                value = config.GetString(rule.Path, "");
                if (rule.IsGood(config))
                {
                    continue;
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // That Akka cannot read it says as much.
            }

            HoconKey? key = HoconScanner.Keys(text, file).LastOrDefault(k => string.Join('.', k.Path) == rule.Path);
            throw new InputError(
                file, key?.Line ?? 0, key?.Column ?? 0, $"{rule.Path} cannot be \"{value}\"", rule.WhatToWrite,
                key is null ? null : text.Split('\n')[key.Line - 1].TrimEnd('\r'));
        }
    }
}
