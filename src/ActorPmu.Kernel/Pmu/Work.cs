namespace ActorPmu.Kernel;

/// <summary>Some occurrences of one hardware event, one after the other.</summary>
/// <param name="Code">Raw event code.</param>
/// <param name="PerUnit">Occurrences in one unit of work, 0 or more.</param>
public readonly record struct Occurrences(uint Code, int PerUnit);

/// <summary>What one unit of work makes the hardware see, in order. Immutable.</summary>
/// <remarks>
/// A code may stand in several steps. On a machine with several PMUs give each PMU a work of the same shape with its own codes:
/// positions then mean the same to all of them.
/// </remarks>
public readonly struct Work
{
    private readonly Occurrences[]? steps;

    /// <summary>Makes a unit of these steps, which are copied.</summary>
    /// <exception cref="ArgumentException">A step has a negative number of occurrences.</exception>
    public Work(params ReadOnlySpan<Occurrences> steps)
    {
        foreach (var step in steps)
        {
            if (step.PerUnit < 0)
            {
                throw new ArgumentException("a step of work has 0 or more occurrences", nameof(steps));
            }
        }

        this.steps = steps.ToArray();
    }

    /// <summary>The steps of a unit, in order.</summary>
    public ReadOnlySpan<Occurrences> Steps => steps;

    /// <summary>Where the n-th occurrence of a code from a place on is over.</summary>
    /// <param name="code">Raw event code.</param>
    /// <param name="nth">1 or more.</param>
    /// <param name="from">Where counting starts.</param>
    /// <param name="to">Where the search ends.</param>
    /// <returns>The place right after that occurrence, or <paramref name="to"/> when it lies not before it.</returns>
    internal WorkPosition After(uint code, long nth, WorkPosition from, WorkPosition to)
    {
        long perUnit = 0, inFirstUnit = 0;
        for (var i = 0; i < Steps.Length; i++)
        {
            if (Steps[i].Code == code)
            {
                perUnit += Steps[i].PerUnit;
                inFirstUnit += Steps[i].PerUnit - from.DoneOf(i, Steps[i].PerUnit);
            }
        }

        if (nth <= inFirstUnit)
        {
            return Earlier(AfterWithin(code, nth + perUnit - inFirstUnit, from.UnitsDone), to);
        }

        if (perUnit == 0)
        {
            return to;
        }

        nth -= inFirstUnit;
        var wholeUnits = (nth - 1) / perUnit;
        if (wholeUnits >= to.UnitsDone - from.UnitsDone)
        {
            return to;
        }

        return Earlier(AfterWithin(code, nth - wholeUnits * perUnit, from.UnitsDone + 1 + wholeUnits), to);
    }

    private static WorkPosition Earlier(WorkPosition a, WorkPosition b) => a < b ? a : b;

    private WorkPosition AfterWithin(uint code, long nth, long unit)
    {
        var step = 0;
        for (; Steps[step].Code != code || nth > Steps[step].PerUnit; step++)
        {
            nth -= Steps[step].Code == code ? Steps[step].PerUnit : 0;
        }

        if (nth < Steps[step].PerUnit)
        {
            return new WorkPosition(unit, step, (int)nth);
        }

        do
        {
            step++;
        }
        while (step < Steps.Length && Steps[step].PerUnit == 0);

        return step < Steps.Length ? new WorkPosition(unit, step, 0) : WorkPosition.AfterUnits(unit + 1);
    }
}
