using System.Reflection;

namespace ActorPmu.Reporting;

/// <summary>Which version of the tool this is.</summary>
public static class ToolVersion
{
    /// <summary>The version, without the part that names a commit: results do not depend on it.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
