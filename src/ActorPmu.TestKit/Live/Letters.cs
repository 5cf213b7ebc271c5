using ActorPmu.Actors;

namespace ActorPmu.TestKit;

/// <summary>Which messages a script means: of one type, and what else it says.</summary>
internal sealed record LetterMatch(Type Type, ActorId? From, ActorId? To, Func<Message, bool>? Where)
{
    public static LetterMatch Of<T>(string? from, string? to, Predicate<T>? where)
        where T : Message => new(
            typeof(T), from is null ? null : ActorNames.Parse(from), to is null ? null : ActorNames.Parse(to),
            where is null ? null : m => where((T)m));

    public bool Has(in Envelope e) =>
        Type.IsInstanceOfType(e.Message) && (From is null || From == e.From) && (To is null || To == e.To) && (Where is null || Where(e.Message));

    /// <inheritdoc/>
    public override string ToString() =>
        Type.Name + (From is { } from ? $" from {from}" : "") + (To is { } to ? $" to {to}" : "");
}

/// <summary>What a script does to messages on their way.</summary>
internal enum Fate
{
    /// <summary>It waits, and so does whatever follows on its channel.</summary>
    Hold,

    /// <summary>It waits, and what follows on its channel overtakes it.</summary>
    HoldAlone,

    /// <summary>It is late by some deliveries, and so is whatever follows on its channel.</summary>
    Delay,

    /// <summary>It is lost.</summary>
    Drop,
}
