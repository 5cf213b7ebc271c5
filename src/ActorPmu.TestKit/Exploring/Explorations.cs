using System.Runtime.CompilerServices;

namespace ActorPmu.TestKit;

/// <summary>Where scripts of the first kind begin: <c>using static ActorPmu.TestKit.Explorations;</c>.</summary>
public static class Explorations
{
    /// <summary>A script that searches the schedules of a scenario.</summary>
    /// <param name="scenario">A name of the catalogue, a YAML file (its name ends with <c>.yaml</c>), or the text of one (more than one line).</param>
    /// <param name="name">What a text is called in reports and replay files: by itself, the test's name.</param>
    /// <returns>The script; say next under which design (<see cref="ExploredScript.Under(string)"/>).</returns>
    /// <exception cref="ArgumentException">There is no such scenario.</exception>
    /// <exception cref="Scenarios.InputError">The file or the text is no scenario.</exception>
    public static ExploredScript Explore(string scenario, [CallerMemberName] string name = "scenario") =>
        new(ScenarioSource.Load(scenario, name));
}
