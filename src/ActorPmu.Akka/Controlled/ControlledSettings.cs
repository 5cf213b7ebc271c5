using ActorPmu.Akka.Hocon;
using Akka.Configuration;

namespace ActorPmu.Akka.Controlled;

/// <summary>The settings of controlled Akka: <c>hocon/controlled.conf</c>.</summary>
internal static class ControlledSettings
{
    private const string File = "hocon/controlled.conf";

    public static Config Load() => HoconReader.Parse(HoconFiles.Text(File), File, new HoconKeys(ControlledSystem.Dispatcher));
}
