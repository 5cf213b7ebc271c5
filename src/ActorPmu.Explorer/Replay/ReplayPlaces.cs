namespace ActorPmu.Explorer;

/// <summary>Where in a replay file stands what only others than its reader can judge.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Design">Line and column of the design's name, from 1.</param>
/// <param name="ScenarioLines">Line and column of each line of the scenario inside, from 1.</param>
public sealed record ReplayPlaces(string File, (int Line, int Column) Design, IReadOnlyList<(int Line, int Column)> ScenarioLines)
{
    /// <summary>An error in the design's name.</summary>
    /// <param name="problem">What is wrong and what to do.</param>
    public ReplayInputException DesignError(string problem) => new(File, Design.Line, Design.Column, problem);

    /// <summary>An error in the scenario inside.</summary>
    /// <param name="scenarioLine">The line of the scenario, from 1; 0 when the scenario as a whole is meant.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    public ReplayInputException ScenarioError(int scenarioLine, string problem)
    {
        (int line, int column) = ScenarioLines.Count == 0 ? (1, 1) : ScenarioLines[Math.Clamp(scenarioLine - 1, 0, ScenarioLines.Count - 1)];
        return new ReplayInputException(File, line, column, problem);
    }
}
