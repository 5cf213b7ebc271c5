using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>The fingerprint of a world's state, kept up step by step along a run.</summary>
/// <remarks>
/// <para>
/// An actor that can say what its next steps depend on (<see cref="Actor.AddState"/>) stands with that. Another one, a processor with
/// suspended kernel paths for instance, stands with all that it has received: a step is a function of the receiver's state, the message, the
/// answers inside and what it found in the books (<see cref="World.Footprint"/>), so the chain of those hashes determines the state.
/// A book stands with the step that changed it last; a message with its content, or with the step that sent it.
/// </para>
/// <para>
/// Equal fingerprints mean equal states, hash collisions apart, because each hash is one of things that determine what it stands for. The
/// converse does not hold: two histories that lead to equal data are two states. So a search that goes on from each fingerprint once misses nothing,
/// and the number of states is one of fingerprints. Two runs that differ only in the order of independent steps have the same
/// chains: where no messages commute there are never more states than configurations
/// (prefixes of traces).
/// </para>
/// </remarks>
internal sealed class StateFingerprint
{
    private readonly Dictionary<ActorId, StateHash> _actors = [];
    private readonly Dictionary<ulong, StateHash> _places = [];
    private readonly List<Queue<StateHash>> _channels = [];
    private readonly List<StateHash> _names = [];
    private readonly List<int> _sent = [];
    private World? _world;
    private StateHash _sum;
    private StateHash _step;
    private Actor? _receiver;

    /// <summary>Another run begins.</summary>
    public void BeginRun()
    {
        _world = null;
        _actors.Clear();
        _places.Clear();
        _sent.Clear();
        _names.Clear();
        foreach (Queue<StateHash> channel in _channels)
        {
            channel.Clear();
        }

        (_sum, _step, _receiver) = (default, default, null);
    }

    /// <summary>What is delivered next.</summary>
    /// <param name="channel">The channel, by the world's index.</param>
    public void Delivering(int channel)
    {
        _receiver = _world!.Find(_world.Receiver(channel))!;
        _step = default;
        _step.Add(_actors[_receiver.Id]);
        _step.Add(_names[channel]);
        _step.Add(_channels[channel].Dequeue());
    }

    /// <summary>A choice inside the step was answered.</summary>
    public void Chosen(int option) => _step.Add((ulong)option + 1);

    /// <summary>The state as it is now, after the step that was noted last.</summary>
    /// <param name="world">The world.</param>
    public void CloseStep(World world)
    {
        if (_world is null)
        {
            _world = world;
            world.Footprint.IsOn = true;
            world.Footprint.Take();
            NoteSpawned();
            NoteSent(isFirst: true);
        }
        else if (_receiver is not null)
        {
            NoteTouched(world.Footprint.Take());
            Replace(_receiver);
            _receiver = null;
            NoteSpawned();
            NoteSent();
        }
    }

    /// <summary>The fingerprint.</summary>
    public StateHash Value()
    {
        StateHash sum = _sum;
        foreach (int channel in _world!.NonEmptyChannels)
        {
            StateHash h = _names[channel];
            foreach (StateHash message in _channels[channel])
            {
                h.Add(message);
            }

            sum += h;
        }

        return sum;
    }

    private void NoteTouched(Access[] accesses)
    {
        foreach (Access access in accesses)
        {
            _step.Add(access.Place);
            _step.Add(_places.GetValueOrDefault(access.Place));
        }

        foreach (Access access in accesses)
        {
            if (access.Write)
            {
                StateHash now = _step;
                now.Add(access.Place);
                _sum += now - _places.GetValueOrDefault(access.Place);
                _places[access.Place] = now;
            }
        }
    }

    private void Replace(Actor actor)
    {
        StateHash now = default;
        now.Add(actor.Id);
        now.Add(actor.AcceptMask);
        if (!actor.AddState(ref now))
        {
            now.Add(_step);
        }

        _sum += now - _actors.GetValueOrDefault(actor.Id);
        _actors[actor.Id] = now;
    }

    // Those of the start too: an actor that comes back to what it was at first is then in the state that it was in.
    private void NoteSpawned()
    {
        for (int i = _actors.Count; i < _world!.Actors.Count; i++)
        {
            Replace(_world.Actors[i]);
        }
    }

    // A machine has many channels, and a step sends on few of them.
    private void NoteSent(bool isFirst = false)
    {
        if (isFirst)
        {
            for (int c = 0; c < _world!.ChannelCount; c++)
            {
                NoteSentOn(c);
            }
        }
        else
        {
            ReadOnlySpan<int> channels = _world!.SentInStep;
            for (int i = 0; i < channels.Length; i++)
            {
                NoteSentOn(channels[i]);
            }
        }

        _world.NoteSent();
    }

    private void NoteSentOn(int channel)
    {
        for (int c = _sent.Count; c <= channel; c++)
        {
            AddChannel(c);
        }

        int sent = _world!.Sent(channel);
        for (int k = _sent[channel]; k < sent; k++)
        {
            (Message message, byte acceptClass) = _world.Pending(channel, k);
            StateHash content = default;
            content.Add((ulong)acceptClass);
            if (!message.AddContent(ref content))
            {
                content.Add(_step);
                content.Add((ulong)(k - _sent[channel]));
            }

            _channels[channel].Enqueue(content);
        }

        _sent[channel] = sent;
    }

    private void AddChannel(int channel)
    {
        StateHash name = default;
        name.Add(_world!.Sender(channel));
        name.Add(_world.Receiver(channel));
        name.Add((ulong)_world.LaneOf(channel));
        _names.Add(name);
        _sent.Add(0);
        if (channel == _channels.Count)
        {
            _channels.Add(new Queue<StateHash>());
        }
    }
}
