using System.Globalization;
using System.Text;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A scenario with a number of events to be chosen, and operations in it that are measured.</summary>
/// <remarks>
/// A scenario file in which a line that ends with <c># each</c> stands for n lines, <c>@</c> in it being 0, 1, …, and an operation whose line
/// ends with <c># measure NAME</c> is measured: from the end of the task's operation before it to its own end.
/// </remarks>
public sealed class CostProgram
{
    private const string Each = "# each";
    private const string Measure = "# measure ";

    // What a step costs the simulation, in looks.
    private const long StepPrice = 40;

    // A size that would take more than this is left out; some seconds.
    private const double BudgetMax = 150e6;

    private readonly string[] _lines;

    private CostProgram(string file, string text)
    {
        File = file;
        Name = Path.GetFileNameWithoutExtension(file);
        _lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Operations = [.. _lines.Select(OperationOf).OfType<string>()];
    }

    /// <summary>Its name: that of its file without the extension.</summary>
    public string Name { get; }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>The measured operations in the order of the file.</summary>
    public IReadOnlyList<string> Operations { get; }

    /// <summary>Reads a program from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputError">There is no such file, or it is none: nothing is repeated or measured, or it is no scenario.</exception>
    public static CostProgram Load(string path)
    {
        CostProgram program = new(path, InputFile.Text(path));
        if (program.Operations.Count == 0 || !Array.Exists(program._lines, IsEach))
        {
            throw new InputError(
                path, 0, 0, "nothing is repeated, or nothing is measured",
                $"end a line with {Each}, and the line of an operation with {Measure}NAME");
        }

        program.With(1);
        return program;
    }

    /// <summary>Whether a text has lines that are repeated for each event.</summary>
    /// <param name="text">The text.</param>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.Exists(text.ReplaceLineEndings("\n").Split('\n'), IsEach);
    }

    /// <summary>The scenario with n events.</summary>
    /// <param name="n">1 or more.</param>
    /// <exception cref="InputError">It is no scenario.</exception>
    public Scenario With(int n)
    {
        StringBuilder text = new();
        foreach (string line in _lines)
        {
            for (int i = 0; i < (IsEach(line) ? n : 1); i++)
            {
                text.Append(IsEach(line) ? line.Replace("@", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : line).Append('\n');
            }
        }

        return Scenario.Parse(text.ToString(), File);
    }

    /// <summary>Measures all operations at all sizes that can be paid for.</summary>
    /// <param name="design">Makes the design.</param>
    /// <param name="sizes">Numbers of events, ascending.</param>
    /// <param name="stepsMax">The bound on the steps of a run.</param>
    /// <returns>For each size run, the samples in the order of <see cref="Operations"/>; null for an operation that was not reached.</returns>
    public IReadOnlyList<(int N, IReadOnlyList<CostSample?> Samples)> Run(Func<ISharingDesign> design, IReadOnlyList<int> sizes, long stepsMax = 20_000_000)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(sizes);
        List<(int N, IReadOnlyList<CostSample?> Samples)> all = [];
        double before = 0;
        double last = 0;
        foreach (int n in sizes)
        {
            // What grew by a factor grows by it again: the choice depends on counts alone, and is the same on every machine.
            if (before > 0 && last * (last / before) > BudgetMax)
            {
                break;
            }

            (IReadOnlyList<CostSample?> samples, double price) = Run(design(), n, stepsMax);
            (before, last) = (last, price);
            all.Add((n, samples));
        }

        return all;
    }

    private (IReadOnlyList<CostSample?> Samples, double Price) Run(ISharingDesign design, int n, long stepsMax)
    {
        Scenario scenario = With(n);
        Machine machine = new(scenario.Spec, MeteredDesign.Around(design))
        {
            HaltOnViolation = false,
            ChecksInvariants = false,
        };
        machine.Costs.MeterDesign();
        CostWindow window = new(machine, MeasuredSteps(scenario));
        machine.AfterOperation = window.AfterOperation;
        machine.World.Run(new FirstChooser(), stepsMax);
        return (window.Samples, (machine.World.Steps * StepPrice) + (double)machine.Costs.Design!.Looks);
    }

    // In the order of the file, as Operations are.
    private static List<(ScriptStep? Before, ScriptStep Step)> MeasuredSteps(Scenario scenario)
    {
        string[] lines = scenario.Text.Split('\n');
        List<(ScriptStep? Before, ScriptStep Step)> measured = [];
        foreach (ScriptTask task in scenario.Tasks)
        {
            for (int i = 0; i < task.Steps.Count; i++)
            {
                if (OperationOf(lines[task.Steps[i].Line - 1]) is not null)
                {
                    measured.Add((i > 0 ? task.Steps[i - 1] : null, task.Steps[i]));
                }
            }
        }

        return [.. measured.OrderBy(m => m.Step.Line)];
    }

    private static bool IsEach(string line) => line.TrimEnd().EndsWith(Each, StringComparison.Ordinal);

    private static string? OperationOf(string line)
    {
        int at = line.LastIndexOf(Measure, StringComparison.Ordinal);
        return at < 0 ? null : line[(at + Measure.Length)..].Trim();
    }
}

/// <summary>Always takes the first way: one schedule, the same for every design and size.</summary>
public sealed class FirstChooser : IChooser
{
    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled) => 0;

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => 0;
}
