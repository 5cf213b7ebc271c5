using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Runs machines and keeps what was found.</summary>
internal static class Runs
{
    public const long StepsMax = 20_000;

    /// <summary>One run in the order that a machine left alone takes: always the first delivery.</summary>
    public static Machine InOrder(MachineSpec spec, ISharingDesign design, bool halt = true)
    {
        Machine machine = new(spec, design) { HaltOnViolation = halt };
        machine.CheckEnd(machine.World.Run(new FirstChooser(), StepsMax));
        return machine;
    }

    /// <summary>One run in the order of a seed.</summary>
    public static Machine Seeded(MachineSpec spec, ISharingDesign design, ulong seed)
    {
        Machine machine = new(spec, design);
        machine.CheckEnd(machine.World.Run(new SeededChooser(seed), StepsMax));
        return machine;
    }

    /// <summary>The first schedule that breaks a property, of so many; null when none does.</summary>
    public static (ulong Seed, Violation Violation)? FirstBroken(MachineSpec spec, Func<ISharingDesign> design, int schedules)
    {
        for (ulong seed = 0; seed < (ulong)schedules; seed++)
        {
            Machine machine = Seeded(spec, design(), seed);
            if (machine.Violations.Count > 0)
            {
                return (seed, machine.Violations[0]);
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
