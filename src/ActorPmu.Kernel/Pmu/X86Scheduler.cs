using System.Numerics;

namespace ActorPmu.Kernel;

/// <summary>Places events on counters under constraints.</summary>
/// <remarks>
/// Kernel: <c>perf_assign_events()</c>, arch/x86/events/core.c, v5.3. Events with fewer allowed counters go first, in list order among
/// equals; each takes a fixed counter if it may, else its lowest free general one. Greedy but for events whose constraint says overlap:
/// the last two choices for such are remembered and taken back when a later event finds nothing.
/// </remarks>
internal sealed class X86Scheduler(int generalCounters)
{
    private const int SavedMax = 2;
    private const ulong FixedCounters = ~0UL << FixedCounter.FirstIndex;

    private readonly State[] saved = new State[SavedMax];
    private int savedCount;
    private State state;

    /// <summary>Finds a counter for each event.</summary>
    /// <param name="constraints">One for each event.</param>
    /// <param name="assign">Receives the counter indices; half filled in when the answer is no.</param>
    /// <returns>Whether all got one.</returns>
    public bool AssignEvents(ReadOnlySpan<EventConstraint> constraints, Span<int> assign)
    {
        savedCount = 0;
        state = new State { Weight = -1, Event = constraints.Length };
        while (state.Placed < constraints.Length)
        {
            NextEvent(constraints);
            if (!FindCounter(constraints))
            {
                return false;
            }

            assign[state.Event] = state.Counter;
        }

        return true;
    }

    /// <summary>Goes on to the next event of this weight, or to the first of the next weight that there is.</summary>
    private void NextEvent(ReadOnlySpan<EventConstraint> constraints)
    {
        do
        {
            if (++state.Event >= constraints.Length)
            {
                state.Event = 0;
                state.Weight++;
            }
        }
        while (constraints[state.Event].Weight != state.Weight);

        state.Counter = 0;
    }

    private bool FindCounter(ReadOnlySpan<EventConstraint> constraints)
    {
        while (!TakeCounter(constraints[state.Event]))
        {
            if (savedCount == 0)
            {
                return false;
            }

            // Back to that event, and on with the counter after the one it had. As in the kernel, GeneralUsed still counts the old choice.
            state = saved[--savedCount];
            state.Used &= ~(1UL << state.Counter);
            state.Counter++;
        }

        return true;
    }

    private bool TakeCounter(EventConstraint constraint)
    {
        var free = constraint.Counters & ~state.Used;
        if ((free & FixedCounters) != 0)
        {
            free &= FixedCounters;
        }
        else
        {
            free &= ~0UL << state.Counter;
            if (free == 0 || state.GeneralUsed++ >= generalCounters)
            {
                return false;
            }
        }

        state.Counter = BitOperations.TrailingZeroCount(free);
        state.Used |= 1UL << state.Counter;
        state.Placed++;
        if (constraint.Overlap && savedCount < SavedMax)
        {
            saved[savedCount++] = state with { Placed = state.Placed - 1 };
        }

        return true;
    }

    private record struct State
    {
        public int Weight;
        public int Event;
        public int Counter;
        public int Placed;
        public int GeneralUsed;
        public ulong Used;
    }
}
