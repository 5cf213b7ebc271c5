using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The choices that the thread weighs and that a design can take otherwise: words after its name, each with a plus sign before it.</summary>
/// <param name="Design">The design's name with the choices that it takes by itself.</param>
/// <param name="Words">The words that may follow it, in the order in which its name has them.</param>
/// <param name="Make">Makes the design, asking of each word whether it was said.</param>
internal sealed record DesignChoices(string Design, IReadOnlyList<string> Words, Func<Func<string, bool>, ISharingDesign> Make)
{
    public const string WholeAttr = "whole-attr";
    public const string FourFields = "four-fields";
    public const string SamplingTest = "sampling-test";
    public const string CgroupCheck = "cgroup-check";
    public const string ToTheLetter = "to-the-letter";
    public const string SingleMaster = "single-master";

    /// <summary>What a word changes.</summary>
    public static string About(string word) => word switch
    {
        WholeAttr => "compares the whole attr («Maybe we should memcmp the two attr?», Song Liu, 31 Oct 2019)",
        FourFields => "compares type, config, config1 and config2, as posted in September 2019",
        SamplingTest => "asks is_sampling_event() who may share («why is is_sampling_event() not usable?», Peter Zijlstra, 31 Oct 2019)",
        CgroupCheck => "has the cgroup block of __perf_install_in_context() back («Why is this removed?», Peter Zijlstra, 31 Oct 2019)",
        ToTheLetter => "leaves the sketch's blanks blank",
        SingleMaster => "no event of a group may be master («would be a good start», Song Liu, 6 Nov 2019)",
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "no such choice"),
    };

    /// <summary>A design's name with the choices that it took otherwise.</summary>
    public static string Name(string design, params ReadOnlySpan<(bool Taken, string Word)> choices)
    {
        foreach ((bool taken, string word) in choices)
        {
            design += taken ? "+" + word : "";
        }

        return design;
    }
}
