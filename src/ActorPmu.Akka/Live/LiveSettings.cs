using ActorPmu.Akka.Hocon;
using Akka.Configuration;

namespace ActorPmu.Akka.Live;

/// <summary>The settings of the live host: <c>hocon/live.conf</c>.</summary>
public static class LiveSettings
{
    /// <summary>The file's name.</summary>
    public const string File = "hocon/live.conf";

    private const int ThreadsMin = 4;

    private static readonly HoconRule[] Rules =
    [
        HoconRule.Number(LiveSystem.HesitateOneIn, 0, int.MaxValue),
        HoconRule.Number(LiveSystem.Dispatcher + ".throughput", 1, int.MaxValue),
        HoconRule.Time(LiveSystem.Dispatcher + ".throughput-deadline-time", TimeSpan.Zero),
        HoconRule.Number(LiveSystem.Dispatcher + ".dedicated-thread-pool.thread-count", 1, 1_024),

        // A message that cannot be serialised is swallowed, and the run waits for it for ever.
        HoconRule.Off("akka.actor.serialize-messages", "the messages of a run are objects of one process"),
    ];

    /// <summary>Reads the settings that travel with the tool, and those of a file that changes them.</summary>
    /// <param name="changes">A HOCON file; null for none.</param>
    /// <exception cref="Scenarios.InputError">A key is unknown, or the file cannot be read.</exception>
    public static Config Load(string? changes = null)
    {
        HoconKeys keys = new HoconKeys(LiveSystem.Dispatcher).Add(LiveSystem.HesitateOneIn);
        int threads = Math.Max(ThreadsMin, 2 * Environment.ProcessorCount);
        Config own = HoconReader.Parse(HoconFiles.Text(File), File, keys)
            .WithFallback(FormattableString.Invariant($"{LiveSystem.Dispatcher}.dedicated-thread-pool.thread-count = {threads}"));
        return changes is null ? own : HoconReader.Read(changes, keys, Rules).WithFallback(own);
    }
}
