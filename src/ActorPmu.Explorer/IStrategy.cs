using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Decides which schedules are run, choice by choice.</summary>
/// <remarks>
/// One object serves one worker. For each schedule: <see cref="Begin"/>, then the world asks as a chooser, then <see cref="Ended"/>
/// with what was chosen. While asked, a strategy may look at the world: heads and receivers of channels, masks of actors.
/// </remarks>
public interface IStrategy : IChooser
{
    /// <summary>The name in flags, files and reports.</summary>
    string Name { get; }

    /// <summary>Whether schedule <em>k</em> depends on <em>k</em> alone, so that schedules can be spread over workers by number.</summary>
    bool IsIndexed { get; }

    /// <summary>Whether every schedule that there is has been run: known after <see cref="Begin"/> has returned false.</summary>
    bool IsExhausted { get; }

    /// <summary>Whether the schedule that ended showed that those before it were picked wrongly: all are run again.</summary>
    bool StartsOver => false;

    /// <summary>How many different states have been come to; null where they are not told apart.</summary>
    long? States => null;

    /// <summary>How many messages of the schedule at least were pairwise unordered by cause; 0 where nobody measured it.</summary>
    int Width => 0;

    /// <summary>Every schedule with so many delays or fewer has been run; null where delays are not counted, or before the first level is done.</summary>
    int? DelaysCovered => null;

    /// <summary>The fingerprint of the run that ended, where the strategy knows which steps depend on each other; null where the order at each receiver says it.</summary>
    ulong? Fingerprint => null;

    /// <summary>How many deliveries at the beginning of the schedule are those of the one before, known after <see cref="Begin"/>: a host that can go back there spares them.</summary>
    long Again => 0;

    /// <summary>Told that the deliveries that the schedule has in common with the one before have not been undone: it is asked for the next one.</summary>
    void GoOn()
    {
    }

    /// <summary>Prepares for a schedule.</summary>
    /// <param name="schedule">Its number, from 0.</param>
    /// <returns>Whether there is one to run.</returns>
    bool Begin(long schedule);

    /// <summary>Takes note of a schedule that was run.</summary>
    /// <param name="trace">What was chosen, valid during the call only.</param>
    void Ended(RunTrace trace);
}
