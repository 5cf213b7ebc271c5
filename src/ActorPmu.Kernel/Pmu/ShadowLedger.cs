namespace ActorPmu.Kernel;

/// <summary>How often each code occurred in each mode, whatever the counters did.</summary>
internal sealed class ShadowLedger
{
    private const int Modes = 16;

    private uint[] codes = new uint[4];
    private ulong[] counts = new ulong[4 * Modes];
    private int used;

    /// <summary>A small number for a code, the same until the object goes. Codes seen for the first time may grow the tables.</summary>
    public int IndexOf(uint code)
    {
        var index = Find(code);
        if (index >= 0)
        {
            return index;
        }

        if (used == codes.Length)
        {
            Array.Resize(ref codes, 2 * used);
            Array.Resize(ref counts, 2 * used * Modes);
        }

        codes[used] = code;
        return used++;
    }

    public void Add(int codeIndex, Privilege mode, ulong occurrences) => counts[codeIndex * Modes + (int)mode] += occurrences;

    public ulong Count(uint code, Privilege mode)
    {
        var index = Find(code);
        return index < 0 ? 0 : counts[index * Modes + (int)mode];
    }

    public long Total(HwSelector selector)
    {
        var index = Find(selector.Code);
        if (index < 0)
        {
            return 0;
        }

        ulong total = 0;
        for (var mode = 1; mode < Modes; mode++)
        {
            total += selector.CountsIn((Privilege)mode) ? counts[index * Modes + mode] : 0;
        }

        return (long)total;
    }

    /// <summary>Sets all counts to 0. Codes keep their numbers.</summary>
    public void Reset() => Array.Clear(counts, 0, used * Modes);

    private int Find(uint code) => codes.AsSpan(0, used).IndexOf(code);
}
