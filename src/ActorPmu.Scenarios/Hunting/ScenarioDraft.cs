namespace ActorPmu.Scenarios;

/// <summary>A scenario in parts that can be taken away: what is made up and made smaller. Written by <see cref="DraftText"/>, then read like any file.</summary>
/// <param name="Machine">The keys of the machine.</param>
/// <param name="Cgroups">Paths of cgroups, parents first.</param>
/// <param name="Work">What a unit of work does: events and numbers.</param>
/// <param name="KernelWork">What a unit of the kernel's own work does; empty for nothing.</param>
/// <param name="Tasks">The tasks.</param>
/// <param name="Injections">Interrupts from outside: each kind with its keys.</param>
/// <param name="Expect">Expectations other than properties to ignore: each kind with its keys.</param>
/// <param name="Ignore">Names of properties that are not looked at.</param>
public sealed record ScenarioDraft(
    IReadOnlyList<DraftField> Machine,
    IReadOnlyList<string> Cgroups,
    IReadOnlyList<DraftField> Work,
    IReadOnlyList<DraftField> KernelWork,
    IReadOnlyList<DraftTask> Tasks,
    IReadOnlyList<DraftStep> Injections,
    IReadOnlyList<DraftStep> Expect,
    IReadOnlyList<string> Ignore)
{
    /// <summary>The number of operations of all tasks together.</summary>
    public int Operations => Tasks.Sum(t => t.Steps.Count);
}

/// <summary>A task of a draft.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cpu">Where it starts.</param>
/// <param name="Cgroup">Its cgroup; null for the root.</param>
/// <param name="Forked">Whether somebody forks it.</param>
/// <param name="Work">What its unit of work does; empty for the scenario's.</param>
/// <param name="Steps">What it does.</param>
public sealed record DraftTask(
    string Name, int Cpu, string? Cgroup, bool Forked, IReadOnlyList<DraftField> Work, IReadOnlyList<DraftStep> Steps);

/// <summary>One operation, injection or expectation of a draft.</summary>
/// <param name="Name">The word of scenario files.</param>
/// <param name="Fields">Its arguments.</param>
public sealed record DraftStep(string Name, IReadOnlyList<DraftField> Fields)
{
    /// <summary>The value of an argument, or null when it is not given.</summary>
    /// <param name="key">The argument.</param>
    public string? Value(string key) => Fields.FirstOrDefault(f => f.Key == key)?.Value;
}

/// <summary>A key with a value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value as files write it; empty for a flag.</param>
public sealed record DraftField(string Key, string Value = "");
