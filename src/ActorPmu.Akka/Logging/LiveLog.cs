using ActorPmu.Actors;
using ActorPmu.Kernel;
using Serilog;

namespace ActorPmu.Akka.Logging;

/// <summary>What a live host says on the way: one template for each kind of event.</summary>
internal static class LiveLog
{
    public static void Started(ILogger log, string system, int machines, string dispatcher) =>
        log.Information("{System} started: {Machines} machines at once on {Dispatcher}", system, machines, dispatcher);

    public static void Ended(ILogger log, long run, long steps, RunEnd end) =>
        log.Verbose("run {Run} ended after {Steps} steps: {End}", run, steps, end);

    public static void Found(ILogger log, long run, long steps, Violation violation) =>
        log.Information(
            "run {Run} broke {Property} at step {Step} of {Steps}: {What}",
            run, Properties.Name(violation.Property), violation.Step, steps, violation.What);

    public static void Failed(ILogger log, Exception failure, long run) =>
        log.Debug(failure, "run {Run} failed", run);

    public static void Stopped(ILogger log, string system) =>
        log.Debug("{System} stopped", system);
}
