using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>How cells are run where a claim says nothing.</summary>
/// <param name="SchedulesMax">The bound on schedules of one scenario under one kernel.</param>
/// <param name="StepsMax">The bound on the steps of a schedule.</param>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="Exhaustive">The strategy that may end with a proof, tried where chance has found nothing.</param>
/// <param name="ExhaustiveMax">How many schedules that may take; 0 for not to try.</param>
/// <param name="Properties">What a claim of kind holds looks at.</param>
public sealed record MatrixBounds(long SchedulesMax, long StepsMax, ulong Seed, string Exhaustive, long ExhaustiveMax, IReadOnlySet<Property> Properties)
{
    /// <summary>The strategies by which a scenario is searched, one after the other, each up to the bound; one or more.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = ["random"];
}

/// <summary>The claims that designs are held against. Immutable.</summary>
/// <remarks>Read from a YAML file; the one of the tool is <c>config/matrix.yaml</c>.</remarks>
public sealed class Matrix
{
    internal Matrix(string file, MatrixBounds bounds, IReadOnlyList<string> variants, IReadOnlyList<Claim> claims, IReadOnlyList<CostQuantity> costs)
    {
        File = file;
        Bounds = bounds;
        Variants = variants;
        Claims = claims;
        Costs = costs;
    }

    /// <summary>The file of the tool, seen from the top of the repository.</summary>
    public const string OfTheTool = "config/matrix.yaml";

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>How cells are run.</summary>
    public MatrixBounds Bounds { get; }

    /// <summary>Designs with a choice of the thread's taken otherwise, which are held against it besides those that there are.</summary>
    public IReadOnlyList<string> Variants { get; }

    /// <summary>The rows in the order of the file.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>The columns of the table of costs.</summary>
    public IReadOnlyList<CostQuantity> Costs { get; }

    /// <summary>A claim with its scenarios on another machine, but for those that cannot be run there; it may have none then.</summary>
    /// <param name="claim">The claim. One of costs stays as it is.</param>
    /// <param name="profile">A profile; null for the scenarios' own. What a scenario expects is meant for its own, and not looked at on this.</param>
    /// <param name="preemptRt">Whether the kernel is PREEMPT_RT; null for what each claim says.</param>
    public static Claim On(Claim claim, ProfileChoice? profile, bool? preemptRt)
    {
        if (claim is not ExploredClaim explored || (profile is null && preemptRt is null))
        {
            return claim;
        }

        return profile is not null && On(explored, profile, preemptRt) is HoldsClaim holds
            ? holds with { Properties = new SortedSet<Property>(holds.Properties.Where(p => p != Property.Expectations)) }
            : On(explored, profile, preemptRt);
    }

    private static ExploredClaim On(ExploredClaim claim, ProfileChoice? profile, bool? preemptRt)
    {
        List<InputError> leftOut = [.. claim.LeftOut];
        return claim with
        {
            Profile = profile?.Name ?? claim.Profile,
            Scenarios = PortedScenario.Those(claim.Scenarios, profile, null, null, leftOut),
            LeftOut = leftOut,
            PreemptRt = preemptRt is { } rt ? [rt] : claim.PreemptRt,
        };
    }

    /// <summary>Reads a matrix from a file. Its scenarios are in the directory <c>scenarios</c> beside it, or in another that a name begins with; its programs in <c>costs</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputError">There is no such file, it is no matrix, or a scenario that it names is none.</exception>
    public static Matrix Load(string path) => Parse(InputFile.Text(path), path);

    /// <summary>Reads a matrix from a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file for messages; its directory is where scenarios and programs are looked for.</param>
    /// <exception cref="InputError">It is no matrix, or a scenario that it names is none.</exception>
    public static Matrix Parse(string text, string file) =>
        new MatrixReader(new YamlSource(text, file, "claims:"), Path.GetDirectoryName(file) ?? "").Read();
}
