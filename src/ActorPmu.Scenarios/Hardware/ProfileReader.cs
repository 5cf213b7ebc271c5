using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>Reads a hardware profile: a file of <c>config/profiles</c>, or a map in a scenario.</summary>
internal sealed class ProfileReader(YamlSource source)
{
    /// <summary>The most CPUs that a machine may have, so the highest number in <c>cpus</c> is one less.</summary>
    private const int CpusMax = 64;

    private static readonly string[] PmuKeys =
        ["name", "assignment", "cpus", "general", "width", "period-min", "fixed", "constraints", "events"];

    private static readonly (string Name, CounterAssignment Assignment)[] Assignments =
        [("x86", CounterAssignment.X86Solver), ("arm", CounterAssignment.ArmFirstFree)];

    /// <summary>The profile that a scenario or workload names, or writes out.</summary>
    /// <param name="item">The value of its key <c>profile</c>.</param>
    /// <exception cref="InputError">There is no such profile, or the map is none.</exception>
    public HardwareProfile NamedOrOwn(YamlItem item)
    {
        if (item is YamlMap)
        {
            return Read(item, "own", "written in the scenario");
        }

        string name = Fields.Text(source, item, "profile");
        return Profiles.Find(name)
            ?? throw source.Error(item, $"there is no profile \"{name}\"", KnownNames.Advice(name, Profiles.Names));
    }

    /// <summary>The profile that a map describes.</summary>
    /// <param name="item">The map.</param>
    /// <param name="name">What the profile is called, unless it says so itself.</param>
    /// <param name="about">One sentence about it.</param>
    /// <exception cref="InputError">It is no profile.</exception>
    public HardwareProfile Read(YamlItem item, string name, string about)
    {
        FileKind.Check(source, item, FileKind.Profile);
        Fields top = new(source, item, "a profile", ["pmus", "name"]);
        YamlItem list = top.Required("pmus", "[ { name: cpu, assignment: x86, general: 4, events: { cycles: 0x3c } } ]");
        List<PmuProfile> pmus = [];
        foreach (YamlItem pmu in Fields.List(source, list, "pmus"))
        {
            PmuProfile read = Pmu(pmu);
            if (pmus.Exists(p => p.Name == read.Name))
            {
                throw source.Error(pmu, $"there are two PMUs called {read.Name}", "give one of them another name");
            }

            pmus.Add(read);
        }

        // The identifiers of PMU actors leave room for this many on one processor.
        const int PmusMax = 3;
        return pmus.Count switch
        {
            0 => throw source.Error(list, "there are no PMUs", "write at least one"),
            > PmusMax => throw source.Error(
                list, FormattableString.Invariant($"there are {pmus.Count} PMUs"), FormattableString.Invariant($"write at most {PmusMax}")),
            _ => new HardwareProfile(top.OptionalText("name") ?? name, about, pmus),
        };
    }

    private PmuProfile Pmu(YamlItem item)
    {
        Fields f = new(source, item, "a PMU", PmuKeys);
        string assignment = Fields.OneOf(source, f.Required("assignment", "x86"), "assignment", [.. Assignments.Select(a => a.Name)]);
        int width = (int)f.Number("width", 48, 2, 64);
        PmuProfile pmu = new(
            f.Text("name", "cpu"),
            Array.Find(Assignments, a => a.Name == assignment).Assignment,
            (int)Fields.Number(source, f.Required("general", "4"), "general", 0, FixedCounter.FirstIndex),
            [.. f.List("fixed").Select(i => Fixed(i, width))],
            width,
            [.. f.List("constraints").Select(Constraint)],
            Codes(f.Required("events", "{ cycles: 0x3c }")),
            [.. f.List("cpus").Select(i => (int)Fields.Number(source, i, "cpu", 0, CpusMax - 1))],
            (int)f.Number("period-min", 1, 1, int.MaxValue));
        return pmu.Problem() is { } problem
            ? throw source.Error(item, problem.TrimEnd('.'), "correct the PMU")
            : pmu;
    }

    private FixedCounter Fixed(YamlItem item, int width)
    {
        Fields f = new(source, item, "a fixed counter", ["name", "code", "general-too", "width"]);
        return new FixedCounter(
            f.Text("name", "cycles"), Code(f.Required("code", "0x3c"), "code"), f.Flag("general-too"), (int)f.Number("width", width, 2, 64));
    }

    private EventConstraint Constraint(YamlItem item)
    {
        Fields f = new(source, item, "a constraint", ["event", "code", "raw", "general", "fixed", "overlap"]);
        (string Key, uint Mask)[] kinds =
            [("event", EventConstraint.EventOnly), ("code", EventConstraint.EventAndUnit), ("raw", EventConstraint.RawEvent)];
        (string Key, uint Mask)[] given = [.. kinds.Where(kind => f.Has(kind.Key))];
        if (given.Length != 1)
        {
            throw source.Error(
                item, "a constraint is on event (the select byte), code (with the unit mask) or raw (with edge, invert and counter mask)",
                "write one of the three, like { event: 0xd0-0xd2, general: 0xf }");
        }

        (string key, uint mask) = given[0];
        (uint first, uint last) = Range(f.Optional(key)!, key, mask);
        ulong counters = Mask(f, "general") | (Mask(f, "fixed") << FixedCounter.FirstIndex);
        return counters == 0
            ? throw source.Error(item, "the constraint leaves no counter", "write general: 0xf, or fixed: 0x1")
            : new EventConstraint(first, last, mask, counters, f.Flag("overlap"));
    }

    private ulong Mask(Fields f, string key) => f.Unsigned(key) is var mask && mask <= uint.MaxValue
        ? mask
        : throw source.Error(f.Optional(key)!, $"{key} names more than 32 counters", "write a mask of 32 bits at most");

    private (uint First, uint Last) Range(YamlItem item, string key, uint mask)
    {
        string[] ends = Fields.Text(source, item, key).Split('-', StringSplitOptions.TrimEntries);
        uint[] codes = [.. ends.Select(end => Code(new YamlScalar(item.Line, item.Column, end, true), key))];
        (uint first, uint last) = (codes[0], codes[^1]);
        return codes.Length <= 2 && first <= last && (last & ~mask) == 0
            ? (first, last)
            : throw source.Error(
                item, $"{key} is a code or a range of codes, within 0x{mask:x}, not {item.Kind}", "write it like 0xd0, or 0xd0-0xd2");
    }

    private OrderedDictionary<string, uint> Codes(YamlItem item)
    {
        if (item is not YamlMap { Entries: { Count: > 0 } entries })
        {
            throw source.Error(item, $"events is a map of names and codes, not {item.Kind}", "write events: { cycles: 0x3c }");
        }

        OrderedDictionary<string, uint> codes = new(StringComparer.Ordinal);
        foreach ((YamlScalar name, YamlItem code) in entries)
        {
            codes.Add(name.Text, Code(code, name.Text));
        }

        return codes;
    }

    private uint Code(YamlItem item, string what) => Fields.Unsigned(source, item, what) is var code && code <= uint.MaxValue
        ? (uint)code
        : throw source.Error(item, $"{what} has more than 32 bits", "write a code like 0x3c");
}
