using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorPmu.Scenarios.Conform;

/// <summary>How far off the recorded numbers of a case may be, from its sentence such as <c>raw 2 %, te_us/tr_us 5 %, ratio 0.03; kernel-mode counts 10 %</c>.</summary>
/// <param name="RawPercent">Of a 64-bit value.</param>
/// <param name="TimePercent">Of a time in microseconds.</param>
/// <param name="Ratio">Of a ratio running/enabled, absolute.</param>
/// <param name="KernelModePercent">Of a 64-bit value of an event that sees kernel mode.</param>
public sealed partial record ConformTolerance(double RawPercent, double TimePercent, double Ratio, double KernelModePercent)
{
    internal const string Form = "raw 2 %, te_us/tr_us 5 %, ratio 0.03; kernel-mode counts 10 %";

    /// <summary>Reads the sentence of a case.</summary>
    /// <param name="sentence">The sentence; its four parts in this order.</param>
    /// <returns>Null when it does not have this form.</returns>
    public static ConformTolerance? From(string sentence)
    {
        Match match = Sentence().Match(sentence);
        return match.Success ? new ConformTolerance(Number(1), Number(2), Number(3), Number(4)) : null;

        double Number(int group) => double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^raw ([0-9]+(?:\.[0-9]+)?) ?%, te_us/tr_us ([0-9]+(?:\.[0-9]+)?) ?%, ratio ([0-9]+(?:\.[0-9]+)?); kernel-mode counts ([0-9]+(?:\.[0-9]+)?) ?%$", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();
}
