namespace ActorPmu.Kernel;

/// <summary>A place in a run of equal units of work: what is done so far.</summary>
/// <param name="UnitsDone">Whole units done, 0 or more.</param>
/// <param name="Step">The step of the next unit that is under way: an index into <see cref="Work.Steps"/>.</param>
/// <param name="Occurrence">How many occurrences of that step are done, less than it has.</param>
public readonly record struct WorkPosition(long UnitsDone, int Step, int Occurrence) : IComparable<WorkPosition>
{
    /// <summary>The place after that many whole units.</summary>
    public static WorkPosition AfterUnits(long units) => new(units, 0, 0);

    /// <summary>Whether <paramref name="a"/> comes before <paramref name="b"/>.</summary>
    public static bool operator <(WorkPosition a, WorkPosition b) => a.CompareTo(b) < 0;

    /// <summary>Whether <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool operator >(WorkPosition a, WorkPosition b) => a.CompareTo(b) > 0;

    /// <summary>Whether <paramref name="a"/> is <paramref name="b"/> or comes before it.</summary>
    public static bool operator <=(WorkPosition a, WorkPosition b) => a.CompareTo(b) <= 0;

    /// <summary>Whether <paramref name="a"/> is <paramref name="b"/> or comes after it.</summary>
    public static bool operator >=(WorkPosition a, WorkPosition b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public int CompareTo(WorkPosition other)
    {
        if (UnitsDone != other.UnitsDone)
        {
            return UnitsDone < other.UnitsDone ? -1 : 1;
        }

        return Step != other.Step ? Step - other.Step : Occurrence - other.Occurrence;
    }

    /// <summary>How many of a step's occurrences in the unit under way are done.</summary>
    internal int DoneOf(int step, int perUnit) => step < Step ? perUnit : step == Step ? Occurrence : 0;
}
