namespace ActorPmu.Scenarios;

/// <summary>Input that cannot be used as it is: where, what is wrong, and what to do.</summary>
public class InputError : Exception
{
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
        string message = $"{place}: error: {problem}; {whatToDo}";
        if (sourceLine is null || column < 1)
        {
            return message;
        }

        // Tabs stay tabs, so that the caret stands below its character at any tab width.
        string before = sourceLine[..Math.Min(column - 1, sourceLine.Length)];
        string indent = new([.. before.Select(c => c == '\t' ? '\t' : ' ')]);
        return $"{message}\n  {sourceLine}\n  {indent}^";
    }
}
