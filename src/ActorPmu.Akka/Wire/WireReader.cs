using System.Text;

namespace ActorPmu.Akka.Wire;

/// <summary>Reads what a <see cref="WireWriter"/> wrote. Whatever else it is given ends in a <see cref="WireException"/>.</summary>
internal sealed class WireReader(ReadOnlyMemory<byte> bytes)
{
    private const int DepthMax = 32;
    private int _at;
    private int _depth;

    public int Left => bytes.Length - _at;

    public byte Byte() => Left > 0 ? bytes.Span[_at++] : throw Cut();

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new WireException($"{other} stands where yes or no should"),
    };

    public long Long()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new WireException("a number has no end");
    }

    public int Int()
    {
        long value = Long();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new WireException($"{value} stands where a small number should");
    }

    /// <summary>A number of things that follow, each of which takes a byte at least.</summary>
    public int Count()
    {
        long value = Long();
        return value >= 0 && value <= Left ? (int)value : throw new WireException($"{value} things are announced, {Left} bytes are left");
    }

    public string Text()
    {
        int count = Count();
        string text = Encoding.UTF8.GetString(bytes.Span.Slice(_at, count));
        _at += count;
        return text;
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        int count = Count();
        ReadOnlyMemory<byte> value = bytes.Slice(_at, count);
        _at += count;
        return value;
    }

    public void Enter()
    {
        if (++_depth > DepthMax)
        {
            throw new WireException("objects are nested too deep");
        }
    }

    public void Leave() => _depth--;

    public void End()
    {
        if (Left > 0)
        {
            throw new WireException($"{Left} bytes too many");
        }
    }

    private static WireException Cut() => new("the bytes end too early");
}
