using System.Text;

namespace ActorPmu.Scenarios;

/// <summary>Reads files that somebody wrote or was sent: none is so large that it fills the memory.</summary>
public static class InputFile
{
    /// <summary>The most bytes that a file of words may have. The largest of the catalogue has less than a thousandth of that.</summary>
    public const int BytesMax = 8 << 20;

    /// <summary>Reads a text, UTF-8 unless it begins with another byte order mark.</summary>
    /// <param name="path">The file; a device or a pipe may be one.</param>
    /// <param name="whatToDo">What to do where it cannot be read.</param>
    /// <param name="bytesMax">The most bytes that it may have.</param>
    /// <exception cref="InputError">It cannot be read, or is too large.</exception>
    public static string Text(string path, string whatToDo = "check its name and whether you may read it", int bytesMax = BytesMax)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using MemoryStream bytes = new();
            byte[] buffer = new byte[1 << 16];
            for (int count = file.Read(buffer); count > 0; count = file.Read(buffer))
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > bytesMax)
                {
                    throw new InputError(
                        path, 0, 0, FormattableString.Invariant($"the file has more than {bytesMax >> 20} MiB"), "name another one; nothing that is read here is that large");
                }
            }

            bytes.Position = 0;
            using StreamReader reader = new(bytes, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputError(path, 0, 0, "the file cannot be read", whatToDo);
        }
    }
}
