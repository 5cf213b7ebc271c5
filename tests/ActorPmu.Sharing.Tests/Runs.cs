using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Runs machines and keeps what was found.</summary>
internal static class Runs
{
    private const long StepsMax = 20_000;

    /// <summary>One run in the first order that there is, to its end whatever is found on the way.</summary>
    public static Played InOrder(MachineSpec spec, ISharingDesign design)
    {
        List<string> reads = [];
        List<string> errors = [];
        List<string> owners = [];
        Machine machine = new(spec, design)
        {
            HaltOnViolation = false,
            AfterOperation = (m, task, op, result) =>
            {
                if (result.Error != Errno.Ok)
                {
                    errors.Add($"{op}: {result.Error}");
                }
                else if (result.Read is { } read)
                {
                    reads.Add(string.Join(' ', read.Entries.Select(e => $"{e.Name}={e.Value}")));
                }

                owners.Add(string.Join(' ', task.Files.Files.Select(f => $"{f.Name}→{m.Design.CounterOwner(f.Event)}")));
            },
        };
        machine.CheckEnd(machine.World.Run(new FirstChooser(), StepsMax));
        Assert.Empty(errors);
        return new Played(machine, string.Join(' ', reads), owners);
    }

    /// <summary>One run in the order of a seed.</summary>
    public static Machine Seeded(MachineSpec spec, ISharingDesign design, ulong seed, bool halts = true)
    {
        Machine machine = new(spec, design) { HaltOnViolation = halts };
        machine.CheckEnd(machine.World.Run(new PatientChooser(seed), StepsMax));
        return machine;
    }

    /// <summary>The first schedule, of so many, that breaks anything; null when none does.</summary>
    public static string? FirstBroken(MachineSpec spec, Func<ISharingDesign> design, int schedules)
    {
        for (ulong seed = 0; seed < (ulong)schedules; seed++)
        {
            Machine machine = Seeded(spec, design(), seed);
            if (machine.Violations.Count > 0)
            {
                Violation first = machine.Violations[0];
                return $"seed {seed}: {Properties.Name(first.Property)}: {first.What}\n{string.Join('\n', first.Evidence)}";
            }
        }

        return null;
    }

    /// <summary>The first violation of one property in so many schedules, each run to its end; null when there is none.</summary>
    public static Violation? FirstBroken(Property property, MachineSpec spec, Func<ISharingDesign> design, int schedules)
    {
        for (ulong seed = 0; seed < (ulong)schedules; seed++)
        {
            Violation? found = Seeded(spec, design(), seed, halts: false).Violations.FirstOrDefault(v => v.Property == property);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private sealed class FirstChooser : IChooser
    {
        public int Pick(World world, ReadOnlySpan<int> enabled) => 0;

        public int Choose(ActorId by, int optionCount, string what) => 0;
    }
}

/// <summary>A run that is over.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Reads">What reads returned, in order: <c>A=10 B=5</c>.</param>
/// <param name="Owners">After each operation, whose counter counted for each descriptor of the task: <c>A→A B→A</c>.</param>
internal sealed record Played(Machine Machine, string Reads, IReadOnlyList<string> Owners)
{
    /// <summary>The properties that the run broke, each once, in order of name.</summary>
    public string Broken => string.Join(
        ' ', Machine.Violations.Select(v => Properties.Name(v.Property)).Distinct().Order(StringComparer.Ordinal));
}
