using System.Globalization;
using System.Reflection;

namespace ActorPmu.Cli;

/// <summary>Tells wrong input from bugs of ours, and puts it as compilers do.</summary>
internal static class InputProblem
{
    /// <summary>The message for stderr, or null when the exception is not about input.</summary>
    /// <param name="e">What was thrown.</param>
    public static string? Describe(Exception e) => e switch
    {
        WrongInputException => $"error: {e.Message}",
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => $"error: {e.Message}",
        _ when IsInputType(e.GetType()) => Placed(e),
        _ => null,
    };

    // Each reader has a type of its own; all say where and what.
    private static bool IsInputType(Type type) =>
        type.Name is "InputError" || type.Name.EndsWith("InputException", StringComparison.Ordinal);

    private static string Placed(Exception e)
    {
        string file = Text(e, "File");
        string line = Text(e, "Line");
        string column = Text(e, "Column");
        if (file.Length == 0 || e.Message.StartsWith(file, StringComparison.Ordinal))
        {
            return e.Message;
        }

        string place = column.Length > 0 ? $"{file}:{line}:{column}" : line.Length > 0 ? $"{file}:{line}" : file;
        return $"{place}: error: {e.Message}";
    }

    private static string Text(Exception e, string property) =>
        e.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public)?.GetValue(e) is { } value
            ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
            : "";
}
