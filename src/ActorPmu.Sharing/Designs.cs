using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The sharing designs that come with the tool.</summary>
/// <remarks>
/// Where the thread leaves a choice, a design takes one, and the other is a word after a plus sign: <c>v6+cgroup-check</c>,
/// <c>v6+whole-attr+sampling-test</c>.
/// </remarks>
public static class Designs
{
    private static readonly Func<ISharingDesign>[] Factories =
    [
        () => new NoSharing(),
        () => new V6(),
        () => new V6Atomic(),
        () => new V6AllocInIpi(),
        () => new V6AllocInInstall(),
        () => new RealMaster(),
        () => new LargestScope(),
        () => new FirstActive(),
        () => new ActiveNotCounting(),
        () => new V7(),
        () => new V8(),
        () => new V9(),
        () => new V10(),
        () => new V11(),
        () => new V12(),
        () => new V13(),
        () => new Handover(),
    ];

    private static readonly SortedDictionary<string, string> Choices = new(StringComparer.Ordinal)
    {
        [WholeAttr] = "compares the whole attr («Maybe we should memcmp the two attr?», Song Liu, 31 Oct 2019)",
        [FourFields] = "compares type, config, config1 and config2, as v6 does",
        [SamplingTest] = "asks is_sampling_event() who may share («why is is_sampling_event() not usable?», Peter Zijlstra, 31 Oct 2019)",
        [CgroupCheck] = "has the cgroup block of __perf_install_in_context() back («Why is this removed?», Peter Zijlstra, 31 Oct 2019)",
        [ToTheLetter] = "leaves the sketch's blanks blank",
        [SingleMaster] = "no event of a group may be master («would be a good start», Song Liu, 6 Nov 2019)",
    };

    private static readonly Variable[] Variables =
    [
        new("v6", [WholeAttr, SamplingTest, CgroupCheck], said => new V6(
            said(WholeAttr) ? AttrComparison.WholeAttr : AttrComparison.FourFields,
            said(SamplingTest) ? SharingTest.IsSamplingEvent : SharingTest.SampleType,
            said(CgroupCheck))),
        new("real-master", [WholeAttr, ToTheLetter], said => new RealMaster(
            said(WholeAttr) ? AttrComparison.WholeAttr : AttrComparison.FourFields, said(ToTheLetter))),
        new("largest-scope", [FourFields], _ => new LargestScope(AttrComparison.FourFields)),
        new("first-active", [FourFields, SingleMaster], said => new FirstActive(
            said(FourFields) ? AttrComparison.FourFields : AttrComparison.WholeAttr, groupsMayOwn: !said(SingleMaster))),
        new("active-not-counting", [FourFields, SingleMaster], said => new ActiveNotCounting(
            said(FourFields) ? AttrComparison.FourFields : AttrComparison.WholeAttr, groupsMayLead: !said(SingleMaster))),
    ];

    internal const string WholeAttr = "whole-attr";
    internal const string FourFields = "four-fields";
    internal const string SamplingTest = "sampling-test";
    internal const string CgroupCheck = "cgroup-check";
    internal const string ToTheLetter = "to-the-letter";
    internal const string SingleMaster = "single-master";

    /// <summary>Makes one of each, in the order of reports, with the choice that it takes by itself. A machine needs one of its own.</summary>
    public static IReadOnlyList<Func<ISharingDesign>> All => Factories;

    /// <summary>The designs with one other choice each: what makes it, and what it does otherwise.</summary>
    public static IReadOnlyList<(Func<ISharingDesign> Make, string About)> Variants { get; } =
        [.. Variables.SelectMany(v => v.Words.Select(word => ((Func<ISharingDesign>)(() => v.Make(said => said == word)), Choices[word])))];

    /// <summary>What makes the design of that name, or null.</summary>
    /// <param name="name">The name in flags, files and reports, with the choices after it in any order.</param>
    public static Func<ISharingDesign>? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Array.Find(Factories, f => f().Name == name) is { } plain)
        {
            return plain;
        }

        string[] words = name.Split('+');
        return Array.Find(Variables, v => v.Design == words[0]) is { } variable
            && words.Skip(1).All(variable.Words.Contains) && words.Distinct().Count() == words.Length
            ? () => variable.Make(words.Contains)
            : null;
    }

    /// <summary>A design's name with the choices that it took otherwise.</summary>
    internal static string Named(string design, params ReadOnlySpan<(bool Taken, string Word)> choices)
    {
        foreach ((bool taken, string word) in choices)
        {
            design += taken ? "+" + word : "";
        }

        return design;
    }

    private sealed record Variable(string Design, string[] Words, Func<Func<string, bool>, ISharingDesign> Make);
}
