using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>Reads what an operation is expected to return.</summary>
internal sealed class ExpectReader(YamlSource source)
{
    private static readonly string[] WithValue = ["read", "read-local", "self-read", "poll"];

    private static readonly string[] Errnos =
        ["ok", .. Enum.GetValues<Errno>().Where(e => e != Errno.Ok).Select(e => e.ToString()).Order(StringComparer.Ordinal)];

    public StepExpectation Read(YamlItem item, string operation)
    {
        switch (item)
        {
            case YamlList { Items.Count: > 0 } list:
                return new StepExpectation { Errors = [.. list.Items.Select(Error)] };
            case YamlMap map when operation == "read":
                return new StepExpectation { Values = [.. map.Entries.Select(e => (e.Key.Text, Range(source, e.Value)))] };
            case YamlScalar { Text: "any" }:
                return StepExpectation.Anything;
            case YamlScalar { Text: "eof" } when operation == "read":
                return new StepExpectation { EndOfFile = true };
            case YamlScalar { Text: "hup" } when operation == "poll":
                return new StepExpectation { Value = new ValueRange(16, 16) };
            case YamlScalar { IsEmpty: false } scalar when !ValueRange.TryParse(scalar.Text, out _):
                return new StepExpectation { Errors = [Error(scalar)] };
            case YamlScalar { IsEmpty: false } when WithValue.Contains(operation):
                return new StepExpectation { Value = Range(source, item) };
            default:
                string what = WithValue.Contains(operation) ? "an error, ok, a number or a range like 5..10" : "ok, an error, a list of them, or any";
                throw source.Error(item, $"{operation} does not return {item.Kind}", $"write expect: with {what}");
        }
    }

    public static ValueRange Range(YamlSource source, YamlItem item) =>
        item is YamlScalar { IsEmpty: false } scalar && ValueRange.TryParse(scalar.Text, out ValueRange range)
            ? range
            : throw source.Error(item, $"a count is a number or a range, not {item.Kind}", "write it like 10 or 5..10");

    private Errno Error(YamlItem item)
    {
        string name = Fields.OneOf(source, item, "error", Errnos, "error");
        return name == "ok" ? Errno.Ok : Enum.Parse<Errno>(name);
    }
}
