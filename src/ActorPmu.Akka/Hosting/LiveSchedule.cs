using ActorPmu.Actors;
using ActorPmu.Explorer;

namespace ActorPmu.Akka.Hosting;

/// <summary>What really happened in a run: which channels delivered, and what was answered inside the steps, in one order.</summary>
internal sealed class LiveSchedule
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Forgets everything, for another run.</summary>
    public void Clear() => _entries.Clear();

    public void Delivered(ShellChannel channel) => _entries.Add(new Entry(channel, 0, 0));

    public void Chosen(int option, int optionCount) => _entries.Add(new Entry(null, option, optionCount));

    /// <summary>Makes the same deliveries in the deterministic world.</summary>
    /// <param name="build">Makes what was run, in the world.</param>
    /// <param name="stepsMax">The bound on steps.</param>
    /// <returns>The run there.</returns>
    /// <exception cref="InvalidOperationException">The world does not allow one of the deliveries: a bug of the live host or of a behaviour.</exception>
    /// <exception cref="RunCrashException">The run crashes there, too.</exception>
    public Followed Follow(Func<Subject> build, long stepsMax)
    {
        Subject subject = build();
        Follower follower = new(_entries);
        RunTrace trace = new();
        try
        {
            RunEnd end = subject.World.Run(follower, stepsMax, trace);
            trace.Close(end);
            return end == RunEnd.Abandoned && follower.Problem is { } problem
                ? throw new InvalidOperationException($"what Akka delivered is impossible in the deterministic world: {problem}")
                : new Followed(trace, subject.Judge(end));
        }
        catch (Exception e) when (e is not OutOfMemoryException && follower.Problem is null)
        {
            throw new RunCrashException(0, [.. trace.Choices], e);
        }
    }

    /// <summary>A run of the deterministic world.</summary>
    public sealed record Followed(RunTrace Trace, IReadOnlyList<Kernel.Violation> Violations);

    private readonly record struct Entry(ShellChannel? Channel, int Option, int OptionCount);

    private sealed class Follower(List<Entry> entries) : IChooser
    {
        private int _next;

        public string? Problem { get; private set; }

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            if (_next == entries.Count)
            {
                return -1;
            }

            Entry wanted = entries[_next++];
            if (wanted.Channel is not { } channel)
            {
                return Fail(world, "a delivery where a choice inside a step was made");
            }

            for (int i = 0; i < enabled.Length; i++)
            {
                if (world.Receiver(enabled[i]) == channel.To && world.Sender(enabled[i]) == channel.From && world.LaneOf(enabled[i]) == channel.Lane)
                {
                    return i;
                }
            }

            return Fail(world, $"{channel.From} to {channel.To} on {channel.Lane} has nothing that would be taken");
        }

        public int Choose(ActorId by, int optionCount, string what)
        {
            Entry wanted = _next < entries.Count ? entries[_next++] : default;
            if (wanted.Channel is null && wanted.OptionCount == optionCount)
            {
                return wanted.Option;
            }

            Problem ??= $"{by}: {what} ({optionCount} options) was not asked";
            return 0;
        }

        private int Fail(World world, string problem)
        {
            Problem ??= $"step {world.Steps + 1}: {problem}";
            return -1;
        }
    }
}
