using System.Reflection;
using ActorPmu.Akka.Hocon;
using Akka.Configuration;

namespace ActorPmu.Akka.Cluster;

/// <summary>The settings of nodes: <c>hocon/node.conf</c>.</summary>
public static class NodeSettings
{
    /// <summary>The file's name.</summary>
    public const string File = "hocon/node.conf";

    internal const string Turn = "actorpmu.node.turn";
    internal const string AskEvery = "actorpmu.node.ask-every";
    internal const string WaitForNodes = "actorpmu.node.wait-for-nodes";
    internal const string WaitForPlace = "actorpmu.node.wait-for-place";
    internal const string LeaveWithin = "actorpmu.node.leave-within";

    private static readonly HoconRule[] Rules =
    [
        HoconRule.Number(Turn, 1, 1_000_000),
        HoconRule.Time(AskEvery, TimeSpan.FromMilliseconds(1)),
        HoconRule.Time(WaitForNodes, TimeSpan.FromMilliseconds(1)),
        HoconRule.Time(WaitForPlace, TimeSpan.FromMilliseconds(1)),
        HoconRule.Time(LeaveWithin, TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Reads the settings that travel with the tool, and those of a file that changes them.</summary>
    /// <param name="changes">A HOCON file; null for none.</param>
    /// <exception cref="Scenarios.InputError">A key is unknown, or the file cannot be read.</exception>
    public static Config Load(string? changes = null)
    {
        HoconKeys keys = new HoconKeys().Add(Turn).Add(AskEvery).Add(WaitForNodes).Add(WaitForPlace).Add(LeaveWithin);
        keys.AddReference(Reference(Assembly.Load("Akka.Remote"), "Remote.conf"));
        keys.AddReference(Reference(typeof(global::Akka.Cluster.Cluster).Assembly, "Cluster.conf"));
        Config own = HoconReader.Parse(HoconFiles.Text(File), File, keys);
        return changes is null ? own : HoconReader.Read(changes, keys, Rules).WithFallback(own);
    }

    private static Config Reference(Assembly assembly, string file)
    {
        string name = assembly.GetManifestResourceNames().First(n => n.EndsWith(file, StringComparison.Ordinal));
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
