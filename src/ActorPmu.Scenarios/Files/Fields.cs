using System.Globalization;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>A map of known keys, and the readers of their values. Every error points at the value or key at fault.</summary>
internal sealed class Fields
{
    private static readonly (string Unit, long Ns)[] TimeUnits = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    private readonly YamlSource _source;
    private readonly YamlMap _map;
    private readonly string _what;

    /// <summary>Takes a map apart.</summary>
    /// <param name="source">The file.</param>
    /// <param name="item">What must be a map.</param>
    /// <param name="what">What it describes, with its article: «a task».</param>
    /// <param name="known">The keys that it may have.</param>
    /// <exception cref="InputError">It is no map, or has another key.</exception>
    public Fields(YamlSource source, YamlItem item, string what, IReadOnlyList<string> known)
    {
        _source = source;
        _what = what;
        _map = item as YamlMap
            ?? throw source.Error(item, $"{what} is a map of keys and values, not {item.Kind}", $"write {{ {known[0]}: … }}");
        foreach ((YamlScalar key, _) in _map.Entries)
        {
            if (!known.Contains(key.Text))
            {
                throw source.Error(key, $"{what} has no \"{key.Text}\"", KnownNames.Advice(key.Text, known));
            }
        }
    }

    public YamlItem Item => _map;

    public YamlItem? Optional(string key)
    {
        foreach ((YamlScalar name, YamlItem value) in _map.Entries)
        {
            if (name.Text == key)
            {
                return value;
            }
        }

        return null;
    }

    public bool Has(string key) => Optional(key) is not null;

    public YamlItem Required(string key, string example) =>
        Optional(key) is { IsEmpty: false } item
            ? item
            : throw _source.Error(Optional(key) ?? _map, $"{_what} needs \"{key}\"", $"write {key}: {example}");

    public string Text(string key, string example) => Text(_source, Required(key, example), key);

    public string? OptionalText(string key) => Optional(key) is { } item ? Text(_source, item, key) : null;

    /// <summary>A key without a value means yes.</summary>
    public bool Flag(string key, bool unlessSaid = false) => Optional(key) switch
    {
        null => unlessSaid,
        { IsEmpty: true } => true,
        YamlScalar { Text: "true", Plain: true } => true,
        YamlScalar { Text: "false", Plain: true } => false,
        { } other => throw _source.Error(other, $"{key} is true or false, not {other.Kind}", $"write {key}: true or {key}: false"),
    };

    public long Number(string key, long unlessSaid, long min, long max) =>
        Optional(key) is { } item ? Number(_source, item, key, min, max) : unlessSaid;

    public ulong Unsigned(string key, ulong unlessSaid = 0) =>
        Optional(key) is { } item ? Unsigned(_source, item, key) : unlessSaid;

    public long TimeNs(string key, long unlessSaid) => Optional(key) is { } item ? TimeNs(_source, item, key) : unlessSaid;

    public IReadOnlyList<YamlItem> List(string key) => Optional(key) is { } item ? List(_source, item, key) : [];

    public static IReadOnlyList<YamlItem> List(YamlSource source, YamlItem item, string what) =>
        item.IsEmpty ? []
        : item is YamlList list ? list.Items
        : throw source.Error(item, $"{what} is a list, not {item.Kind}", $"write {what}: [ … ]");

    /// <summary>One word, or a list of words, each one of the known ones.</summary>
    /// <param name="key">The key.</param>
    /// <param name="known">The words that it may have.</param>
    /// <param name="kind">What the words are names of; null where they are settings of the key.</param>
    public IReadOnlyList<(string Word, YamlItem At)> Words(string key, IReadOnlyList<string> known, string? kind = null)
    {
        if (Optional(key) is not { } item)
        {
            return [];
        }

        IReadOnlyList<YamlItem> items = item is YamlList list ? list.Items : [item];
        return [.. items.Select(i => (OneOf(_source, i, key, known, kind), i))];
    }

    /// <summary>One of the known words.</summary>
    /// <param name="source">The file.</param>
    /// <param name="item">The word.</param>
    /// <param name="what">The key.</param>
    /// <param name="known">The words that it may have.</param>
    /// <param name="kind">What the words are names of, as in «no property is called»; null where they are settings of the key, as in «sharing cannot be».</param>
    public static string OneOf(YamlSource source, YamlItem item, string what, IReadOnlyList<string> known, string? kind = null)
    {
        if (item is not YamlScalar { IsEmpty: false })
        {
            throw source.Error(item, $"{what} is a word, not {item.Kind}", KnownNames.Advice("", known));
        }

        string word = Text(source, item, what);
        return known.Contains(word) ? word
            : throw source.Error(item, kind is null ? $"{what} cannot be \"{word}\"" : $"no {kind} is called \"{word}\"", KnownNames.Advice(word, known));
    }

    public static string Text(YamlSource source, YamlItem item, string what)
    {
        if (item is not YamlScalar { IsEmpty: false, Text: { Length: > 0 } text })
        {
            throw source.Error(item, $"{what} is a word, not {item.Kind}", $"write {what}: …");
        }

        // It would change lines of reports, or what a terminal shows.
        return !text.Any(IsUnseen) ? text : throw source.Error(
            item, FormattableString.Invariant($"{what} has a character that cannot be shown (U+{(int)text.First(IsUnseen):X4})"), "take it out, and save the file as UTF-8");
    }

    private static bool IsUnseen(char c) =>
        c == '\uFFFD' || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    public static long Number(YamlSource source, YamlItem item, string what, long min, long max)
    {
        string range = FormattableString.Invariant($"write a number from {min} to {max}");
        if (item is not YamlScalar { Plain: true } scalar || !(TryNumber(scalar.Text, out long value) || IsNumber(scalar.Text)))
        {
            throw source.Error(item, $"{what} is a whole number, not {item.Kind}", range);
        }

        return TryNumber(scalar.Text, out _) && value >= min && value <= max ? value : throw source.Error(item, $"{what} is out of range: {scalar.Text}", range);
    }

    public static ulong Unsigned(YamlSource source, YamlItem item, string what) =>
        item is YamlScalar { Plain: true } scalar && TryUnsigned(scalar.Text, out ulong value)
            ? value
            : throw source.Error(item, $"{what} is a whole number, 0 or more, not {item.Kind}", "write it in digits, or in hex digits after 0x");

    public static long TimeNs(YamlSource source, YamlItem item, string what)
    {
        string text = Text(source, item, what);
        string digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]).TrimEnd();
        if (!TryNumber(digits, out long value) || value < 0)
        {
            throw source.Error(item, $"{what} is a time, not {item.Kind}", $"write a number with a unit, like {what}: 4ms");
        }

        string unit = text[digits.Length..].TrimStart();
        if (unit.Length == 0)
        {
            throw source.Error(item, $"{what} has no unit", $"write {digits}ns, {digits}us, {digits}ms or {digits}s");
        }

        int known = Array.FindIndex(TimeUnits, u => u.Unit == unit);
        if (known < 0)
        {
            throw source.Error(item, $"no unit of time is called \"{unit}\"", "write ns, us, ms or s");
        }

        return value <= long.MaxValue / TimeUnits[known].Ns
            ? value * TimeUnits[known].Ns
            : throw source.Error(item, $"{what} is longer than 292 years", "write a shorter time");
    }

    // Of any size.
    private static bool IsNumber(string text) => text.TrimStart('-', '+') is { Length: > 0 } digits && digits.All(c => char.IsAsciiDigit(c) || c == '_');

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryUnsigned(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
