using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Numbers of channels that are the same in every run of one search: a world numbers its channels by first use.</summary>
internal sealed class ChannelNumbers
{
    private readonly Dictionary<ChannelName, int> _numbers = [];
    private readonly List<ChannelName> _names = [];
    private int[] _ofWorld = [];

    /// <summary>Another world comes.</summary>
    public void BeginRun() => Array.Clear(_ofWorld);

    /// <summary>The name of a channel.</summary>
    public ChannelName NameOf(int number) => _names[number];

    /// <summary>The number of a channel of the present world, from 0.</summary>
    public int Of(World world, int channel)
    {
        if (channel >= _ofWorld.Length)
        {
            Array.Resize(ref _ofWorld, Math.Max(2 * _ofWorld.Length, world.ChannelCount + 16));
        }

        int known = _ofWorld[channel];
        if (known == 0)
        {
            ChannelName name = new(world.Sender(channel), world.Receiver(channel), world.LaneOf(channel));
            known = Of(name) + 1;
            _ofWorld[channel] = known;
        }

        return known - 1;
    }

    /// <summary>The number of a channel that may not have been seen yet.</summary>
    public int Of(ChannelName name)
    {
        if (!_numbers.TryGetValue(name, out int number))
        {
            number = _numbers.Count;
            _numbers.Add(name, number);
            _names.Add(name);
        }

        return number;
    }
}
