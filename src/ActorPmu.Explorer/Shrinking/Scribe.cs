using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Takes down what a chooser of the shrinker answers, and what that costs.</summary>
internal sealed class Scribe
{
    private readonly SortedDictionary<ChannelName, int> _delivered = [];
    private readonly List<Choice> _choices = [];
    private readonly List<Delivery> _made = [];

    public IReadOnlyList<Choice> Choices => _choices;

    public IReadOnlyList<Delivery> Made => _made;

    /// <summary>Who received the last delivery.</summary>
    public ActorId? Last { get; private set; }

    public int Preemptions { get; private set; }

    /// <summary>The sum of the positions picked: 0 is canonical order throughout.</summary>
    public long PickSum { get; private set; }

    public static ChannelName NameOf(World world, int channel) => new(world.Sender(channel), world.Receiver(channel), world.LaneOf(channel));

    public int DeliveredOn(ChannelName channel) => _delivered.GetValueOrDefault(channel);

    public void Note(World world, ReadOnlySpan<int> enabled, int position)
    {
        ChannelName name = NameOf(world, enabled[position]);
        Delivery made = new(name, world.Head(enabled[position]).Message.GetType());
        if (Last is { } last && name.From != last && name.To != last)
        {
            foreach (int channel in enabled)
            {
                made.Preempts |= world.Sender(channel) == last;
            }
        }

        Preemptions += made.Preempts ? 1 : 0;
        PickSum += position;
        _made.Add(made);
        _choices.Add(new Choice(ChoiceKind.Deliver, position, enabled.Length));
        _delivered[name] = DeliveredOn(name) + 1;
        Last = name.To;
    }

    public int NoteInside(int option, int optionCount)
    {
        _choices.Add(new Choice(ChoiceKind.Inside, option, optionCount));
        if (_made.Count > 0)
        {
            _made[^1].Inside.Add(option);
        }

        PickSum += option;
        return option;
    }
}
