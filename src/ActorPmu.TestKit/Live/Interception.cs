using ActorPmu.Actors;

namespace ActorPmu.TestKit;

/// <summary>Messages that a script holds back, delays or drops, from the moment when it says so.</summary>
public sealed class Interception
{
    private readonly ScriptMachine _machine;
    private readonly LetterMatch _match;
    private readonly Fate _fate;
    private readonly List<(Envelope Letter, long Due)> _held = [];
    private readonly List<Envelope> _seen = [];
    private int _left;

    internal Interception(ScriptMachine machine, LetterMatch match, Fate fate, int count)
    {
        _machine = machine;
        _match = match;
        _fate = fate;
        _left = fate == Fate.Drop ? count : int.MaxValue;
        Deliveries = fate == Fate.Delay ? count : 0;
    }

    /// <summary>What is held back now, in the order in which it was sent.</summary>
    public IReadOnlyList<Envelope> Messages => [.. _held.Select(h => h.Letter)];

    /// <summary>How many messages it was for so far, released and dropped ones included.</summary>
    public int Count => _seen.Count;

    /// <summary>Lets everything go in the order in which it was sent, and holds back no more.</summary>
    public void Release()
    {
        _left = 0;
        _machine.Outside(() =>
        {
            foreach ((Envelope letter, _) in _held)
            {
                _machine.Forward("released", letter);
            }

            _held.Clear();
        });
    }

    /// <summary>Lets one message go before its turn, and goes on holding.</summary>
    /// <param name="at">Its position in <see cref="Messages"/>.</param>
    public void Release(int at)
    {
        Envelope letter = _held[at].Letter;
        _held.RemoveAt(at);
        _machine.Outside(() => _machine.Forward("released", letter));
    }

    /// <summary>Loses what is held back now, and goes on holding.</summary>
    public void Drop()
    {
        _held.ForEach(h => _machine.Note("dropped", h.Letter));
        _held.Clear();
    }

    internal IEnumerable<ActorId> Named => new[] { _match.From, _match.To }.OfType<ActorId>();

    internal long Deliveries { get; }

    /// <summary>Deliveries after which the first message is let go; null when none is, unless the script says so.</summary>
    internal long? FirstDue => _fate == Fate.Delay && _held.Count > 0 ? _held[0].Due : null;

    internal bool HasOnlyFrom(ActorKind kind) => _held.TrueForAll(h => h.Letter.From.Kind == kind);

    /// <summary>Takes a message out of the traffic.</summary>
    internal bool Takes(in Envelope letter)
    {
        bool matches = _left > 0 && _match.Has(letter);
        if (!matches && !Follows(letter))
        {
            return false;
        }

        if (matches)
        {
            _seen.Add(letter);
            _left -= _fate == Fate.Drop ? 1 : 0;
        }

        _machine.Note(_fate == Fate.Drop ? "dropped" : _fate == Fate.Delay ? "delayed" : "held", letter);
        if (_fate != Fate.Drop)
        {
            _held.Add((letter, Math.Max(_machine.Steps + (matches ? Deliveries : 0), _held.Count > 0 ? _held[^1].Due : 0)));
        }

        return true;
    }

    internal void LetGo(long steps)
    {
        while (FirstDue <= steps)
        {
            Release(0);
        }
    }

    private bool Follows(Envelope letter) =>
        _fate is Fate.Hold or Fate.Delay
        && _held.Exists(h => h.Letter.From == letter.From && h.Letter.To == letter.To && h.Letter.Lane == letter.Lane);
}
