using Akka.Configuration;

namespace ActorPmu.Akka.Live;

/// <summary>The settings of the live host: <c>hocon/live.conf</c>.</summary>
public static class LiveSettings
{
    /// <summary>The file's name.</summary>
    public const string File = "hocon/live.conf";

    /// <summary>Reads the settings that travel with the tool.</summary>
    public static Config Load() => ConfigurationFactory.ParseString(HoconFiles.Text(File));
}
