using System.Reflection;

namespace ActorPmu.Cli;

/// <summary>Which version of the tool this is.</summary>
internal static class ToolVersion
{
    /// <summary>The version, without the part that names a commit: results do not depend on it.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
