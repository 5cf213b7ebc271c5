using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests;

/// <summary>The scenarios of the tool, and the designs.</summary>
internal static class Catalogue
{
    private static readonly string[] Files =
        [.. Directory.GetFiles(Repository.Of("config/scenarios"), "*.yaml").Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Names => Files.Select(f => Path.GetFileNameWithoutExtension(f));

    public static IEnumerable<string> DesignNames => Designs.All.Select(f => f().Name);

    public static Func<IActorHost, Subject> Program(string scenario, string design)
    {
        Scenario loaded = Scenario.Load(Files.Single(f => Path.GetFileNameWithoutExtension(f) == scenario));
        return host => loaded.SubjectIn(host, Designs.Find(design)!());
    }
}
