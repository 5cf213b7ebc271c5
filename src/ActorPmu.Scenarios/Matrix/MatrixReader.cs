using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios;

/// <summary>Reads a matrix file from top to bottom.</summary>
internal sealed class MatrixReader(YamlSource source, string directory)
{
    private static readonly string[] TopKeys = ["bounds", "variants", "claims", "costs"];
    private static readonly string[] BoundKeys = ["strategies", "schedules", "steps", "seed", "exhaustive", "exhaustive-schedules", "properties"];
    private static readonly string[] CommonKeys = ["id", "claim", "by", "date", "kind", "note"];
    private static readonly string[] ExploredKeys = ["scenarios", "except", "profile", "fine-grained", "memory", "rt", "schedules", "strategy"];
    private static readonly string[] QuantityKeys = ["program", "operation", "measure", "per", "sizes"];
    private static readonly int[] SizesUnlessSaid = [4, 16, 64, 256, 1_024, 4_096];

    // A new kind is one row here and one record in Claim.cs.
    private static readonly (string Kind, string[] Keys)[] Kinds =
    [
        ("holds", [.. CommonKeys, .. ExploredKeys, "properties"]),
        ("shares", [.. CommonKeys, .. ExploredKeys, "sharing", "counters"]),
        ("free", [.. CommonKeys, .. ExploredKeys]),
        ("cost", [.. CommonKeys, .. QuantityKeys, "at-most", "growth"]),
    ];

    private static readonly string[] AllKeys = [.. Kinds.SelectMany(k => k.Keys).Distinct()];

    // With a design's name and an ending it is the name of a file.
    private const int IdMax = 64;

    private static readonly string[] Memories = ["weak", "tso", "sc"];

    private readonly SortedDictionary<string, Scenario> _scenarios = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, CostProgram> _programs = new(StringComparer.Ordinal);

    public Matrix Read()
    {
        YamlItem tree = source.Tree();
        FileKind.Check(source, tree, FileKind.Matrix);
        Fields top = new(source, tree, "a matrix", TopKeys);
        MatrixBounds bounds = Bounds(top.Optional("bounds"));
        IReadOnlyList<string> variants = [.. top.List("variants").Select(Variant)];
        YamlItem list = top.Required("claims", "[ { id: …, claim: …, … } ]");
        List<Claim> claims = [];
        foreach (YamlItem item in Fields.List(source, list, "claims"))
        {
            Claim claim = Claim(item, bounds);
            if (claims.Exists(c => c.Id == claim.Id))
            {
                throw source.Error(new Fields(source, item, "a claim", AllKeys).Required("id", "T-01"), $"claim {claim.Id} is here twice", "give one of them another id");
            }

            claims.Add(claim);
        }

        List<CostQuantity> costs = [.. top.List("costs").Select(CostColumn)];
        return claims.Count > 0 ? new Matrix(source.File, bounds, variants, claims, costs) : throw source.Error(list, "there are no claims", "write at least one");
    }

    private string Variant(YamlItem item)
    {
        string name = Fields.Text(source, item, "a variant");
        return Designs.Find(name)?.Invoke().Name
            ?? throw source.Error(
                item, $"no design is called \"{name}\"",
                DesignNames.Advice(name) ?? KnownNames.Advice(name, [.. Designs.Variants.Select(v => v.Make().Name)]));
    }

    private MatrixBounds Bounds(YamlItem? item)
    {
        SortedSet<Property> all = [.. Properties.All.Select(p => p.Property)];
        MatrixBounds unless = new(200, 20_000, 1, "dfs", 1_000, all);
        if (item is null)
        {
            return unless;
        }

        Fields f = new(source, item, "the bounds", BoundKeys);
        return new MatrixBounds(
            f.Number("schedules", unless.SchedulesMax, 1, int.MaxValue),
            f.Number("steps", unless.StepsMax, 1, int.MaxValue),
            f.Unsigned("seed", unless.Seed),
            f.Optional("exhaustive") is { } strategy
                ? Fields.OneOf(source, strategy, "strategy", [.. Strategies.All.Select(known => known.Name)], "strategy")
                : unless.Exhaustive,
            f.Number("exhaustive-schedules", unless.ExhaustiveMax, 0, int.MaxValue),
            PropertiesOf(f, all))
        {
            Strategies = f.Words("strategies", [.. Strategies.All.Select(known => known.Name)], "strategy") is { Count: > 0 } words
                ? [.. words.Select(w => w.Word)]
                : unless.Strategies,
        };
    }

    private Claim Claim(YamlItem item, MatrixBounds bounds)
    {
        Fields any = new(source, item, "a claim", AllKeys);
        string kind = Fields.OneOf(source, any.Required("kind", "holds"), "kind", [.. Kinds.Select(k => k.Kind)]);
        Fields f = new(source, item, $"a claim of kind {kind}", Array.Find(Kinds, k => k.Kind == kind).Keys);
        List<InputError> leftOut = [];
        return kind switch
        {
            "holds" => new HoldsClaim
            {
                Id = Id(f), Text = f.Text("claim", "\"a sentence\""), By = f.Text("by", "Song Liu"), Date = Date(f), Note = f.OptionalText("note"),
                Scenarios = Scenarios(f, leftOut), LeftOut = leftOut, Profile = Profile(f), PreemptRt = Kernels(f), SchedulesMax = Schedules(f, bounds),
                Strategy = Strategy(f),
                Properties = PropertiesOf(f, bounds.Properties),
            },
            "free" => new FreeClaim
            {
                Id = Id(f), Text = f.Text("claim", "\"a sentence\""), By = f.Text("by", "Song Liu"), Date = Date(f), Note = f.OptionalText("note"),
                Scenarios = Scenarios(f, leftOut), LeftOut = leftOut, Profile = Profile(f), PreemptRt = Kernels(f), SchedulesMax = Schedules(f, bounds),
                Strategy = Strategy(f),
            },
            "cost" => Cost(f),
            _ => Shares(f, bounds, leftOut),
        };
    }

    private SharesClaim Shares(Fields f, MatrixBounds bounds, List<InputError> leftOut)
    {
        if (!f.Has("sharing") && !f.Has("counters"))
        {
            throw source.Error(f.Item, "a claim of kind shares says neither \"sharing\" nor \"counters\"", "write sharing: sometimes, or counters: 5, or both");
        }

        return new SharesClaim
        {
            Id = Id(f), Text = f.Text("claim", "\"a sentence\""), By = f.Text("by", "Song Liu"), Date = Date(f), Note = f.OptionalText("note"),
            Scenarios = Scenarios(f, leftOut), LeftOut = leftOut, Profile = Profile(f), PreemptRt = Kernels(f), SchedulesMax = Schedules(f, bounds),
            Strategy = Strategy(f),
            Sharing = f.Optional("sharing") switch
            {
                null => SharingExpectation.Unsaid,
                { } word => Fields.OneOf(source, word, "sharing", ["sometimes", "never"]) == "never"
                    ? SharingExpectation.Never
                    : SharingExpectation.Sometimes,
            },
            Counters = f.Optional("counters") is { } counters ? ExpectReader.Range(source, counters) : null,
        };
    }

    private CostClaim Cost(Fields f)
    {
        if (!f.Has("at-most") && !f.Has("growth"))
        {
            throw source.Error(f.Item, "a claim of kind cost says neither \"at-most\" nor \"growth\"", "write at-most: 1, or growth: constant, or both");
        }

        string id = Id(f);
        return new CostClaim
        {
            Id = id, Text = f.Text("claim", "\"a sentence\""), By = f.Text("by", "Song Liu"), Date = Date(f), Note = f.OptionalText("note"),
            Quantity = Quantity(f, id),
            AtMost = f.Has("at-most") ? f.Number("at-most", 0, 0, long.MaxValue) : null,
            Growth = f.Optional("growth") is { } growth
                ? (GrowthOrder)IndexOf(Growth.OrderNames, Fields.OneOf(source, growth, "growth", Growth.OrderNames))
                : null,
        };
    }

    private CostQuantity CostColumn(YamlItem item)
    {
        Fields f = new(source, item, "a cost", ["head", .. QuantityKeys]);
        return Quantity(f, f.Text("head", "\"alloc/open\""));
    }

    private CostQuantity Quantity(Fields f, string head)
    {
        CostProgram program = Program(f.Required("program", "same"));
        string operation = Fields.OneOf(source, f.Required("operation", program.Operations[0]), "operation", program.Operations, "operation");
        string measure = Fields.OneOf(source, f.Required("measure", "allocations"), "measure", [.. CostMeasures.All.Select(m => m.Name)], "measure");
        bool perEvent = f.Optional("per") is { } per && Fields.OneOf(source, per, "per", ["event", "operation"]) == "event";
        return new CostQuantity(head, program, operation, measure, perEvent, f.Optional("sizes") is { } sizes ? Sizes(sizes) : SizesUnlessSaid);
    }

    private List<int> Sizes(YamlItem item)
    {
        const int SizeMax = 8_192;
        List<int> sizes = [.. Fields.List(source, item, "sizes").Select(s => (int)Fields.Number(source, s, "size", 1, SizeMax))];
        return sizes.Count >= 2 && sizes.Zip(sizes.Skip(1)).All(pair => pair.First < pair.Second)
            ? sizes
            : throw source.Error(item, "sizes are two or more numbers, the smallest first", "write sizes: [4, 16, 64]");
    }

    private CostProgram Program(YamlItem item)
    {
        string name = Fields.Text(source, item, "program");
        return _programs.TryGetValue(name, out CostProgram? known) ? known : _programs[name] = CostProgram.Load(PathOf(item, name, "costs", "program"));
    }

    private static int IndexOf(IReadOnlyList<string> words, string word)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
            {
                return i;
            }
        }

        return -1;
    }

    // Ids become file names.
    private string Id(Fields f)
    {
        YamlItem item = f.Required("id", "T-01");
        string id = Fields.Text(source, item, "id");
        return id.Length is > 0 and <= IdMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? id
            : throw source.Error(
                item, $"\"{id}\" cannot be an id", FormattableString.Invariant($"use letters, digits and hyphens, {IdMax} at most, like T-01"));
    }

    private DateOnly Date(Fields f)
    {
        YamlItem item = f.Required("date", "2019-10-31");
        return item is YamlScalar scalar
            && DateOnly.TryParseExact(scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date
            : throw source.Error(item, $"date is a day, not {item.Kind}", "write it like date: 2019-10-31");
    }

    private static long Schedules(Fields f, MatrixBounds bounds) => f.Number("schedules", bounds.SchedulesMax, 1, int.MaxValue);

    private string? Strategy(Fields f) => f.Optional("strategy") is { } item
        ? Fields.OneOf(source, item, "strategy", [.. Strategies.All.Select(known => known.Name)], "strategy")
        : null;

    // Each as it is, or on the profile and in the grains that the claim names.
    private List<Scenario> Scenarios(Fields f, List<InputError> leftOut)
    {
        YamlItem item = f.Required("scenarios", "[ user-beside-kernel ]");
        bool all = item is YamlScalar { Text: "all" };
        List<Scenario> scenarios = all
            ? [.. Catalogue.Load(Path.Combine(directory, "scenarios").Replace('\\', '/'))]
            : [.. Fields.List(source, item, "scenarios").Select(ScenarioOf)];
        foreach (YamlItem at in f.List("except"))
        {
            string word = Fields.Text(source, at, "scenario");
            if (scenarios.RemoveAll(s => s.Name == word) == 0)
            {
                throw source.Error(at, $"\"{word}\" is none of the claim's scenarios", KnownNames.Advice(word, scenarios.Select(s => s.Name)));
            }
        }

        string? profile = Profile(f);
        string? memory = f.Optional("memory") is { } model ? Fields.OneOf(source, model, "memory", Memories) : null;
        IReadOnlyList<(string Word, YamlItem At)> grains = f.Words("fine-grained", ["false", "true"]);
        CheckMemory(f, grains, scenarios);
        List<Scenario> ported = [];
        foreach (bool? fine in grains.Count == 0 ? [null] : grains.Select(g => (bool?)(g.Word == "true")).Distinct())
        {
            List<InputError> cannot = [];
            ported.AddRange(PortedScenario.Those(scenarios, profile is null ? null : Profiles.Choose(profile), fine, fine == false ? null : memory, cannot));
            leftOut.AddRange(cannot.Where(c => !leftOut.Exists(known => known.Message == c.Message)));
        }

        // Who names scenarios means them.
        return !all && leftOut is [var first, ..] ? throw CannotRun(f.Optional("profile") ?? item, profile, first)
            : ported.Count > 0 ? ported
            : throw source.Error(item, "there are no scenarios", "name at least one");
    }

    // What is wrong is the row: the scenario is right on its own profile.
    private InputError CannotRun(YamlItem at, string? profile, InputError why) => source.Error(
        at,
        FormattableString.Invariant($"scenario {Path.GetFileNameWithoutExtension(why.File)} cannot be run on {profile}: {why.Problem} ({why.File}:{why.Line}:{why.Column})"),
        "choose another profile, or take the scenario out");

    private void CheckMemory(Fields f, IReadOnlyList<(string Word, YamlItem At)> grains, List<Scenario> scenarios)
    {
        const string Advice = "add fine-grained: true, or leave memory out";
        if (f.Optional("memory") is not { } memory || grains.Any(g => g.Word == "true"))
        {
            return;
        }

        if (grains.Count > 0)
        {
            throw source.Error(memory, "memory says what others see between accesses, and with fine-grained: false nobody comes in between", Advice);
        }

        if (scenarios.Find(s => !s.Spec.FineGrained) is { } coarse)
        {
            throw source.Error(memory, $"scenario {coarse.Name} is not fine-grained, and memory says what others see between accesses", Advice);
        }
    }

    private string? Profile(Fields f) =>
        f.Optional("profile") is { } profile ? Fields.OneOf(source, profile, "profile", [.. Profiles.Names], "profile") : null;

    private Scenario ScenarioOf(YamlItem item)
    {
        string name = Fields.Text(source, item, "scenario");
        return _scenarios.TryGetValue(name, out Scenario? known)
            ? known
            : _scenarios[name] = Scenario.Load(PathOf(item, name, "scenarios", "scenario"));
    }

    // A name with a folder in it is looked for in that folder, beside the matrix.
    private string PathOf(YamlItem item, string name, string folderName, string what)
    {
        int slash = name.LastIndexOf('/');
        string folder = Path.Combine(directory, slash < 0 ? folderName : name[..slash]).Replace('\\', '/');
        string file = name[(slash + 1)..];
        string path = $"{folder}/{file}.yaml";
        if (!File.Exists(path))
        {
            string[] names = Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder, "*.yaml").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)]
                : [];
            throw source.Error(item, $"there is no {what} \"{file}\" in {folder}", KnownNames.Advice(file, names));
        }

        return path;
    }

    private List<bool?> Kernels(Fields f)
    {
        IReadOnlyList<(string Word, YamlItem At)> words = f.Words("rt", ["false", "true"]);
        return words.Count == 0 ? [null] : [.. words.Select(w => w.Word).Distinct().Select(w => (bool?)(w == "true"))];
    }

    private static IReadOnlySet<Property> PropertiesOf(Fields f, IReadOnlySet<Property> unlessSaid)
    {
        string[] known = [.. Properties.All.Select(p => p.Name)];
        IReadOnlyList<(string Word, YamlItem At)> words = f.Words("properties", known, "property");
        return words.Count == 0
            ? unlessSaid
            : new SortedSet<Property>(words.Select(w => Properties.Find(w.Word)!.Value));
    }
}
