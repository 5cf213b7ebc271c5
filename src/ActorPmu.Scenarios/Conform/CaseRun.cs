namespace ActorPmu.Scenarios.Conform;

/// <summary>One case on one target: first the steps, then the judgement.</summary>
internal sealed class CaseRun(ConformCase conformCase, string design)
{
    private readonly Comparer comparer = new(conformCase, conformCase.VariantFor(design));
    private readonly List<Mismatch> mismatches = [];
    private RecordedStep? current;
    private Mismatch? unsupported;
    private string? brokenDown;

    public void Execute(Func<ConformCase, IConformTarget> newTarget, CancellationToken cancellation)
    {
        IConformTarget? target = null;
        try
        {
            target = newTarget(conformCase);
            foreach (RecordedStep step in conformCase.Steps)
            {
                cancellation.ThrowIfCancellationRequested();
                current = step;
                mismatches.AddRange(comparer.Compare(step, target.Execute(step.Step)));
            }
        }
        catch (ConformUnsupportedException e)
        {
            unsupported = new Mismatch(
                current?.Index ?? -1, current?.Line ?? 0, current?.Text ?? "", AcceptedDifference.UnsupportedField, "an answer", e.Message);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // The other cases go on; this one is reported with the stack.
            brokenDown = e.ToString();
        }
        finally
        {
            Dispose(target);
        }
    }

    /// <summary>Sorts what differed into accepted and not; notes in <paramref name="used"/> which entries were needed.</summary>
    public CaseOutcome Judge(IEnumerable<AcceptedDifference> entries, HashSet<AcceptedDifference> used)
    {
        if (brokenDown is not null)
        {
            return new CaseOutcome.Internal(current?.Index ?? -1, current?.Text ?? "", brokenDown);
        }

        List<AcceptedDifference> all = [.. entries];
        var accepted = new List<AcceptedMismatch>();
        var open = new List<Mismatch>();
        foreach (Mismatch mismatch in unsupported is null ? mismatches : [.. mismatches, unsupported])
        {
            List<AcceptedDifference> covering = all.FindAll(e => e.Covers(mismatch));
            used.UnionWith(covering);
            if (covering.Count > 0)
            {
                accepted.Add(new AcceptedMismatch(mismatch, covering[0]));
            }
            else
            {
                open.Add(mismatch);
            }
        }

        if (unsupported is not null && open.Remove(unsupported))
        {
            return new CaseOutcome.Unsupported(unsupported.Step, unsupported.Op, unsupported.Got, open);
        }

        return open.Count > 0 ? new CaseOutcome.Differs(open, accepted)
            : accepted.Count > 0 ? new CaseOutcome.Accepted(accepted)
            : new CaseOutcome.Agrees();
    }

    private void Dispose(IConformTarget? target)
    {
        try
        {
            (target as IDisposable)?.Dispose();
        }
        catch (Exception e) when (brokenDown is null)
        {
            brokenDown = e.ToString();
        }
    }
}
