using System.Globalization;
using ActorPmu.Explorer;
using static ActorPmu.Scenarios.ScenarioGenerator;

namespace ActorPmu.Scenarios;

/// <summary>Makes one <c>open</c> up.</summary>
internal sealed class OpenMaker(
    SeededRandom random, Func<HuntFeature, bool> has, IReadOnlyList<string> classes, IReadOnlyList<string> cgroups, int cpus,
    IReadOnlyList<string> others)
{
    private static readonly string[] Software = ["context-switches", "cpu-migrations", "cpu-clock", "task-clock", "dummy"];

    public (DraftStep Step, Opened Opened) Make(string name, IReadOnlyList<Opened> leaders)
    {
        Opened? leader = has(HuntFeature.Groups) && leaders.Count > 0 && Chance(50) ? leaders[random.Next(leaders.Count)] : null;
        IReadOnlyList<DraftField> target = leader?.Target ?? Target();
        bool software = has(HuntFeature.SoftwareEvents) && Chance(30);
        List<DraftField> fields = [new("fd", name), new("event", software ? Software[random.Next(Software.Length)] : Class())];
        fields.AddRange(target);
        bool inherits = leader?.Inherits ?? (has(HuntFeature.Inherit) && Chance(70));
        Flag(fields, inherits, "inherit");
        Flag(fields, inherits && has(HuntFeature.InheritStat) && Chance(60), "inherit-stat");
        if (leader is null)
        {
            Flag(fields, has(HuntFeature.Pinned) && Chance(40), "pinned");
            Flag(fields, has(HuntFeature.Exclusive) && Chance(30), "exclusive");
        }
        else
        {
            fields.Add(new DraftField("group", leader.Name));
        }

        bool onExec = has(HuntFeature.EnableOnExec) && Chance(40);
        Flag(fields, onExec || (has(HuntFeature.Disabled) && Chance(35)), "disabled");
        Flag(fields, onExec, "enable-on-exec");
        if (has(HuntFeature.Excludes) && Chance(40))
        {
            fields.Add(new DraftField("exclude", Chance(60) ? "kernel" : "user"));
        }

        bool samples = !software && Sampling(fields);
        if (has(HuntFeature.ReadFormats) && Chance(60))
        {
            fields.Add(new DraftField("read-format", Chance(50) ? "[enabled, running]" : "[enabled, running, group]"));
        }

        return (new DraftStep("open", fields), new Opened(name, target, leader is null, samples, inherits));
    }

    /// <summary>One of the task that opens it and of all its children, with a count of each.</summary>
    public (DraftStep Step, Opened Opened) MakeInherited(string name)
    {
        List<DraftField> fields = [new("fd", name), new("event", Class()), new("inherit"), new("inherit-stat")];
        return (new DraftStep("open", fields), new Opened(name, [], CanLead: false, Samples: false, Inherits: true));
    }

    private bool Sampling(List<DraftField> fields)
    {
        if (has(HuntFeature.Frequency) && Chance(40))
        {
            fields.Add(new DraftField("freq", "400"));
            return true;
        }

        if (has(HuntFeature.Sampling) && Chance(40))
        {
            fields.Add(new DraftField("sample-period", Number(2 + random.Next(6))));
            return true;
        }

        return false;
    }

    // Most events are of one class: that is when they share.
    private string Class() => classes.Count == 1 || Chance(60) ? classes[0] : classes[1 + random.Next(classes.Count - 1)];

    private List<DraftField> Target()
    {
        List<(Func<List<DraftField>> Make, int Weight)> kinds = [(() => [Cpu(), new("task", "any")], 6)];
        if (has(HuntFeature.TaskEvents))
        {
            kinds.Add((() => [], 6));
        }

        if (has(HuntFeature.TaskOnCpuEvents))
        {
            kinds.Add((() => [Cpu()], 3));
        }

        if (has(HuntFeature.OtherTasksEvents) && others.Count > 0)
        {
            kinds.Add((() => [new("task", others[random.Next(others.Count)])], 4));
        }

        if (has(HuntFeature.CgroupEvents) && cgroups.Count > 0)
        {
            kinds.Add((() => [Cpu(), new("cgroup", cgroups[random.Next(cgroups.Count)])], 7));
        }

        return HuntWeights.Pick(random, kinds)();
    }

    // The first processor more often than the others, so that events meet.
    private DraftField Cpu() => new("cpu", Number(Chance(60) ? 0 : random.Next(cpus)));

    private bool Chance(int percent) => random.Next(100) < percent;

    private static void Flag(List<DraftField> fields, bool set, string key)
    {
        if (set)
        {
            fields.Add(new DraftField(key));
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
