using System.Runtime.CompilerServices;
using ActorPmu.Akka.Controlled;
using ActorPmu.Kernel;
using Akka.Configuration;
using Xunit;
using Xunit.Abstractions;
using AkkaTestKit = Akka.TestKit.Xunit2.TestKit;
using Message = ActorPmu.Actors.Message;

namespace ActorPmu.TestKit;

/// <summary>The base of live scripts: a machine whose actors are Akka actors, probes in the place of some, and a hand on its messages.</summary>
/// <remarks>
/// The actors run on a dispatcher that makes one delivery at a time, on the test's own thread, in an order that the script decides and that
/// is otherwise always the same: a script has one outcome. A script makes its probes first, then starts the machine, then looks.
/// </remarks>
public abstract class ScenarioScript : AkkaTestKit, IAsyncLifetime
{
    private const string SystemName = "actorpmu-script";

    private readonly List<ScriptProbe> _probes = [];
    private ControlledSystem? _akka;
    private ScriptMachine? _machine;

    /// <summary>Starts Akka.</summary>
    /// <param name="output">Where Akka's log goes; null for nowhere.</param>
    protected ScenarioScript(ITestOutputHelper? output = null)
        : base(ControlledSystem.Setup(ConfigurationFactory.ParseString("akka.loggers = [\"Akka.TestKit.TestEventListener, Akka.TestKit\"]")), SystemName, output)
    {
        Probe = new ProbeMaker(MakeProbe);
    }

    /// <summary>Makes probes.</summary>
    protected ProbeMaker Probe { get; }

    /// <summary>The machine.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    protected ScriptMachine Machine => _machine ?? throw new InvalidOperationException($"call {nameof(Start)} first");

    /// <inheritdoc/>
    public virtual async Task InitializeAsync() => _akka = await ControlledSystem.In(Sys).ConfigureAwait(true);

    /// <inheritdoc/>
    public virtual Task DisposeAsync()
    {
        _machine?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Brings up the machine of a scenario under a design that comes with the tool. Nothing is delivered yet.</summary>
    /// <param name="scenario">A name of the catalogue, a YAML file (its name ends with <c>.yaml</c>), or the text of one (more than one line).</param>
    /// <param name="design">The design's name.</param>
    /// <param name="rt">Whether the kernel is PREEMPT_RT; null for what the scenario says.</param>
    /// <param name="seed">Leaves to chance, from this seed, what the script does not decide; null for the first in canonical order each time.</param>
    /// <param name="steps">The bound on deliveries, 1 or more.</param>
    /// <param name="name">What a text is called: by itself, the test's name.</param>
    /// <exception cref="ArgumentException">There is no such scenario or design.</exception>
    /// <exception cref="Scenarios.InputError">The file or the text is no scenario.</exception>
    protected ScriptMachine Start(
        string scenario, string design, bool? rt = null, ulong? seed = null, long steps = 20_000, [CallerMemberName] string name = "scenario") =>
        Start(scenario, DesignSource.Named(design), rt, seed, steps, name);

    /// <summary>Brings up the machine of a scenario under a design of one's own. Nothing is delivered yet.</summary>
    /// <param name="scenario">A name of the catalogue, a YAML file, or the text of one.</param>
    /// <param name="design">Makes one.</param>
    /// <param name="rt">Whether the kernel is PREEMPT_RT; null for what the scenario says.</param>
    /// <param name="seed">The seed of what is left to chance; null for the first in canonical order.</param>
    /// <param name="steps">The bound on deliveries, 1 or more.</param>
    /// <param name="name">What a text is called.</param>
    protected ScriptMachine Start(
        string scenario, Func<ISharingDesign> design, bool? rt = null, ulong? seed = null, long steps = 20_000,
        [CallerMemberName] string name = "scenario")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (_machine is not null)
        {
            throw new InvalidOperationException("a script has one machine");
        }

        ControlledSystem akka = _akka ?? throw new InvalidOperationException($"{nameof(InitializeAsync)} has not run: xunit calls it");
        ScriptPlan plan = new(ScenarioSource.Load(scenario, name), design, rt, seed, steps);
        return _machine = new ScriptMachine(akka, plan, _probes);
    }

    /// <summary>Holds messages back that are sent from now on, and what follows them on their channels: order is kept.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="from">Who sends them; null for anybody.</param>
    /// <param name="to">Who is to get them; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <returns>What is held; let it go with <see cref="Interception.Release()"/>.</returns>
    protected Interception Hold<T>(string? from = null, string? to = null, Predicate<T>? where = null)
        where T : Message => Machine.Add(LetterMatch.Of(from, to, where), Fate.Hold, 1);

    /// <summary>Holds messages back that are sent from now on, and lets what follows on their channels overtake them, which no kernel does.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="from">Who sends them; null for anybody.</param>
    /// <param name="to">Who is to get them; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <returns>What is held; let it go in any order with <see cref="Interception.Release(int)"/>.</returns>
    protected Interception Reorder<T>(string? from = null, string? to = null, Predicate<T>? where = null)
        where T : Message => Machine.Add(LetterMatch.Of(from, to, where), Fate.HoldAlone, 1);

    /// <summary>Makes messages late that are sent from now on, and what follows them on their channels.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="deliveries">By how many deliveries elsewhere, 1 or more; by fewer where nobody else can go on.</param>
    /// <param name="from">Who sends them; null for anybody.</param>
    /// <param name="to">Who is to get them; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    protected Interception Delay<T>(int deliveries, string? from = null, string? to = null, Predicate<T>? where = null)
        where T : Message => Machine.Add(LetterMatch.Of(from, to, where), Fate.Delay, deliveries);

    /// <summary>Loses the next messages.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="from">Who sends them; null for anybody.</param>
    /// <param name="to">Who is to get them; null for anybody.</param>
    /// <param name="where">What else must be so; null for nothing.</param>
    /// <param name="times">How many, 1 or more.</param>
    protected Interception Drop<T>(string? from = null, string? to = null, Predicate<T>? where = null, int times = 1)
        where T : Message => Machine.Add(LetterMatch.Of(from, to, where), Fate.Drop, times);

    private ScriptProbe MakeProbe(Actors.ActorId id)
    {
        if (_machine is not null)
        {
            throw new InvalidOperationException($"the machine runs: make the probe for {id} before {nameof(Start)}");
        }

        ScriptProbe probe = new(id, CreateTestProbe(id.ToString().Replace('/', '-')), () => Machine);
        _probes.Add(probe);
        return probe;
    }
}
