using ActorPmu.Actors;

namespace ActorPmu.TestKit;

/// <summary>Makes probes that stand for actors of the machine; before the machine starts.</summary>
public sealed class ProbeMaker
{
    private readonly Func<ActorId, ScriptProbe> _make;

    internal ProbeMaker(Func<ActorId, ScriptProbe> make) => _make = make;

    /// <summary>Stands for a processor's own context: its lock, its mutex and what they protect.</summary>
    /// <param name="cpu">The processor, as in <c>cpu/0</c>.</param>
    /// <param name="software">Whether the one for software events is meant.</param>
    /// <exception cref="ArgumentException">It is no processor's name.</exception>
    public ScriptProbe ForContext(string cpu, bool software = false) =>
        _make(new ActorId(ActorKind.Context, (ActorNames.IndexOf(cpu, ActorKind.Cpu) * 2) + (software ? 1 : 0)));

    /// <summary>Stands for a processor.</summary>
    /// <param name="cpu">As in <c>cpu/0</c>.</param>
    /// <exception cref="ArgumentException">It is no processor's name.</exception>
    public ScriptProbe ForCpu(string cpu) => _make(new ActorId(ActorKind.Cpu, ActorNames.IndexOf(cpu, ActorKind.Cpu)));

    /// <summary>Stands for the first PMU of a processor.</summary>
    /// <param name="cpu">The processor, as in <c>cpu/0</c>.</param>
    /// <exception cref="ArgumentException">It is no processor's name.</exception>
    public ScriptProbe ForPmu(string cpu) => _make(Kernel.Pmu.IdOf(ActorNames.IndexOf(cpu, ActorKind.Cpu), 0));

    /// <summary>Stands for the allocator.</summary>
    public ScriptProbe ForAllocator() => _make(new ActorId(ActorKind.Allocator, 0));

    /// <summary>Stands for any actor.</summary>
    /// <param name="actor">Its name as reports print it: <c>ctx/1000</c> is the first task's context for hardware events.</param>
    /// <exception cref="ArgumentException">It is no actor's name.</exception>
    public ScriptProbe For(string actor) => _make(ActorNames.Parse(actor));
}
