namespace ActorPmu.Kernel;

/// <summary>For each published field, the oldest store that may still be seen.</summary>
internal sealed class View
{
    private int[] _oldest = [];

    public int this[int location] => location < _oldest.Length ? _oldest[location] : 0;

    public void Raise(int location, int store)
    {
        Reserve(location + 1);
        _oldest[location] = Math.Max(_oldest[location], store);
    }

    public void Join(View? other)
    {
        if (other is null)
        {
            return;
        }

        Reserve(other._oldest.Length);
        for (int i = 0; i < other._oldest.Length; i++)
        {
            _oldest[i] = Math.Max(_oldest[i], other._oldest[i]);
        }
    }

    public View Copy() => new() { _oldest = [.. _oldest] };

    private void Reserve(int length)
    {
        if (_oldest.Length < length)
        {
            Array.Resize(ref _oldest, Math.Max(length, _oldest.Length + 8));
        }
    }
}
