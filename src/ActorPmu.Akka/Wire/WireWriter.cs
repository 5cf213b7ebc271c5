using System.Text;

namespace ActorPmu.Akka.Wire;

/// <summary>Writes numbers and texts into a buffer that grows and is used again.</summary>
internal sealed class WireWriter
{
    private byte[] _buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    public void Byte(byte value)
    {
        Grow(1);
        _buffer[Length++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A number in 1…10 bytes; small ones are short, negative ones too.</summary>
    public void Long(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        Grow(10);
        while (rest >= 0x80)
        {
            _buffer[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _buffer[Length++] = (byte)rest;
    }

    public void Text(string value)
    {
        int count = Encoding.UTF8.GetByteCount(value);
        Long(count);
        Grow(count);
        Length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(Length));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        Grow(value.Length);
        value.CopyTo(_buffer.AsSpan(Length));
        Length += value.Length;
    }

    private void Grow(int more)
    {
        if (Length + more > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + more));
        }
    }
}
