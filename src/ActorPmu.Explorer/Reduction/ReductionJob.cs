using System.Globalization;
using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A delivery by the names that it has in every world: its channel, and the answers inside.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Options">The answers to choices inside.</param>
/// <param name="OptionCounts">How many options each had.</param>
internal sealed record NamedDelivery(ChannelName Channel, int[] Options, int[] OptionCounts);

/// <summary>A place in a prefix: what was gone into before, and what is taken.</summary>
/// <param name="Before">What other jobs go into, so that this one need not.</param>
/// <param name="Taken">What is delivered.</param>
internal sealed record JobStep(IReadOnlyList<NamedDelivery> Before, NamedDelivery Taken);

/// <summary>A part of a reduced search: the runs that begin with a prefix, but for those that other parts have.</summary>
/// <param name="Steps">The prefix.</param>
internal sealed record ReductionJob(IReadOnlyList<JobStep> Steps);

/// <summary>What a delivery has been seen to touch beside its receiver's own state, by names that other searches know.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Sequence">The message's number on it.</param>
/// <param name="Accesses">What it touched, sorted by place.</param>
/// <param name="Ends">Whether it was seen to end the run.</param>
internal sealed record KnownAccess(ChannelName Channel, int Sequence, Access[] Accesses, bool Ends)
{
    /// <summary>The line that <see cref="Parse"/> takes: kind and index of sender and receiver, lane, number, whether it ends, places.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)Channel.From.Kind} {Channel.From.Index} {(int)Channel.To.Kind} {Channel.To.Index} {(int)Channel.Lane} {Sequence} {(Ends ? 1 : 0)}{string.Concat(Accesses.Select(a => $" {(a.Write ? 'w' : 'r')}{a.Place:x}"))}");

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static KnownAccess Parse(string line)
    {
        string[] words = line.Split(' ');
        if (words.Length < 7)
        {
            throw new FormatException("what is known of a delivery has seven numbers or more");
        }

        int[] n = [.. words.Take(7).Select(w => int.Parse(w, NumberStyles.None, CultureInfo.InvariantCulture))];
        return new KnownAccess(
            new ChannelName(new ActorId((ActorKind)n[0], n[1]), new ActorId((ActorKind)n[2], n[3]), (Lane)n[4]), n[5],
            [.. words.Skip(7).Select(w => new Access(ulong.Parse(w.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), w[0] == 'w'))],
            n[6] == 1);
    }
}
