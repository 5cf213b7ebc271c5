using System.Globalization;
using ActorPmu.Actors;

namespace ActorPmu.TestKit;

/// <summary>Names of actors as reports print them.</summary>
internal static class ActorNames
{
    private static readonly (string Name, ActorKind Kind)[] Kinds =
        [.. Enum.GetValues<ActorKind>().Select(kind => (new ActorId(kind, 0).ToString().Split('/')[0], kind))];

    /// <summary>The actor of that name.</summary>
    /// <param name="name">For instance <c>cpu/0</c> or <c>ctx/2</c>; <c>allocator</c> is <c>allocator/0</c>.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    public static ActorId Parse(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] parts = (name.Contains('/', StringComparison.Ordinal) ? name : name + "/0").Split('/');
        int kind = Array.FindIndex(Kinds, k => k.Name == parts[0]);
        return kind >= 0 && parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new ActorId(Kinds[kind].Kind, index)
            : throw new ArgumentException($"\"{name}\" is no actor; write a kind and a number, as in cpu/0; there are {string.Join(", ", Kinds.Select(k => k.Name))}");
    }

    /// <summary>The index in a name of one kind.</summary>
    /// <param name="name">For instance <c>cpu/0</c>.</param>
    /// <param name="kind">The kind that it must have.</param>
    /// <exception cref="ArgumentException">It has another.</exception>
    public static int IndexOf(string name, ActorKind kind) =>
        Parse(name) is var id && id.Kind == kind
            ? id.Index
            : throw new ArgumentException($"\"{name}\" has the wrong kind; write for instance {new ActorId(kind, 0)}");
}
