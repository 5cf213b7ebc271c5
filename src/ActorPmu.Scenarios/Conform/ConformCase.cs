namespace ActorPmu.Scenarios.Conform;

/// <summary>A recorded case: steps, and what a kernel answered to each.</summary>
/// <param name="Folder">The name of the folder that holds the file.</param>
/// <param name="Name">The name of the case, which is its file's.</param>
/// <param name="About">What it checks.</param>
/// <param name="Steps">The steps in order.</param>
public sealed record ConformCase(string Folder, string Name, string About, IReadOnlyList<RecordedStep> Steps)
{
    /// <summary>The name of the controlling task.</summary>
    public const string SelfTask = "self";

    /// <summary>The name of the root cgroup.</summary>
    public const string RootCgroup = "root";

    /// <summary>The variant that any design without recordings of its own is compared with.</summary>
    public const string PlainVariant = "plain";

    /// <summary>Folder and name: <c>cases_hw/hw_7_events</c>.</summary>
    public string Id => $"{Folder}/{Name}";

    /// <summary>The file as it was named to the reader.</summary>
    public required string File { get; init; }

    /// <summary>The words it is tagged with; empty when it has none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The kernel it was recorded on; null when <see cref="Kernels"/> says it.</summary>
    public string? RecordedOn { get; init; }

    /// <summary>The variants of the kernel that it was recorded on; empty when there is one recording.</summary>
    public IReadOnlyList<string> Kernels { get; init; } = [];

    /// <summary>Instructions in a unit of work where counts are units of instructions on a PMU; null where events have counts of their own.</summary>
    public long? UnitInstructions { get; init; }

    /// <summary>perf_event_mux_interval_ms of the recording, milliseconds; null where counters are not scarce.</summary>
    public long? MuxIntervalMs { get; init; }

    /// <summary>How far off numbers may be that come without a tolerance of their own; null where there are none.</summary>
    public ConformTolerance? Tolerance { get; init; }

    /// <summary>Fields that were left out because they varied.</summary>
    public IReadOnlyList<DroppedField> Dropped { get; init; } = [];

    /// <summary>What another kernel answered; null when it was not asked.</summary>
    public SecondKernel? SecondKernel { get; init; }

    /// <summary>Reads a case file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The case.</returns>
    /// <exception cref="ConformInputException">The file cannot be read or is not a case.</exception>
    public static ConformCase Load(string path)
    {
        string full = Path.GetFullPath(path);
        return ConformCaseReader.Read(path, Path.GetFileName(Path.GetDirectoryName(full)) ?? "", ConformFiles.ReadAllBytes(path));
    }

    /// <summary>The recordings that a design is compared with.</summary>
    /// <param name="design">The design's name, such as <c>none</c> or <c>v6</c>.</param>
    /// <returns>The design's own where there are some, else <see cref="PlainVariant"/>.</returns>
    public string VariantFor(string design) => Kernels.Contains(design) ? design : PlainVariant;
}

/// <summary>A step and what was recorded of it.</summary>
/// <param name="Index">0 for the first step.</param>
/// <param name="Line">Line of the file, 1 for the first.</param>
/// <param name="Text">The operation and its arguments as one line, in the file's words.</param>
/// <param name="Step">The operation.</param>
public sealed record RecordedStep(int Index, int Line, string Text, ConformStep Step)
{
    /// <summary>What the kernel answered, by variant; one with the empty name where all answered the same.</summary>
    public required IReadOnlyDictionary<string, Expectation> Expectations { get; init; }

    /// <summary>What one variant of the kernel answered.</summary>
    /// <param name="variant">The variant's name.</param>
    /// <returns>Its answer; <see cref="ConformCase.PlainVariant"/>'s where it has none of its own.</returns>
    public Expectation ExpectationFor(string variant) =>
        Expectations.TryGetValue("", out Expectation? same) ? same
        : Expectations.TryGetValue(variant, out Expectation? own) ? own
        : Expectations[ConformCase.PlainVariant];
}

/// <summary>A field that varied between the runs of the recording.</summary>
/// <param name="Step">Index of the step.</param>
/// <param name="Field">The field's name.</param>
/// <param name="Seen">What was seen, as JSON.</param>
public sealed record DroppedField(int Step, string Field, IReadOnlyList<string> Seen);

/// <summary>What another kernel answered to the same steps.</summary>
/// <param name="Kernel">Which.</param>
/// <param name="Agrees">Whether all answers were the same.</param>
/// <param name="Differs">Steps and fields with another answer.</param>
public sealed record SecondKernel(string Kernel, bool Agrees, IReadOnlyList<(int Step, string Field)> Differs);
