using System.Globalization;
using ActorPmu.Kernel;

namespace ActorPmu.TestKit;

/// <summary>A violation that a script asked for and got, made as short as the shrinker can.</summary>
public sealed class ViolationScript
{
    private readonly ScriptSearch _search;
    private readonly Property _property;

    internal ViolationScript(ScriptSearch search, Property property)
    {
        _search = search;
        _property = property;
    }

    /// <summary>The deliveries of the shrunk run: the number that <c>explore</c> prints behind the property.</summary>
    public long Steps => _search.Explained!.Recording.StepCount;

    /// <summary>The file from which <c>actorpmu replay</c> makes the shrunk run again.</summary>
    public string ReplayPath => _search.Explained!.ReplayPath!;

    /// <summary>What <c>explore</c> prints of it.</summary>
    public string Report => _search.Report();

    /// <summary>The shrunk run is that short.</summary>
    /// <param name="steps">Deliveries at most, the answers and locks that a report leaves out included.</param>
    /// <exception cref="ScenarioFailedException">It is longer.</exception>
    public ViolationScript Within(long steps) =>
        Steps <= steps
            ? this
            : throw _search.Failure(string.Create(
                CultureInfo.InvariantCulture, $"must violate {Properties.Name(_property)} within {steps} steps, and takes {Steps}"));

    /// <summary>What is wrong, or the evidence for it, has these words.</summary>
    /// <param name="words">Some words of it, for instance <c>U counts 15</c>.</param>
    /// <exception cref="ScenarioFailedException">It has not.</exception>
    public ViolationScript Saying(string words) =>
        _search.Explained!.Recording.Violations.Any(v => v.What.Contains(words, StringComparison.Ordinal)
            || v.Evidence.Any(line => line.Contains(words, StringComparison.Ordinal)))
            ? this
            : throw _search.Failure($"must violate {Properties.Name(_property)} saying \"{words}\", and says something else");
}
