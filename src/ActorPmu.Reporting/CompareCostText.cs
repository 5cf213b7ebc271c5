using System.Globalization;
using System.Text;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>Costs of designs as text: a line for each design, or all that was measured.</summary>
public static class CompareCostText
{
    // At this many events the short table looks, or at fewer where a design has not got so far.
    private const int ShownN = 256;

    /// <summary>Writes all values at all sizes, and how they grow: a block for each quantity.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(CompareReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder text = new();
        int nameWidth = report.Designs.Max(d => d.Length);
        foreach (CostQuantity quantity in report.Matrix.Costs)
        {
            List<CostSeries> series = [.. report.Costs.Where(s => ReferenceEquals(s.Quantity, quantity))];
            int width = Math.Max(7, series.SelectMany(s => s.Values).Select(v => Number(v.Value).Length + 2).DefaultIfEmpty(0).Max());
            text.Append(text.Length > 0 ? "\n" : "");
            text.Append(quantity.Head).Append(": ").Append(AboutOf(quantity)).Append('\n');
            text.Append("n".PadRight(nameWidth));
            foreach (int n in quantity.Sizes)
            {
                text.Append(Number(n).PadLeft(width));
            }

            text.Append("  growth\n");
            foreach (CostSeries s in series)
            {
                AppendSeries(text, s, nameWidth, width);
            }
        }

        return text.ToString();
    }

    /// <summary>a + b·f(n).</summary>
    /// <param name="growth">The fit.</param>
    internal static string Formula(Growth growth)
    {
        string f = growth.Order switch
        {
            GrowthOrder.Constant => "",
            GrowthOrder.Logarithmic => "log n",
            GrowthOrder.Linear => "n",
            _ => "n²",
        };
        string terms = growth.Order == GrowthOrder.Constant
            ? Coefficient(growth.A)
            : $"{Coefficient(growth.A)} {(growth.B < 0 ? "-" : "+")} {Coefficient(Math.Abs(growth.B))} {f}";
        string off = growth.Error > 0.005 ? string.Create(CultureInfo.InvariantCulture, $", off by up to {100 * growth.Error:0} %") : "";
        string level = growth.LevelFrom is { } n ? string.Create(CultureInfo.InvariantCulture, $" from n = {n:#,0}") : "";
        return $"{growth.Short}: {terms}{level}{off}";
    }

    internal static void AppendColumns(StringBuilder text, CompareReport report)
    {
        if (report.Costs.Count == 0)
        {
            return;
        }

        // A head like alloc/open stands in two lines.
        List<List<string>> rows =
        [
            ["", .. report.Matrix.Costs.Select(c => c.Head.Contains('/', StringComparison.Ordinal) ? c.Head.Split('/')[0] + "/" : "")],
            ["", .. report.Matrix.Costs.Select(c => c.Head.Split('/')[^1])],
        ];
        foreach (string design in report.Designs)
        {
            rows.Add([design, .. report.Matrix.Costs.Select(c => Short(report.Costs.FirstOrDefault(s => s.Design == design && ReferenceEquals(s.Quantity, c))))]);
        }

        text.Append(CultureInfo.InvariantCulture, $"\ncosts with n = {ShownN} events, and how they grow (all of it: --costs)\n");
        foreach (List<string> row in rows)
        {
            StringBuilder line = new();
            for (int c = 0; c < row.Count; c++)
            {
                int width = rows.Max(r => r[c].Length);
                line.Append(c == 0 ? row[c].PadRight(width) : "  " + row[c].PadLeft(width));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }

    private static string Short(CostSeries? series)
    {
        if (series is null || series.Values.Count == 0)
        {
            return "!";
        }

        (int n, long value) = series.Values.LastOrDefault(v => v.N <= ShownN, series.Values[0]);
        string at = n == ShownN ? "" : string.Create(CultureInfo.InvariantCulture, $"@{n}");
        return $"{Number(value)}{at}{(series.Growth is { } g ? " " + g.Short : "")}";
    }

    private static void AppendSeries(StringBuilder text, CostSeries series, int nameWidth, int width)
    {
        text.Append(series.Design.PadRight(nameWidth));
        foreach (int n in series.Quantity.Sizes)
        {
            int at = series.Values.ToList().FindIndex(v => v.N == n);
            text.Append((at >= 0 ? Number(series.Values[at].Value) : "").PadLeft(width));
        }

        text.Append("  ").Append(series.Growth is { } growth ? Formula(growth) : "").Append('\n');
    }

    private static string AboutOf(CostQuantity q)
    {
        string about = CostMeasures.All.First(m => m.Name == q.Measure).About;
        return $"{about}, by {q.Operation} in {q.Program.Name}{(q.PerEvent ? ", for each further event" : "")}";
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Coefficient(double value) => Math.Round(value, 2).ToString("#,0.##", CultureInfo.InvariantCulture);
}
