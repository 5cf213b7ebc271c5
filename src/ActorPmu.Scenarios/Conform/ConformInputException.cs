namespace ActorPmu.Scenarios.Conform;

/// <summary>A case file or a list of accepted differences that cannot be used as it is: where, what is wrong, and what to do.</summary>
public sealed class ConformInputException : InputError
{
    /// <summary>Makes the error of one place in one file.</summary>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="line">1 for the first line; 0 when the file as a whole is meant.</param>
    /// <param name="column">1 for the first character of the line; 0 when the file as a whole is meant.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="whatToDo">What makes it right.</param>
    public ConformInputException(string file, int line, int column, string problem, string whatToDo)
        : base(file, line, column, problem, whatToDo)
    {
    }
}
