using System.Globalization;

namespace ActorPmu.Scenarios;

/// <summary>What a count may be.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
public readonly record struct ValueRange(long Least, long Most)
{
    /// <summary>Whether the value is one of them.</summary>
    /// <param name="value">A count.</param>
    public bool Has(long value) => value >= Least && value <= Most;

    /// <summary>As files write it: <c>10</c> or <c>5..10</c>.</summary>
    public override string ToString() =>
        Least == Most
            ? Least.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Least}..{Most}");

    internal static bool TryParse(string text, out ValueRange range)
    {
        string[] ends = text.Split("..");
        bool ok = TryNumber(ends[0], out long least);
        long most = least;
        ok &= ends.Length == 1 || (ends.Length == 2 && TryNumber(ends[1], out most) && most >= least);
        range = new ValueRange(least, most);
        return ok;
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
