namespace ActorPmu.Actors;

/// <summary>A look at, or a change of, something that is not the receiver's own.</summary>
/// <param name="Place">Which book: the same number for the same thing in every run.</param>
/// <param name="Write">Whether it was changed.</param>
public readonly record struct Access(ulong Place, bool Write)
{
    /// <summary>Whether two steps touched the same, one of them to change it. Both lists are sorted by place.</summary>
    /// <param name="a">What one touched.</param>
    /// <param name="b">What the other touched.</param>
    public static bool Conflict(ReadOnlySpan<Access> a, ReadOnlySpan<Access> b)
    {
        int i = 0;
        int j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i].Place < b[j].Place)
            {
                i++;
            }
            else if (a[i].Place > b[j].Place)
            {
                j++;
            }
            else if (a[i].Write || b[j].Write)
            {
                return true;
            }
            else
            {
                i++;
                j++;
            }
        }

        return false;
    }
}

/// <summary>Notes what a step touches beside its receiver's own state: two steps with different receivers commute unless they meet there.</summary>
/// <remarks>Off unless a strategy asks; then each note costs a look through a short list.</remarks>
public sealed class Footprint
{
    private readonly List<Access> _accesses = [];

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsOn { get; set; }

    /// <summary>What was touched since it was last taken, in order of first touch.</summary>
    public IReadOnlyList<Access> Accesses => _accesses;

    /// <summary>Something shared was looked at.</summary>
    /// <param name="place">Which.</param>
    public void Read(ulong place)
    {
        if (IsOn)
        {
            Note(place, write: false);
        }
    }

    /// <summary>Something shared was changed.</summary>
    /// <param name="place">Which.</param>
    public void Write(ulong place)
    {
        if (IsOn)
        {
            Note(place, write: true);
        }
    }

    /// <summary>What was touched since the last call, sorted by place, each place once.</summary>
    public Access[] Take()
    {
        if (_accesses.Count == 0)
        {
            return [];
        }

        Access[] taken = [.. _accesses];
        _accesses.Clear();
        Array.Sort(taken, (a, b) => a.Place.CompareTo(b.Place));
        return taken;
    }

    private void Note(ulong place, bool write)
    {
        for (int i = 0; i < _accesses.Count; i++)
        {
            if (_accesses[i].Place == place)
            {
                _accesses[i] = new Access(place, write || _accesses[i].Write);
                return;
            }
        }

        _accesses.Add(new Access(place, write));
    }
}
