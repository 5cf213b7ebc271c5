using ActorPmu.Explorer;

namespace ActorPmu.Scenarios;

/// <summary>How often the generator does what: all numbers of its grammar.</summary>
internal static class HuntWeights
{
    /// <summary>The number of small scenarios at the beginning of a hunt, and of those that come before the largest.</summary>
    public const long SmallUntil = 32, MiddleUntil = 128;

    /// <summary>Small, middle and large scenarios after the beginning.</summary>
    public static readonly int[] Sizes = [3, 4, 2];

    /// <summary>For each size: the least and the greatest number of tasks, and of operations for each of them.</summary>
    public static readonly (int TasksMin, int TasksMax, int StepsMin, int StepsMax)[] Bounds = [(1, 2, 3, 6), (2, 3, 4, 8), (2, 4, 6, 13)];

    /// <summary>Hardware.</summary>
    public static readonly (string Profile, int Weight)[] Profiles = [("tiny", 10), ("skl-ht", 5), ("zen", 1), ("a57+a53", 1)];

    /// <summary>Trees of cgroups.</summary>
    public static readonly (string[] Tree, int Weight)[] Cgroups = [(["a"], 3), (["a", "b"], 3), (["a", "a/b"], 4), (["a", "a/b", "c"], 1)];

    /// <summary>The chance in 100 that a scenario uses a feature.</summary>
    public static int Chance(HuntFeature feature) => feature switch
    {
        HuntFeature.Close or HuntFeature.EnableDisable => 60,
        HuntFeature.TaskEvents or HuntFeature.Disabled => 45,
        HuntFeature.Yield or HuntFeature.Mux => 40,
        HuntFeature.CgroupEvents or HuntFeature.Groups or HuntFeature.OtherClasses or HuntFeature.BlindEye => 30,
        HuntFeature.Inherit or HuntFeature.Fork or HuntFeature.Migrate or HuntFeature.Pinned => 25,
        HuntFeature.Watchdog or HuntFeature.RemoveCgroup or HuntFeature.Prctl or HuntFeature.SoftwareEvents => 7,
        HuntFeature.PreemptRt or HuntFeature.AllocationFailures or HuntFeature.Frequency or HuntFeature.TakingTurns => 10,
        HuntFeature.ManyPmis or HuntFeature.StrongMemory => 50,
        HuntFeature.PmiStorms or HuntFeature.OffAndOn => 15,
        _ => 18,
    };

    /// <summary>The weight of an operation when a scenario may use it.</summary>
    public static int Operation(string operation) => operation switch
    {
        "open" => 26,
        "work" => 22,
        "read" => 18,
        "close" => 9,
        "disable" or "enable" or "off-and-on" => 8,
        "yield" => 7,
        "fork" => 7,
        "migrate" or "move-cgroup" => 6,
        "reset" or "refresh" or "period" or "exec" or "read-local" => 4,
        "migrate-context" or "offline" => 3,
        _ => 2,
    };

    /// <summary>In a storm: the most events that NMIs read, and the least and the greatest number of NMIs for each, about as many as a run has steps.</summary>
    public const int StormEventsMax = 2, StormTimesMin = 150, StormTimesMax = 400;

    /// <summary>One of several, by weight.</summary>
    public static T Pick<T>(SeededRandom random, IReadOnlyList<(T Item, int Weight)> from)
    {
        int at = random.Next(from.Sum(f => f.Weight));
        foreach ((T item, int weight) in from)
        {
            at -= weight;
            if (at < 0)
            {
                return item;
            }
        }

        throw new InvalidOperationException("weights are above 0");
    }
}
