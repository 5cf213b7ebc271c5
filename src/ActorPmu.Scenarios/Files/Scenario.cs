using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A race to be run: a machine, scripts of tasks, and what they expect. Immutable; one scenario, many runs.</summary>
/// <remarks>Read from a YAML file; the catalogue is <c>config/scenarios</c>.</remarks>
public sealed class Scenario
{
    internal Scenario(
        string file, string text, string story, MachineSpec spec, IReadOnlyList<ScriptTask> tasks, Expectations expectations)
    {
        File = file;
        Text = text;
        Story = story;
        Spec = spec;
        Tasks = tasks;
        Expectations = expectations;
        Name = Path.GetFileNameWithoutExtension(file);
    }

    /// <summary>Its name: that of its file without the extension.</summary>
    public string Name { get; }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>The file's text, verbatim.</summary>
    public string Text { get; }

    /// <summary>What it is about: the comment at the head of the file, paragraphs apart by line breaks; empty when there is none.</summary>
    public string Story { get; }

    /// <summary>The first sentence of <see cref="Story"/>.</summary>
    public string Summary
    {
        get
        {
            string first = Story.Split('\n')[0];
            int end = first.IndexOf(". ", StringComparison.Ordinal);
            return end < 0 ? first : first[..(end + 1)];
        }
    }

    /// <summary>The machine.</summary>
    public MachineSpec Spec { get; }

    /// <summary>The tasks in the machine's order, with what they do.</summary>
    public IReadOnlyList<ScriptTask> Tasks { get; }

    /// <summary>What it expects beside what holds for every run.</summary>
    public Expectations Expectations { get; }

    /// <summary>Reads a scenario from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputError">There is no such file, or it is no scenario.</exception>
    public static Scenario Load(string path) => Parse(InputFile.Text(path), path);

    /// <summary>Reads a scenario from a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name for messages, and for <see cref="Name"/>.</param>
    /// <exception cref="InputError">It is no scenario.</exception>
    public static Scenario Parse(string text, string file) => new ScenarioReader(new YamlSource(text, file)).Read();

    /// <summary>Makes a fresh machine that compares itself with the expectations while it runs.</summary>
    /// <param name="design">The sharing design of its kernel; of its own, too.</param>
    /// <param name="preemptRt">Whether its kernel is PREEMPT_RT; null for what the file says.</param>
    /// <param name="hasClock">Whether it has a clock.</param>
    public Machine Build(ISharingDesign design, bool? preemptRt = null, bool hasClock = false) =>
        Build(design, new World(hasClock), preemptRt);

    /// <summary>Makes a fresh machine in a host of the caller's.</summary>
    /// <param name="design">The sharing design of its kernel; of its own, too.</param>
    /// <param name="host">Where its actors are to live; empty yet.</param>
    /// <param name="preemptRt">Whether its kernel is PREEMPT_RT; null for what the file says.</param>
    public Machine Build(ISharingDesign design, IActorHost host, bool? preemptRt = null)
    {
        ScenarioRun run = new(this);
        return new Machine(Spec with { PreemptRt = preemptRt ?? Spec.PreemptRt }, design, host)
        {
            Ignored = Expectations.Ignored,
            AfterOperation = run.AfterOperation,
            AtEnd = run.AtEnd,
        };
    }

    /// <summary>Makes a fresh machine with more tasks than the scenario has, which expects nothing of them.</summary>
    /// <param name="design">The sharing design of its kernel; of its own, too.</param>
    /// <param name="host">Where its actors are to live; empty yet.</param>
    /// <param name="more">The tasks.</param>
    /// <param name="preemptRt">Whether its kernel is PREEMPT_RT; null for what the file says.</param>
    public Machine Build(ISharingDesign design, IActorHost host, IEnumerable<TaskSpec> more, bool? preemptRt = null)
    {
        ScenarioRun run = new(this);
        MachineSpec spec = Spec with { PreemptRt = preemptRt ?? Spec.PreemptRt, Tasks = [.. Spec.Tasks, .. more] };
        return new Machine(spec, design, host)
        {
            Ignored = Expectations.Ignored,
            AtEnd = run.AtEnd,
            AfterOperation = (machine, task, op, result) =>
            {
                if (task.Index < Tasks.Count)
                {
                    run.AfterOperation(machine, task, op, result);
                }
            },
        };
    }

    /// <summary>Makes a fresh machine in a host, with all that judges its run.</summary>
    /// <param name="design">The sharing design of its kernel; of its own, too.</param>
    /// <param name="host">Where its actors are to live; empty yet.</param>
    /// <param name="preemptRt">Whether its kernel is PREEMPT_RT; null for what the file says.</param>
    public Subject SubjectIn(IActorHost host, ISharingDesign design, bool? preemptRt = null) =>
        Subject.Of(Build(design, host, preemptRt), CheckSharing);

    internal string Place(int line) => FormattableString.Invariant($"{File}:{line}");

    private void CheckSharing(Machine machine, RunEnd end)
    {
        if (Expectations.Sharing == SharingExpectation.Never && machine.Shared > 0)
        {
            machine.Report(Property.Expectations, "two events share a counter; expected: sharing never");
        }
    }
}
