using System.Globalization;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>The comment at the head of a scenario that a hunt has found: what goes wrong, in plain words.</summary>
internal static class HuntStory
{
    private const int LineMax = 118;
    private const int SummaryMax = 150;

    public static IReadOnlyList<string> Of(ScenarioDraft draft, Violation violation, string where, HuntOptions options, long number)
    {
        string design = options.Design().Name;
        string about = Properties.All.First(p => p.Property == violation.Property).About;
        string name = Properties.Name(violation.Property);
        string first = $"{design} breaks {name}: {Sentence(violation.What)}";
        if (first.Length > SummaryMax)
        {
            first = $"{design} breaks {name}, that is: {about}.";
        }

        string rest = string.Create(
            CultureInfo.InvariantCulture,
            $"What should hold: {about}. Seen in {where}, with {Count(draft.Operations, "operation")} of {Count(draft.Tasks.Count, "task")}: {Words(draft)}.{(options.BaselineSchedules > 0 ? " The kernel as it is holds here." : "")}");
        List<string> lines = [.. Wrap(first), .. Wrap(violation.What.Length + 30 > SummaryMax ? Sentence(violation.What) + " " + rest : rest), ""];
        lines.AddRange(Wrap(string.Create(CultureInfo.InvariantCulture, $"Found by hunt --design {design} --seed {options.Seed}, made-up scenario {number}.")));
        return lines;
    }

    private static string Sentence(string what) => what.TrimEnd('.').Replace(". ", "; ", StringComparison.Ordinal) + ".";

    private static string Words(ScenarioDraft draft) =>
        string.Join("; ", draft.Tasks.Select(t => $"{t.Name} {string.Join(", ", t.Steps.Select(s => s.Name).DefaultIfEmpty("idle"))}"));

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static List<string> Wrap(string text)
    {
        List<string> lines = [""];
        foreach (string word in text.Split(' '))
        {
            if (lines[^1].Length + 1 + word.Length > LineMax)
            {
                lines.Add("");
            }

            lines[^1] += (lines[^1].Length > 0 ? " " : "") + word;
        }

        return lines;
    }
}
