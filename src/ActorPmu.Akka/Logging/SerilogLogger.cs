using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;
using LogEvent = Akka.Event.LogEvent;

namespace ActorPmu.Akka.Logging;

/// <summary>Akka's own log, through Serilog's. Named in <c>akka.loggers</c> of the files of <c>hocon/</c>.</summary>
public sealed class SerilogLogger : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LogEvent e:
                Log.Logger.Write(LevelOf(e), e.Cause, "akka {Source}: {Text}", e.LogSource, e.Message?.ToString());
                break;
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static LogEventLevel LevelOf(LogEvent e) => e.LogLevel() switch
    {
        LogLevel.ErrorLevel => LogEventLevel.Error,
        LogLevel.WarningLevel => LogEventLevel.Warning,
        LogLevel.InfoLevel => LogEventLevel.Information,
        _ => LogEventLevel.Debug,
    };
}
