using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The sharing designs that come with the tool.</summary>
/// <remarks>
/// Where the thread leaves a choice, a design takes one, and the other is a word after the design's name and a plus sign
/// (<see cref="DesignChoices"/>).
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

    private static readonly DesignChoices[] Choices =
        [V6.Choices, RealMaster.Choices, LargestScope.Choices, FirstActive.Choices, ActiveNotCounting.Choices];

    /// <summary>Makes one of each, in the order of reports, with the choice that it takes by itself. A machine needs one of its own.</summary>
    public static IReadOnlyList<Func<ISharingDesign>> All => Factories;

    /// <summary>The designs with one other choice each: what makes it, and what it does otherwise.</summary>
    public static IReadOnlyList<(Func<ISharingDesign> Make, string About)> Variants { get; } =
        [.. Choices.SelectMany(c => c.Words.Select(word => ((Func<ISharingDesign>)(() => c.Make(said => said == word)), DesignChoices.About(word))))];

    /// <summary>The choices that a design can take otherwise: the words that may follow its name. None for a design that has none, or that there is not.</summary>
    /// <param name="design">The design's name without choices.</param>
    public static IReadOnlyList<string> ChoicesOf(string design) => Array.Find(Choices, c => c.Design == design)?.Words ?? [];

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
        return Array.Find(Choices, c => c.Design == words[0]) is { } choices
            && words.Skip(1).All(choices.Words.Contains) && words.Distinct().Count() == words.Length
            ? () => choices.Make(words.Contains)
            : null;
    }
}
