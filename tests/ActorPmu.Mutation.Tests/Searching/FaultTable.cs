using System.Diagnostics;
using System.Globalization;
using ActorPmu.Mutation.Tests.Faults;
using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Plants every fault, searches with several seeds, and prints what came of it. Times apart, the same on every machine.</summary>
internal static class FaultTable
{
    private static readonly ulong[] Seeds = [1, 2, 3];

    /// <summary>Prints a line for each fault.</summary>
    /// <param name="only">Parts of the names of those that are wanted; none for all.</param>
    /// <returns>0 when every fault was found with every seed, else 1.</returns>
    public static int Print(string[] only)
    {
        PlantedFaults planted = new();
        Fault[] faults = [.. AllFaults.List.Where(f => only.Length == 0 || only.Any(o => f.Name.Contains(o, StringComparison.Ordinal)))];
        Console.WriteLine(Line("fault", "found by", "property", "schedules", "seconds"));
        List<long> schedules = [];
        int missed = 0;
        foreach (Fault fault in faults)
        {
            byte[] image = planted.Plant(fault);
            (FaultFound? Found, double Seconds)[] runs =
                [.. Seeds.Select(seed => Timed(() => planted.Find(fault, image, seed))).OrderBy(r => r.Found?.Schedules ?? long.MaxValue)];
            FaultFound? median = runs[runs.Length / 2].Found;
            double seconds = runs.Select(r => r.Seconds).Order().ElementAt(runs.Length / 2);
            missed += runs.Count(r => r.Found is null);
            if (median is not null)
            {
                schedules.Add(median.Schedules);
            }

            Console.WriteLine(Line(
                fault.Name, median?.By ?? "not found", median?.Property ?? "", median is null ? "" : Number(median.Schedules),
                seconds.ToString("F2", CultureInfo.InvariantCulture)));
        }

        schedules.Sort();
        string half = schedules.Count > 0 ? Number(schedules[schedules.Count / 2]) : "-";
        Console.WriteLine(
            $"{faults.Length} faults, {Seeds.Length} seeds each: {(faults.Length * Seeds.Length) - missed} of {faults.Length * Seeds.Length} searches found "
            + $"the fault; median {half} schedules, at most {Number(schedules.LastOrDefault())}");
        return missed == 0 ? 0 : 1;
    }

    private static (FaultFound? Found, double Seconds) Timed(Func<FaultFound?> search)
    {
        long began = Stopwatch.GetTimestamp();
        FaultFound? found = search();
        return (found, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(string fault, string by, string property, string schedules, string seconds) =>
        $"{fault,-28} {by,-32} {property,-16} {schedules,9} {seconds,8}";
}
