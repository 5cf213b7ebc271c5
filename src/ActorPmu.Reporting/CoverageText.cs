using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorPmu.Explorer;

namespace ActorPmu.Reporting;

/// <summary>What was never taken, table by table. The same bytes for the same runs, whoever ran them.</summary>
public static class CoverageText
{
    private static readonly string[] Tables =
    [
        CoverageTables.States, CoverageTables.Messages, CoverageTables.Hooks, CoverageTables.DesignFunctions, CoverageTables.Functions,
        CoverageTables.Sometimes,
    ];

    /// <summary>Writes a coverage sheet.</summary>
    /// <param name="sheet">What to tell.</param>
    /// <param name="everything">Whether what was taken is shown, too, with how often.</param>
    public static string Write(CoverageSheet sheet, bool everything = false)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        StringBuilder text = new();
        List<KeyValuePair<CoverageKey, long>> all = [.. sheet.Counts];
        foreach (string table in Tables)
        {
            KeyValuePair<CoverageKey, long>[] rows = [.. all.Where(c => c.Key.Table == table)];
            if (rows.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{$"coverage: {table}",-28}{rows.Count(r => r.Value > 0),4} of {rows.Length,4} taken\n");
                Append(text, rows, everything);
            }
        }

        return text.ToString();
    }

    internal static void WriteJson(Utf8JsonWriter json, CoverageSheet sheet)
    {
        json.WriteStartArray("coverage");
        foreach ((CoverageKey key, long count) in sheet.Counts)
        {
            json.WriteStartObject();
            json.WriteString("table", key.Table);
            json.WriteString("what", key.What);
            if (key.Column.Length > 0)
            {
                json.WriteString("where", key.Column);
            }

            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Append(StringBuilder text, KeyValuePair<CoverageKey, long>[] rows, bool everything)
    {
        foreach (IGrouping<string, KeyValuePair<CoverageKey, long>> what in rows.GroupBy(r => r.Key.What))
        {
            string[] never = [.. what.Where(r => r.Value == 0).Select(r => r.Key.Column)];
            if (never.Length > 0)
            {
                bool wholly = what.All(r => r.Value == 0);
                text.Append("  never  ").Append(what.Key);
                text.Append(wholly || never.All(n => n.Length == 0) ? "" : $": {string.Join("; ", never)}").Append('\n');
            }

            foreach ((CoverageKey key, long count) in what.Where(r => everything && r.Value > 0))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {count,12:#,0}  {key.What}{(key.Column.Length > 0 ? $": {key.Column}" : "")}\n");
            }
        }
    }
}
