using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorPmu.Explorer;

/// <summary>Writes replay files: JSON, one step a line, so that two of them can be compared line by line.</summary>
public static class ReplayText
{
    /// <summary>The text of a file.</summary>
    /// <param name="file">What it holds.</param>
    public static string Write(ReplayFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        StringBuilder text = new();
        text.Append("{\n");
        Field(text, "schema", ReplayFile.Schema);
        Field(text, "tool", file.Tool);
        text.Append("  \"scenario\": {\n  ");
        Field(text, "name", file.ScenarioName);
        text.Append("  ");
        Field(text, "path", file.ScenarioPath);
        text.Append("  ");
        Field(text, "sha256", file.ScenarioSha256);
        text.Append("    \"text\": [\n");
        text.AppendJoin(",\n", file.ScenarioText.Split('\n').Select(line => "      " + Quote(line)));
        text.Append("\n    ]\n  },\n");
        Field(text, "design", file.Design);
        if (file.PreemptRt is { } rt)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"preemptRt\": {(rt ? "true" : "false")},\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  \"seed\": {file.Seed},\n");
        Field(text, "strategy", file.Strategy);
        text.Append(CultureInfo.InvariantCulture, $"  \"stepsMax\": {file.StepsMax},\n  \"steps\": [\n");
        text.AppendJoin(",\n", file.Steps.Select(Line));
        text.Append("\n  ]");
        if (file.Expect is { } expect)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $",\n  \"expect\": {{\"property\": {Quote(expect.Property)}, \"step\": {expect.Step}, \"what\": {Quote(expect.What)}}}");
        }

        return text.Append("\n}\n").ToString();
    }

    private static void Field(StringBuilder text, string name, string value) =>
        text.Append("  \"").Append(name).Append("\": ").Append(Quote(value)).Append(",\n");

    private static string Line(ReplayStep step) => string.Create(
        CultureInfo.InvariantCulture,
        $"    {{\"{(step.Choice.Kind == ChoiceKind.Deliver ? "pick" : "choose")}\": {step.Choice.Option}, \"of\": {step.Choice.OptionCount}, \"step\": {Quote(step.Label)}, \"fp\": \"{step.Fingerprint:x16}\"}}");

    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
