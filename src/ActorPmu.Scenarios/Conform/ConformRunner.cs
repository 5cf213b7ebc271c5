namespace ActorPmu.Scenarios.Conform;

/// <summary>Runs recorded cases on a target.</summary>
public static class ConformRunner
{
    /// <summary>Runs all cases below a directory, in ordinal order of their paths.</summary>
    /// <param name="path">The directory, or the file of one case.</param>
    /// <param name="design">The design that the targets run; it chooses the variant of recordings and the accepted differences.</param>
    /// <param name="newTarget">Makes the machine for a case.</param>
    /// <param name="accepted">What may differ.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <returns>The outcome of every case: a case that cannot be read or whose target breaks down does not stop the others.</returns>
    /// <exception cref="ConformInputException">There is no case there.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ConformReport Run(
        string path, string design, Func<ConformCase, IConformTarget> newTarget, AcceptedDifferences accepted, CancellationToken cancellation = default)
    {
        IReadOnlyList<string> files = File.Exists(path) ? [path] : ConformFiles.CasesBelow(path);
        var used = new HashSet<AcceptedDifference>();
        var results = new List<CaseResult>();
        foreach (string file in files)
        {
            results.Add(RunFile(file, design, newTarget, accepted, used, cancellation));
        }

        List<AcceptedDifference> ofDesign = [.. accepted.Entries.Where(e => e.Design is null || e.Design == design)];
        return new ConformReport(
            design,
            results,
            [.. ofDesign.Where(e => !used.Contains(e) && results.Exists(r => RanToItsEnd(r) && e.IsAbout(r.Folder, r.Name, design)))],
            [.. ofDesign.Where(e => !results.Exists(r => e.IsAbout(r.Folder, r.Name, design)))]);
    }

    private static CaseResult RunFile(
        string file,
        string design,
        Func<ConformCase, IConformTarget> newTarget,
        AcceptedDifferences accepted,
        HashSet<AcceptedDifference> used,
        CancellationToken cancellation)
    {
        ConformCase conformCase;
        try
        {
            conformCase = ConformCase.Load(file);
        }
        catch (ConformInputException e)
        {
            string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? "";
            return new CaseResult(file, folder, Path.GetFileNameWithoutExtension(file), 0, new CaseOutcome.Unreadable(e.Message));
        }

        var run = new CaseRun(conformCase, design);
        run.Execute(newTarget, cancellation);
        CaseOutcome outcome = run.Judge(accepted.Entries.Where(e => e.IsAbout(conformCase.Folder, conformCase.Name, design)), used);
        return new CaseResult(file, conformCase.Folder, conformCase.Name, conformCase.Steps.Count, outcome);
    }

    private static bool RanToItsEnd(CaseResult result) =>
        result.Outcome is CaseOutcome.Agrees or CaseOutcome.Accepted or CaseOutcome.Differs;
}
