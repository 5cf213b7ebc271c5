using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Akka.Controlled;
using ActorPmu.Explorer;

namespace ActorPmu.TestKit;

/// <summary>The order of what a script leaves open: the first in canonical order, or by chance from a seed.</summary>
internal sealed class ScriptOrder(ulong? seed, List<string> log) : IControlledChooser, IStepObserver
{
    private readonly SeededRandom? _random = seed is { } s ? new SeededRandom(s, 0) : null;

    public int Pick(int count) => _random?.Next(count) ?? 0;

    public int Pick(long steps, IReadOnlyList<Envelope> possible) => Pick(possible.Count);

    public int Choose(ActorId by, int optionCount, string what) => Pick(optionCount);

    public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
    {
    }

    public void Chosen(ActorId by, int optionCount, int option, string what) =>
        log.Add(string.Create(CultureInfo.InvariantCulture, $"           {by}: {what}: {option} of {optionCount}"));

    public void Delivered(long step, in Envelope envelope)
    {
    }
}
