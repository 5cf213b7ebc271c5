using System.Text;
using ActorPmu.Explorer;
using ActorPmu.Reporting;

namespace ActorPmu.Cli;

/// <summary>What to attach to a report about a bug of ours.</summary>
internal static class CrashFile
{
    /// <summary>Writes the file into the present directory, or the temporary one if that cannot be.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="e">What was thrown.</param>
    /// <returns>Its path; null when it can be written nowhere.</returns>
    public static string? Write(string[] args, Exception e)
    {
        string text = Text(args, e);
        string name = $"actorpmu-crash-{StableHash.Fnv1a(StableHash.FnvBasis, text) & 0xffffffff:x8}.txt";
        foreach (string path in (string[])[name, Path.Combine(Path.GetTempPath(), name)])
        {
            try
            {
                File.WriteAllText(path, text);
                return path;
            }
            catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
            {
                // A full disk: the next place may be on another one.
            }
        }

        return null;
    }

    private static string Text(string[] args, Exception e)
    {
        StringBuilder text = new();
        text.Append("actorpmu ").Append(ToolVersion.Text).Append(": ").AppendJoin(' ', args).Append('\n');
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            if (at is RunCrashException crash)
            {
                text.Append("schedule ").Append(crash.Schedule).Append(", choices");
                foreach (Choice c in crash.Choices)
                {
                    text.Append(c.Kind == ChoiceKind.Deliver ? ' ' : '+').Append(c.Option).Append('/').Append(c.OptionCount);
                }

                text.Append('\n');
            }
        }

        return text.Append(e).Append('\n').ToString();
    }
}
