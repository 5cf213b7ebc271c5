using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorPmu.Explorer;

/// <summary>Writes checkpoints: lines of a word and values; the last has the checksum of those before, so that a cut file is noticed.</summary>
public static class CheckpointText
{
    /// <summary>The first line.</summary>
    public const string Format = "actorpmu-checkpoint 1";

    /// <summary>The text of a file.</summary>
    /// <param name="checkpoint">What it holds.</param>
    public static string Write(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        StringBuilder text = new();
        text.Append(Format).Append('\n');
        foreach ((string name, string value) in checkpoint.Settings)
        {
            text.Append("setting ").Append(name).Append(' ').Append(value).Append('\n');
        }

        foreach (string line in checkpoint.Knowledge)
        {
            text.Append("known ").Append(line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"started-over {checkpoint.StartedOver}\n");
        Append(text, "merged", checkpoint.MergedParts, checkpoint.Merged);
        foreach ((long part, ExplorationResult result) in checkpoint.Others)
        {
            Append(text, "part", part, result);
        }

        foreach (string line in checkpoint.Own)
        {
            text.Append("own ").Append(line).Append('\n');
        }

        ulong checksum = Checksum(text.ToString());
        return text.Append(CultureInfo.InvariantCulture, $"checksum {checksum:x16}\n").ToString();
    }

    internal static ulong Checksum(ReadOnlySpan<char> text) => StableHash.Fnv1a(StableHash.FnvBasis, text);

    internal static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Append(StringBuilder text, string word, long number, ExplorationResult r)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"{word} {number} {r.First} {r.Schedules} {r.Abandoned} {r.StartedOver} {r.StepsTotal} {r.StepsLongest} {r.StepBoundHits} {r.Deadlocks} {r.SharedSchedules} {r.MuxBoundSchedules} {r.Width} {(r.StoppedAtViolation ? 1 : 0)} {(r.Exhausted ? 1 : 0)}\n");

        byte[] traces = new byte[8 * r.Traces.Count];
        for (int i = 0; i < r.Traces.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(traces.AsSpan(8 * i), r.Traces[i]);
        }

        text.Append("traces ").Append(Convert.ToBase64String(traces)).Append('\n');
        text.Append("again ").Append([.. r.Repeated.Select(again => again ? '1' : '0')]).Append('\n');
        foreach (FoundViolation v in r.Violations)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"violation {(int)v.Violation.Property} {v.Violation.Step} {v.Schedule} {v.Schedules} {Quote(v.Violation.What)}\n");
            foreach (string line in v.Violation.Evidence)
            {
                text.Append("evidence ").Append(Quote(line)).Append('\n');
            }

            text.Append("choices").AppendJoin("", v.Choices.Select(Text)).Append('\n');
        }
    }

    private static string Text(Choice c) => string.Create(
        CultureInfo.InvariantCulture, $" {(c.Kind == ChoiceKind.Deliver ? 'd' : 'i')}{c.Option}/{c.OptionCount}");
}
