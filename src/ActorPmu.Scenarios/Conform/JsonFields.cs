using System.Globalization;
using System.Text;

namespace ActorPmu.Scenarios.Conform;

/// <summary>The members of one object of a file, read by name and type; every failure says line, column and what to do.</summary>
/// <param name="file">The file as the user named it.</param>
/// <param name="item">The object.</param>
/// <param name="what">What the object is, for messages: "arg of work".</param>
internal sealed class JsonFields(string file, JsonObjectItem item, string what)
{
    public string File => file;

    public JsonObjectItem Item => item;

    public static JsonFields Of(string file, JsonItem item, string what) =>
        new(file, Require<JsonObjectItem>(file, item, what, "an object"), what);

    /// <summary>Fails on the first member that is not a known one.</summary>
    public void RejectUnknown(IReadOnlyCollection<string> known)
    {
        foreach (JsonMember member in item.Members)
        {
            if (!known.Contains(member.Name))
            {
                string advice = known.Count == 0 ? "it takes none: leave it out" : KnownNames.Advice(member.Name, known);
                throw Error(member.NameAt, $"unknown {what} \"{member.Name}\"", advice);
            }
        }
    }

    public bool Has(string name) => item.Find(name) is not null;

    public JsonItem Required(string name) =>
        item.Find(name) ?? throw Error(item.At, $"{what} \"{name}\" is missing", $"add \"{name}\"");

    public JsonItem? Optional(string name) => item.Find(name);

    public string Text(string name) => TextOf(Required(name), name);

    public string Text(string name, string whenAbsent) => Optional(name) is { } value ? TextOf(value, name) : whenAbsent;

    public long Number(string name, long min = long.MinValue, long max = long.MaxValue) => (long)WholeOf(Required(name), name, min, max);

    public long? OptionalNumber(string name, long min = long.MinValue, long max = long.MaxValue) =>
        Optional(name) is { } value ? (long)WholeOf(value, name, min, max) : null;

    public bool Bit(string name, bool whenAbsent = false) => Optional(name) is { } value ? BitOf(value, name) : whenAbsent;

    public bool BitOf(JsonItem value, string name) =>
        value is JsonBoolItem b ? b.Value : WholeOf(value, name, 0, 1) == 1;

    public string TextOf(JsonItem value, string name) => Require<JsonTextItem>(file, value, $"\"{name}\"", "a text").Value;

    public IReadOnlyList<JsonItem> ListOf(JsonItem value, string name) =>
        Require<JsonArrayItem>(file, value, $"\"{name}\"", "a list").Items;

    /// <summary>A whole number: a JSON number, or a text with a decimal or 0x number as the recorder writes some of them.</summary>
    public Int128 WholeOf(JsonItem value, string name, Int128 min, Int128 max)
    {
        Int128? number = value switch
        {
            JsonNumberItem n => Whole(n.Digits),
            JsonTextItem t => Whole(t.Value),
            _ => null,
        };
        if (number is not { } whole)
        {
            throw Error(value.At, $"\"{name}\" is {Shown(value)}", "write a whole number");
        }

        return whole >= min && whole <= max
            ? whole
            : throw Error(value.At, $"\"{name}\" is {whole.ToString(CultureInfo.InvariantCulture)}", FormattableString.Invariant($"write a number from {min} to {max}"));
    }

    /// <summary>A number of 64 bits; a negative one stands for its two's complement, as in C.</summary>
    public ulong BitsOf(JsonItem value, string name) => unchecked((ulong)WholeOf(value, name, long.MinValue, ulong.MaxValue));

    public double FractionOf(JsonItem value, string name) =>
        value is JsonNumberItem n && double.TryParse(n.Digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw Error(value.At, $"\"{name}\" is {Shown(value)}", "write a number");

    /// <summary>A bit mask: a number, a name, or a list of them.</summary>
    public ulong Mask(string name, IReadOnlyDictionary<string, ulong> bits)
    {
        if (Optional(name) is not { } value)
        {
            return 0;
        }

        IReadOnlyList<JsonItem> parts = value is JsonArrayItem list ? list.Items : [value];
        ulong mask = 0;
        foreach (JsonItem part in parts)
        {
            mask |= part is JsonTextItem text && Whole(text.Value) is null ? NamedBit(text, name, bits) : BitsOf(part, name);
        }

        return mask;
    }

    public ConformInputException Error(JsonSpot at, string problem, string whatToDo) => new(file, at.Line, at.Column, problem, whatToDo);

    /// <summary>The value as one short line.</summary>
    public static string Shown(JsonItem value) => value switch
    {
        JsonTextItem t => $"\"{t.Value}\"",
        JsonNumberItem n => n.Digits,
        _ => value.Kind,
    };

    /// <summary>The members as <c>name=value</c>, in the order of the file.</summary>
    public string OneLine()
    {
        var line = new StringBuilder();
        foreach (JsonMember member in item.Members)
        {
            line.Append(' ').Append(member.Name).Append('=').Append(Plain(member.Value));
        }

        return line.ToString();
    }

    private static string Plain(JsonItem value) => value switch
    {
        JsonTextItem t => t.Value,
        JsonArrayItem a => string.Join(',', a.Items.Select(Plain)),
        _ => Shown(value),
    };

    private ulong NamedBit(JsonTextItem text, string name, IReadOnlyDictionary<string, ulong> bits) =>
        bits.TryGetValue(text.Value, out ulong bit)
            ? bit
            : throw Error(text.At, $"unknown {name} \"{text.Value}\"", KnownNames.Advice(text.Value, bits.Keys.Order(StringComparer.Ordinal)));

    private static T Require<T>(string file, JsonItem value, string name, string kind)
        where T : JsonItem =>
        value as T ?? throw new ConformInputException(file, value.At.Line, value.At.Column, $"{name} is {Shown(value)}", $"write {kind}");

    private static Int128? Whole(string digits)
    {
        if (digits.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits) ? bits : null;
        }

        return Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number) ? number : null;
    }
}
