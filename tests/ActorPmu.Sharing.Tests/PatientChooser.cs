using ActorPmu.Actors;

namespace ActorPmu.Sharing.Tests;

/// <summary>Picks at random, and lets interrupts from outside wait: an even choice would have spent them before anything counts.</summary>
internal sealed class PatientChooser(ulong seed) : IChooser
{
    private readonly SeededChooser _random = new(seed);
    private readonly int _patience = 1 << (int)(seed % 7);
    private readonly List<int> _inside = [];

    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        _inside.Clear();
        for (int i = 0; i < enabled.Length; i++)
        {
            if (world.Head(enabled[i]).From.Kind != ActorKind.Environment)
            {
                _inside.Add(i);
            }
        }

        bool anything = _inside.Count == 0 || _random.Below(_patience) == 0;
        return anything ? _random.Below(enabled.Length) : _inside[_random.Below(_inside.Count)];
    }

    public int Choose(ActorId by, int optionCount, string what) => _random.Below(optionCount);
}
