using ActorPmu.Cli;
using Serilog;
using Serilog.Events;

Console.SetError(new ForgivingWriter(Console.Error));

// Results go to stdout; what is said on the way goes to stderr.
Log.Logger = new LoggerConfiguration()
    .MinimumLevel.ControlledBy(Verbosity.Level)
    .WriteTo.Console(
        outputTemplate: "{Level:w4}: {Message:lj}{NewLine}",
        formatProvider: System.Globalization.CultureInfo.InvariantCulture,
        standardErrorFromLevel: LogEventLevel.Verbose)
    .CreateLogger();
try
{
    return await CommandLine.Run(args, Console.Out, Console.Error, CancellationToken.None).ConfigureAwait(false);
}
finally
{
    await Log.CloseAndFlushAsync().ConfigureAwait(false);
}
