using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Tests;

/// <summary>Steps that dpor takes for independent are exchanged in whole runs of the catalogue: everything that follows is as before.</summary>
public sealed class IndependentStepsTests
{
    private const int SwapsOfARun = 6;

    public static TheoryData<string> Names => [.. Directory.GetFiles(Cli.Scenarios, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Exchanging_independent_neighbours_changes_nothing(string name)
    {
        Scenario scenario = Scenario.Load(Path.Combine(Cli.Scenarios, name + ".yaml"));
        foreach (Func<ISharingDesign> design in Designs.All)
        {
            Func<Machine> build = () => scenario.Build(design(), preemptRt: null);
            for (ulong seed = 1; seed <= 2; seed++)
            {
                Run run = new(build(), [], seed);
                SeededRandom random = new(seed, 99);
                List<int> pairs = run.IndependentNeighbours();
                for (int k = 0; k < SwapsOfARun && pairs.Count > 0; k++)
                {
                    int at = pairs[random.Next(pairs.Count)];
                    List<string> order = [.. run.Channels];
                    (order[at], order[at + 1]) = (order[at + 1], order[at]);
                    Run swapped = new(build(), order, seed);
                    List<string> expected = [.. run.Labels];
                    (expected[at], expected[at + 1]) = (expected[at + 1], expected[at]);
                    Assert.True(
                        expected.SequenceEqual(swapped.Labels) && run.Verdict == swapped.Verdict,
                        $"{name}, {design().Name}, seed {seed}: {run.Labels[at]} and {run.Labels[at + 1]} do not commute\n"
                        + string.Join("\n", expected.Zip(swapped.Labels).Where(p => p.First != p.Second).Take(3)) + run.Verdict + swapped.Verdict);
                }
            }
        }
    }

    // One run, by chance or along a list of channels.
    private sealed class Run : IChooser, IStepObserver
    {
        private readonly World _world;
        private readonly SeededRandom _random;
        private readonly IReadOnlyList<string> _order;
        private readonly List<(Envelope Envelope, Access[] Accesses, long Cause, Actor Receiver)> _steps = [];
        private long _cause;

        public Run(Machine machine, IReadOnlyList<string> order, ulong seed)
        {
            (_world, _order, _random) = (machine.World, order, new SeededRandom(seed, 1));
            _world.Footprint.IsOn = true;
            RunEnd end = _world.Run(this, 3_000, this);
            machine.CheckEnd(end);
            Verdict = end + ": " + string.Join("; ", machine.Violations.Select(v => v.Signature).Order(StringComparer.Ordinal));
        }

        public List<string> Channels { get; } = [];

        public List<string> Labels { get; } = [];

        public string Verdict { get; }

        public bool RunsOn => true;

        public List<int> IndependentNeighbours()
        {
            // The last step may have ended the run.
            List<int> found = [];
            for (int i = 0; i + 2 < _steps.Count; i++)
            {
                (Envelope a, Access[] touchedA, _, Actor receiver) = _steps[i];
                (Envelope b, Access[] touchedB, long cause, _) = _steps[i + 1];
                bool apart = a.To != b.To
                    || (receiver.HasCommuting && Channels[i] != Channels[i + 1] && receiver.Commutes(a, b));
                if (apart && cause != i + 1 && !Access.Conflict(touchedA, touchedB))
                {
                    found.Add(i);
                }
            }

            return found;
        }

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            int position = -1;
            if (_order.Count == 0)
            {
                position = _random.Next(enabled.Length);
            }
            else
            {
                for (int i = 0; i < enabled.Length && Channels.Count < _order.Count; i++)
                {
                    position = Name(world, enabled[i]) == _order[Channels.Count] ? i : position;
                }
            }

            if (position >= 0)
            {
                Channels.Add(Name(world, enabled[position]));
                _cause = world.SentIn(enabled[position]);
            }

            return position;
        }

        public int Choose(ActorId by, int optionCount, string what) => 0;

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
        {
            Labels.Add(RecordedStep.LabelOf(envelope));
            _world.Footprint.Take();
        }

        public void Chosen(ActorId by, int optionCount, int option, string what)
        {
        }

        public void Delivered(long step, in Envelope envelope) =>
            _steps.Add((envelope, _world.Footprint.Take(), _cause, _world.Find(envelope.To)!));

        private static string Name(World world, int channel) => $"{world.Sender(channel)}→{world.Receiver(channel)} {world.LaneOf(channel)}";
    }
}
