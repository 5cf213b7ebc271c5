namespace ActorPmu.Cli;

/// <summary>What the process returns. Kinds of violation stand in the result, not in more codes.</summary>
public static class ExitCode
{
    /// <summary>Nothing is violated; the result says whether that is complete or bounded.</summary>
    public const int Ok = 0;

    /// <summary>A violation was found, or reproduced.</summary>
    public const int Violation = 1;

    /// <summary>Wrong command line, scenario or other input.</summary>
    public const int WrongInput = 2;

    /// <summary>Completeness was required and a bound was hit, or what a scenario expects sometimes never happened.</summary>
    public const int Bounded = 3;

    /// <summary>A replay did not go as recorded.</summary>
    public const int Diverged = 4;

    /// <summary>A bug of this program.</summary>
    public const int Internal = 70;

    /// <summary>Interrupted; what there was has been printed.</summary>
    public const int Interrupted = 130;
}
