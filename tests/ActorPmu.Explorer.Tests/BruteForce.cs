using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>All classes of runs of a program, found without any reduction: every order is run, and each run is brought to a normal form.</summary>
/// <remarks>Two runs have one normal form when one comes from the other by exchanging neighbours that do not depend on each other.</remarks>
internal sealed class BruteForce : IStepObserver
{
    private readonly List<Step> _steps = [];
    private readonly World _world;
    private readonly Dictionary<(ActorId, ActorId, Lane, int), Step?> _causes = [];
    private readonly Dictionary<int, int> _sent = [];

    private BruteForce(World world) => _world = world;

    /// <summary>The normal forms of all runs; null when there are more runs than that.</summary>
    public static SortedSet<string>? Classes(Func<World> build, int runsMax) => Run(build, new DfsStrategy(), runsMax)?.Distinct;

    /// <summary>The normal forms of the runs of a strategy that ends by itself, in the order in which they were run.</summary>
    public static (SortedSet<string> Distinct, int Runs, int Abandoned)? Run(Func<World> build, IStrategy strategy, int runsMax)
    {
        SortedSet<string> classes = new(StringComparer.Ordinal);
        RunTrace trace = new();
        int runs = 0;
        int abandoned = 0;
        for (int k = 0; strategy.Begin(k); k++)
        {
            if (k == runsMax)
            {
                return null;
            }

            World world = build();
            BruteForce observer = new(world);
            RunEnd end = world.Run(strategy, 500, observer);
            trace.End = end;
            strategy.Ended(trace);
            if (strategy.StartsOver)
            {
                classes.Clear();
                (runs, abandoned) = (0, 0);
            }
            else if (end == RunEnd.Abandoned)
            {
                abandoned++;
            }
            else
            {
                classes.Add(observer.NormalForm(end));
                runs++;
            }
        }

        return (classes, runs, abandoned);
    }

    public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
    {
        if (_steps.Count == 0)
        {
            NoteSent(null);
        }

        _world.Footprint.IsOn = true;
        _world.Footprint.Take();
        Step? cause = _causes.GetValueOrDefault((envelope.From, envelope.To, envelope.Lane, envelope.Sequence));
        _steps.Add(new Step(envelope, _world.Find(envelope.To)!, cause));
    }

    public void Chosen(ActorId by, int optionCount, int option, string what) => _steps[^1].Answers += option;

    public void Delivered(long step, in Envelope envelope)
    {
        _steps[^1].Accesses = [.. _world.Footprint.Accesses];
        NoteSent(_steps[^1]);
    }

    private void NoteSent(Step? by)
    {
        for (int c = 0; c < _world.ChannelCount; c++)
        {
            int known = _sent.GetValueOrDefault(c);
            for (; known < _world.Sent(c); known++)
            {
                _causes[(_world.Sender(c), _world.Receiver(c), _world.LaneOf(c), known)] = by;
            }

            _sent[c] = known;
        }
    }

    private string NormalForm(RunEnd end)
    {
        if (end == RunEnd.Halted)
        {
            _steps[^1].Ends = true;
        }

        // The least step that no step before it, of those that are left, has to precede; and so on.
        List<string> form = [];
        List<Step> left = [.. _steps];
        while (left.Count > 0)
        {
            Step? least = null;
            for (int i = 0; i < left.Count; i++)
            {
                bool free = true;
                for (int j = 0; j < i && free; j++)
                {
                    free = !Dependent(left[j], left[i]);
                }

                if (free && (least is null || string.CompareOrdinal(left[i].Name, least.Name) < 0))
                {
                    least = left[i];
                }
            }

            form.Add(least!.Name + least.Answers);
            left.Remove(least);
        }

        return end + " " + string.Join(" ", form);
    }

    private static bool Dependent(Step a, Step b) =>
        a.Ends || b.Ends || ReferenceEquals(b.Cause, a)
        || (a.Envelope.From == b.Envelope.From && a.Envelope.To == b.Envelope.To && a.Envelope.Lane == b.Envelope.Lane)
        || (a.Envelope.To == b.Envelope.To && !a.Receiver.Commutes(a.Envelope, b.Envelope))
        || a.Accesses.Exists(x => b.Accesses.Exists(y => x.Place == y.Place && (x.Write || y.Write)));

    private sealed class Step(Envelope envelope, Actor receiver, Step? cause)
    {
        public Envelope Envelope => envelope;

        public Actor Receiver => receiver;

        public Step? Cause => cause;

        public string Name { get; } = $"{envelope.From}→{envelope.To}.{(int)envelope.Lane}#{envelope.Sequence}";

        public string Answers { get; set; } = "";

        public List<Access> Accesses { get; set; } = [];

        public bool Ends { get; set; }
    }
}
