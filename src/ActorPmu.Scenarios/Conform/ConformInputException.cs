namespace ActorPmu.Scenarios.Conform;

/// <summary>A case file or a list of accepted differences that cannot be used as it is: where, what is wrong, and what to do.</summary>
public sealed class ConformInputException : Exception
{
    /// <summary>Makes the error of one place in one file.</summary>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="line">1 for the first line; 0 when the file as a whole is meant.</param>
    /// <param name="column">1 for the first character of the line; 0 when the file as a whole is meant.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="whatToDo">What makes it right.</param>
    public ConformInputException(string file, int line, int column, string problem, string whatToDo)
        : base(FormattableString.Invariant($"{file}:{line}:{column}: {problem}; {whatToDo}"))
    {
        File = file;
        Line = line;
        Column = column;
        Problem = problem;
        WhatToDo = whatToDo;
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
}
