using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Reads checkpoints strictly: whatever is odd is an error with its place.</summary>
public static class CheckpointReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="settings">What the search that is to go on was told: the file must have been written by one that was told the same.</param>
    /// <exception cref="CheckpointInputException">It is no checkpoint, or one of another search or version.</exception>
    public static Checkpoint Read(string text, string file, IReadOnlyList<(string Name, string Value)> settings)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(settings);
        string[] lines = text.Split('\n');
        Place place = new(file);
        if (lines[0] != CheckpointText.Format)
        {
            throw place.Error(1, 1, lines[0].TrimEnd('\r') == CheckpointText.Format
                ? "the file's line breaks have been changed; take it as it was written, or begin without --resume"
                : lines[0].StartsWith("actorpmu-checkpoint ", StringComparison.Ordinal)
                ? $"the file has format {lines[0]} and this version reads {CheckpointText.Format}; take the version that wrote it"
                : $"this is no checkpoint; the first line of one is {CheckpointText.Format}");
        }

        CheckSum(text, lines, place);
        CheckSettings(lines, settings, place);
        return ReadBody(lines, file, settings, place);
    }

    private static void CheckSum(string text, string[] lines, Place place)
    {
        // The last line ends with a line break: behind it lies nothing.
        int last = lines.Length - 2;
        string expected = last < 1 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"checksum {CheckpointText.Checksum(text.AsSpan(0, text.Length - lines[last].Length - 1)):x16}");
        if (last < 1 || lines[^1].Length > 0 || lines[last] != expected)
        {
            throw place.Error(Math.Max(lines.Length - 1, 1), 1, "the file is cut or was edited: its last line is no checksum of those before; begin without --resume");
        }
    }

    private static void CheckSettings(string[] lines, IReadOnlyList<(string Name, string Value)> settings, Place place)
    {
        for (int i = 0; i < settings.Count; i++)
        {
            (string name, string value) = settings[i];
            string start = $"setting {name} ";
            string line = lines[i + 1];
            if (!line.StartsWith(start, StringComparison.Ordinal))
            {
                throw place.Error(i + 2, 1, $"there is no setting {name} here; begin without --resume");
            }

            if (line[start.Length..] != value)
            {
                throw place.Error(i + 2, start.Length + 1, $"the checkpoint is of a search with {name} {line[start.Length..]}, and this one has {value}; give the same, or begin without --resume");
            }
        }
    }

    private static Checkpoint ReadBody(string[] lines, string file, IReadOnlyList<(string Name, string Value)> settings, Place place)
    {
        List<string> knowledge = [];
        List<(long, ExplorationResult)> others = [];
        (long Parts, ExplorationResult Result) merged = (0, new ExplorationResult());
        List<string> own = [];
        List<int> ownLines = [];
        List<int> otherLines = [];
        int mergedLine = 0;
        long startedOver = 0;
        for (int i = 1 + settings.Count; i < lines.Length - 2;)
        {
            string word = WordOf(lines[i]);
            int line = i + 1;
            try
            {
                switch (word)
                {
                    case "known":
                        knowledge.Add(Rest(lines[i++]));
                        _ = KnownAccess.Parse(knowledge[^1]);
                        break;
                    case "started-over":
                        startedOver = Number(Rest(lines[i++]));
                        break;
                    case "merged":
                        merged = mergedLine > 0 ? throw new FormatException("there are two of \"merged\"") : ReadPart(lines, ref i);
                        mergedLine = line;
                        break;
                    case "part":
                        others.Add(ReadPart(lines, ref i));
                        otherLines.Add(line);
                        long before = others.Count > 1 ? others[^2].Item1 + 1 : merged.Parts;
                        if (mergedLine == 0 || others[^1].Item1 < before)
                        {
                            throw new FormatException($"part {others[^1].Item1} is there already");
                        }

                        break;
                    case "own":
                        own.Add(Rest(lines[i++]));
                        ownLines.Add(line);
                        break;
                    default:
                        throw new FormatException($"\"{word}\" is not known here");
                }
            }
            catch (Exception e) when (e is FormatException or OverflowException or JsonException or IndexOutOfRangeException)
            {
                throw place.Error(line, 1, $"{e.Message}; begin without --resume");
            }
        }

        if (mergedLine == 0)
        {
            throw place.Error(lines.Length - 1, 1, "there is no \"merged\" before this; begin without --resume");
        }

        return new Checkpoint
        {
            Settings = settings,
            Knowledge = knowledge,
            StartedOver = startedOver,
            MergedParts = merged.Parts,
            Merged = merged.Result,
            Others = others,
            Own = own,
            Source = new CheckpointSource(file, mergedLine, otherLines, ownLines.Count > 0 ? ownLines : [mergedLine]),
        };
    }

    private static (long Part, ExplorationResult Result) ReadPart(string[] lines, ref int at)
    {
        long[] n = [.. Rest(lines[at++]).Split(' ').Select(Number)];
        byte[] traces = Convert.FromBase64String(Rest(lines[at++]));
        string again = Rest(lines[at++]);
        List<FoundViolation> violations = [];
        while (WordOf(lines[at]) == "violation")
        {
            violations.Add(ReadViolation(lines, ref at));
        }

        ulong[] fingerprints = [.. Enumerable.Range(0, traces.Length / 8).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(traces.AsSpan(8 * i)))];
        if (n.Length != 14 || traces.Length != 8 * again.Length)
        {
            throw new FormatException("a part has 14 numbers, and as many traces as marks");
        }

        CheckSense(n, again, violations);

        ulong digest = 0;
        foreach (ulong f in fingerprints)
        {
            digest += f;
        }

        return (n[0], new ExplorationResult
        {
            First = n[1],
            Schedules = n[2],
            Abandoned = n[3],
            StartedOver = n[4],
            StepsTotal = n[5],
            StepsLongest = n[6],
            StepBoundHits = n[7],
            Deadlocks = n[8],
            SharedSchedules = n[9],
            MuxBoundSchedules = n[10],
            Width = (int)n[11],
            StoppedAtViolation = n[12] == 1,
            Exhausted = n[13] == 1,
            Traces = fingerprints,
            Repeated = [.. again.Select(c => c == '1')],
            Digest = digest,
            Violations = violations,
        });
    }

    // Numbers that no search comes to: its later lines would say what was not found.
    private static void CheckSense(long[] n, string again, List<FoundViolation> violations)
    {
        (long schedules, long steps, long longest) = (n[2], n[5], n[6]);
        string? odd = again.Length > schedules ? $"{again.Length} traces in {schedules} schedules"
            : n[7] > schedules || n[8] > schedules || n[9] > schedules || n[10] > schedules ? $"more of some schedules than the {schedules} that there are"
            : longest > steps || (schedules > 0 && steps / schedules > longest) ? $"{steps} steps in {schedules} schedules of {longest} at most"
            : n[12] > 1 || n[13] > 1 ? "a mark that is not 0 or 1"
            : again.Any(c => c is not ('0' or '1')) ? "a mark of a trace that is not 0 or 1"
            : n[11] > int.MaxValue ? $"{n[11]} messages side by side"
            : n[12] == 1 && violations.Count == 0 ? "a stop at a violation, and no violation"
            : violations.Exists(v => v.Schedules < 1 || v.Schedules > schedules) ? "a violation in none, or in more schedules than there are"
            : violations.Exists(v => !Enum.IsDefined(v.Violation.Property)) ? "a violation of a property that is not known"
            : violations.Exists(v => v.Choices.Any(c => c.Option >= c.OptionCount)) ? "a choice of an option that there is not"
            : null;
        if (odd is not null)
        {
            throw new FormatException($"no search comes to {odd}");
        }
    }

    private static FoundViolation ReadViolation(string[] lines, ref int at)
    {
        string[] words = Rest(lines[at++]).Split(' ', 5);
        List<string> evidence = [];
        while (WordOf(lines[at]) == "evidence")
        {
            evidence.Add(Unquote(Rest(lines[at++])));
        }

        Choice[] choices = [.. Rest(lines[at++]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ReadChoice)];
        Violation violation = new((Property)Number(words[0]), Number(words[1]), Unquote(words[4]), evidence);
        return new FoundViolation(violation, Number(words[2]), choices, Number(words[3]));
    }

    private static Choice ReadChoice(string word)
    {
        int slash = word.IndexOf('/', StringComparison.Ordinal);
        return slash > 1
            ? new Choice(word[0] == 'd' ? ChoiceKind.Deliver : ChoiceKind.Inside, (int)Number(word[1..slash]), (int)Number(word[(slash + 1)..]))
            : throw new FormatException($"\"{word}\" is no choice");
    }

    private static string Unquote(string quoted) => JsonDocument.Parse(quoted).RootElement.GetString() ?? throw new FormatException("a text is missing");

    private static long Number(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new FormatException($"\"{word}\" is no number from 0");

    private static string WordOf(string line) => line.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? line[..space] : line;

    private static string Rest(string line) => line.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? line[(space + 1)..] : "";

    private readonly struct Place(string file)
    {
        public CheckpointInputException Error(int line, int column, string problem) => new(file, line, column, problem);
    }
}
