namespace ActorPmu.Scenarios;

/// <summary>Input that cannot be used as it is: where, what is wrong, and what to do.</summary>
public class InputError : Exception
{
    // Characters of a file's line, and of a sentence, that are shown.
    private const int LineMax = 160;
    private const int TextMax = 1_000;

    /// <summary>Makes the error of one place in one file.</summary>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="line">1 for the first line; 0 when the file as a whole is meant.</param>
    /// <param name="column">1 for the first character of the line, in UTF-16 units; 0 when the file as a whole is meant.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="whatToDo">What makes it right.</param>
    /// <param name="sourceLine">The line at fault, to be shown with a caret below the column; null for none.</param>
    public InputError(string file, int line, int column, string problem, string whatToDo, string? sourceLine = null)
        : this(file, line, column, problem, whatToDo, sourceLine, MessageOf(file, line, column, problem, whatToDo, sourceLine))
    {
    }

    private protected InputError(
        string file, int line, int column, string problem, string whatToDo, string? sourceLine, string message)
        : base(message)
    {
        File = file;
        Line = line;
        Column = column;
        Problem = problem;
        WhatToDo = whatToDo;
        SourceLine = sourceLine;
    }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>1 for the first line; 0 when the file as a whole is meant.</summary>
    public int Line { get; }

    /// <summary>1 for the first character of the line, in UTF-16 units; 0 when the file as a whole is meant.</summary>
    public int Column { get; }

    /// <summary>What is wrong.</summary>
    public string Problem { get; }

    /// <summary>What makes it right.</summary>
    public string WhatToDo { get; }

    /// <summary>The line at fault; null when it is not known.</summary>
    public string? SourceLine { get; }

    private static string MessageOf(string file, int line, int column, string problem, string whatToDo, string? sourceLine)
    {
        string place = line == 0 ? file : FormattableString.Invariant($"{file}:{line}:{column}");
        string message = $"{place}: error: {Printable(Clipped(problem))}; {Printable(Clipped(whatToDo))}";
        if (sourceLine is null || column < 1)
        {
            return message;
        }

        // A window of a line that nobody could look at.
        int at = Math.Min(column - 1, sourceLine.Length);
        int from = sourceLine.Length > LineMax ? Math.Clamp(at - (LineMax / 2), 0, sourceLine.Length - LineMax) : 0;
        string shown = Printable(sourceLine[from..Math.Min(sourceLine.Length, from + LineMax)]);
        (string cut, string rest) = (from > 0 ? "…" : "", from + LineMax < sourceLine.Length ? "…" : "");

        // Tabs stay tabs, so that the caret stands below its character at any tab width.
        string indent = new([.. (cut + shown[..(at - from)]).Select(c => c == '\t' ? '\t' : ' ')]);
        return $"{message}\n  {cut}{shown}{rest}\n  {indent}^";
    }

    private static string Clipped(string text) => text.Length <= TextMax ? text : text[..TextMax] + "…";

    // What a terminal would obey instead of showing it.
    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c)]);
}
