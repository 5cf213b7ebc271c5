using System.Diagnostics;
using System.Globalization;
using ActorPmu.Mutation.Tests.Faults;
using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Plants every fault, searches the catalogue and hunts with several seeds, and prints what came of it. Times apart, the same on every machine.</summary>
internal static class FaultTable
{
    /// <summary>The bound on the scenarios of a hunt.</summary>
    public const int HuntScenarios = 2_000;

    private static readonly ulong[] Seeds = [1, 2, 3];

    /// <summary>Prints a line for each fault.</summary>
    /// <param name="only">Parts of the names of those that are wanted, none for all; <c>--hunt</c> or <c>--catalogue</c> for one of the two searches.</param>
    /// <returns>0 when every fault was found with every seed, else 1.</returns>
    public static int Print(string[] only)
    {
        bool catalogue = !only.Contains("--hunt");
        bool hunt = !only.Contains("--catalogue");
        string[] names = [.. only.Where(o => !o.StartsWith("--", StringComparison.Ordinal))];
        PlantedFaults planted = new();
        Fault[] faults = [.. AllFaults.List.Where(f => names.Length == 0 || names.Any(o => f.Name.Contains(o, StringComparison.Ordinal)))];
        Column[] columns =
        [
            .. catalogue ? [new Column("by the catalogue", 50, (fault, image, seed) => planted.Find(fault, image, seed))] : Array.Empty<Column>(),
            .. hunt ? [new Column("by hunt", 31, (fault, image, seed) => planted.Hunt(fault, image, seed, HuntScenarios))] : Array.Empty<Column>(),
        ];
        Console.WriteLine($"{"fault",-27}{string.Concat(columns.Select(c => c.Cells(c.Name, "schedules", "seconds")))}");
        foreach (Fault fault in faults)
        {
            byte[] image = planted.Plant(fault);
            Console.WriteLine($"{fault.Name,-27}{string.Concat(columns.Select(c => c.Search(fault, image)))}");
        }

        foreach (Column column in columns)
        {
            Console.WriteLine(column.Sum(faults.Length));
        }

        return columns.All(c => c.Missed == 0) ? 0 : 1;
    }

    // One of the two searches: what it prints for a fault is the median of the seeds.
    private sealed class Column(string name, int width, Func<Fault, byte[], ulong, FaultFound?> search)
    {
        private readonly List<long> _schedules = [];
        private readonly List<string> _never = [];

        public string Name => name;

        public int Missed { get; private set; }

        public string Search(Fault fault, byte[] image)
        {
            (FaultFound? Found, double Seconds)[] runs =
                [.. Seeds.Select(seed => Timed(() => search(fault, image, seed))).OrderBy(r => r.Found?.Schedules ?? long.MaxValue)];
            FaultFound? median = runs[runs.Length / 2].Found;
            Missed += runs.Count(r => r.Found is null);
            _schedules.AddRange(runs.Where(r => r.Found is not null).Select(r => r.Found!.Schedules));
            if (runs[0].Found is null)
            {
                _never.Add(fault.Name);
            }

            return Cells(
                median is null ? "not found" : $"{median.By}, {median.Property}", median is null ? "" : Number(median.Schedules),
                runs.Select(r => r.Seconds).Order().ElementAt(runs.Length / 2).ToString("F2", CultureInfo.InvariantCulture));
        }

        public string Sum(int faults)
        {
            _schedules.Sort();
            string half = _schedules.Count > 0 ? Number(_schedules[_schedules.Count / 2]) : "-";
            string never = _never.Count > 0 ? $"; with no seed: {string.Join(", ", _never)}" : "";
            return $"{name}: {faults - _never.Count} of {faults} faults, {(faults * Seeds.Length) - Missed} of {faults * Seeds.Length} searches with {Seeds.Length} seeds; "
                + $"median {half} schedules, at most {Number(_schedules.LastOrDefault())}{never}";
        }

        public string Cells(string by, string schedules, string seconds) => $" {by.PadRight(width)} {schedules,9} {seconds,7}";
    }

    private static (FaultFound? Found, double Seconds) Timed(Func<FaultFound?> search)
    {
        long began = Stopwatch.GetTimestamp();
        FaultFound? found = search();
        return (found, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
