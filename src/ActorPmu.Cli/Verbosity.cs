using Serilog.Core;
using Serilog.Events;

namespace ActorPmu.Cli;

/// <summary>How much is said on stderr.</summary>
internal static class Verbosity
{
    /// <summary>The lowest level that is printed; a command may change it.</summary>
    public static LoggingLevelSwitch Level { get; } = new(LogEventLevel.Warning);
}
