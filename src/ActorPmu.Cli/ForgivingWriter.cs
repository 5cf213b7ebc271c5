using System.Text;

namespace ActorPmu.Cli;

/// <summary>Says what it can: nobody's search ends because there is no room for progress on stderr.</summary>
/// <param name="inner">Where it is said.</param>
internal sealed class ForgivingWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private static void Try(Action say)
    {
        try
        {
            say();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exit code says what is left to say.
        }
    }
}
