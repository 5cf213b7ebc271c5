using System.Globalization;

namespace ActorPmu.Explorer;

/// <summary>The schedules of a delay-bounded search: each but the first is one that was run before, and one delay behind its last.</summary>
/// <remarks>They stand in order of their delays, and so does what follows from them.</remarks>
internal sealed class DelayTree
{
    private readonly List<DelayRun> _runs = [];

    /// <summary>How many schedules are in it.</summary>
    public int Count => _runs.Count;

    /// <summary>The schedules in order.</summary>
    public IReadOnlyList<DelayRun> Runs => _runs;

    /// <summary>Adds the next schedule that was run.</summary>
    public void Add(DelayRun run) => _runs.Add(run);

    /// <summary>Forgets all.</summary>
    public void Clear() => _runs.Clear();

    /// <summary>The next schedule that has one delay more than a schedule that was run, behind its last one.</summary>
    /// <param name="at">The one before; moved to the next.</param>
    /// <param name="delaysMax">Schedules with more delays are not gone to.</param>
    /// <returns>False where there is none.</returns>
    public bool Advance(ref DelayCursor at, int delaysMax = int.MaxValue)
    {
        (int parent, int point, int value) = at;
        for (; parent < _runs.Count && _runs[parent].Delays < delaysMax; parent++, point = -1)
        {
            DelayRun run = _runs[parent];
            if (point < 0)
            {
                point = Math.Max(run.Point, 0);
                value = run.Point == point ? run.Value : 0;
            }

            for (; point < run.PointCount; point++, value = 0)
            {
                DelayPoint there = new(2, true);
                if (run.Points is not null && run.Points.TryGetValue(point, out DelayPoint known))
                {
                    there = known;
                }

                // One delay leads from one place in line to the next, and from an answer's first option to any other.
                bool isLast = point == run.Point;
                int most = !there.Ordered ? (isLast ? value : there.OptionCount - 1) : isLast ? Math.Min(run.Value + 1, there.OptionCount - 1) : 1;
                if (value < most)
                {
                    at = new DelayCursor(parent, point, value + 1);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The schedule at a place, not run yet.</summary>
    public DelayRun At(DelayCursor at) => new(at.Parent, at.Point, at.Value, at.Parent < 0 ? 0 : _runs[at.Parent].Delays + 1);

    /// <summary>What a schedule delays: the last first, a point that is delayed twice by its later delay.</summary>
    /// <param name="run">The schedule.</param>
    /// <param name="plan">Takes point and value of each.</param>
    public void Plan(DelayRun run, List<(int Point, int Value)> plan)
    {
        plan.Clear();
        for (DelayRun at = run; at.Parent >= 0; at = _runs[at.Parent])
        {
            if (plan.Count == 0 || plan[^1].Point != at.Point)
            {
                plan.Add((at.Point, at.Value));
            }
        }
    }
}

/// <summary>A schedule by the one that it goes on from, and the delay that it adds.</summary>
/// <param name="Parent">The number of the one that it goes on from; −1 for none, before the first.</param>
/// <param name="Point">Which of the run's questions is answered otherwise.</param>
/// <param name="Value">How.</param>
internal readonly record struct DelayCursor(int Parent, int Point, int Value)
{
    /// <summary>The first schedule, which delays nothing.</summary>
    public static DelayCursor First => new(-1, -1, 0);

    /// <summary>Before the first of those with a delay.</summary>
    public static DelayCursor BeforeDelays => new(0, 0, 0);
}

/// <summary>A question of a run.</summary>
/// <param name="OptionCount">How many answers it has.</param>
/// <param name="Ordered">Whether it is about the next delivery.</param>
internal readonly record struct DelayPoint(int OptionCount, bool Ordered);

/// <summary>The last delay of a schedule, and the schedule that has all but that one.</summary>
internal readonly record struct DelayRun(int Parent, int Point, int Value, int Delays)
{
    /// <summary>How many questions the run had.</summary>
    public int PointCount { get; init; }

    /// <summary>Answers inside steps, and the last delay's own point: all others are deliveries that can be delayed once.</summary>
    public SortedDictionary<int, DelayPoint>? Points { get; init; }

    /// <summary>What a checkpoint has of it.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Parent}.{Point}.{Value}.{PointCount}{string.Concat((Points ?? []).Select(p => FormattableString.Invariant($":{p.Key}.{p.Value.OptionCount}.{(p.Value.Ordered ? 1 : 0)}")))}");

    /// <summary>Reads it.</summary>
    /// <param name="text">What <see cref="ToText"/> wrote.</param>
    /// <param name="tree">The schedules before it.</param>
    /// <exception cref="FormatException">It says nothing that can be.</exception>
    public static DelayRun Parse(string text, DelayTree tree)
    {
        string[] parts = text.Split(':');
        int[] own = Numbers(parts[0], 4);
        bool isFirst = own[0] < 0;
        if (isFirst ? (own[0], own[1], own[2]) != (-1, -1, 0) : own[0] >= tree.Count || own[1] < 0 || own[1] >= own[3] || own[2] < 1)
        {
            throw new FormatException($"\"{parts[0]}\" goes on from no schedule that was run");
        }

        SortedDictionary<int, DelayPoint>? points = null;
        foreach (string part in parts.AsSpan(1))
        {
            int[] point = Numbers(part, 3);
            if (point[0] < 0 || point[0] >= own[3] || point[1] < 2 || point[2] is < 0 or > 1 || !(points ??= []).TryAdd(point[0], new DelayPoint(point[1], point[2] == 1)))
            {
                throw new FormatException($"\"{part}\" is no question of a run with {own[3]}");
            }
        }

        return own[3] < 0 ? throw new FormatException($"\"{parts[0]}\" has less than no questions")
            : new DelayRun(own[0], own[1], own[2], isFirst ? 0 : tree.Runs[own[0]].Delays + 1) { PointCount = own[3], Points = points };
    }

    private static int[] Numbers(string text, int count)
    {
        int[] numbers = [.. text.Split('.').Select(KnowledgeException.Number)];
        return numbers.Length == count ? numbers : throw new FormatException($"\"{text}\" has {numbers.Length} numbers and not {count}");
    }
}
