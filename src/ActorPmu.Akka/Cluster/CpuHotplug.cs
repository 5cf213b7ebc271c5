using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>The kernel thread of the first node that takes the processors of other nodes offline, and online again.</summary>
internal sealed class CpuHotplug(int cpu = 0) : ITaskProgram
{
    // Without a clock a sleep ends at any moment.
    private const long JiffyNs = 4_000_000;
    private readonly Queue<Job> _jobs = new();
    private readonly Queue<int> _done = new();
    private Job? _job;
    private IEnumerator<TaskOp>? _steps;
    private OpResult? _last;

    public const string Name = "kthread/cpuhp";

    public Machine? Machine { get; set; }

    public TaskSpec Spec => new(Name, cpu, () => this) { Forked = true, IsStopper = true };

    /// <summary>A node was lost: once its tasks have exited, its processors go offline.</summary>
    public void AddLost(int node, IReadOnlyList<int> cpus, IReadOnlyList<int> tasks)
    {
        // What was to be done with them in order is not to be done any more.
        foreach (Job job in _jobs.Append(_job).OfType<Job>().Where(j => j.Cpus.Intersect(cpus).Any()))
        {
            job.IsCancelled = true;
        }

        _jobs.Enqueue(new Job(node, cpus, () => Lost(cpus, tasks)));
    }

    /// <summary>A node is about to go: its tasks move away, and its processors go offline.</summary>
    public void AddUnplug(int node, IReadOnlyList<int> cpus) => _jobs.Enqueue(new Job(node, cpus, () => Unplug(cpus)));

    /// <summary>A node has come: its processors go online.</summary>
    public void AddPlug(IReadOnlyList<int> cpus) => _jobs.Enqueue(new Job(-1, cpus, () => cpus.Select(c => new PlugOp(c))));

    /// <summary>A node, lost or about to leave, whose processors are offline now; −1 for none.</summary>
    public int TakeDone() => _done.TryDequeue(out int node) ? node : -1;

    public TaskOp? Next(OpResult? last)
    {
        _last = last;
        while (true)
        {
            if (_steps is null)
            {
                if (!_jobs.TryDequeue(out _job))
                {
                    return new BlockOp();
                }

                _steps = _job.Steps().GetEnumerator();
            }

            if (!_job!.IsCancelled && _steps.MoveNext())
            {
                return _steps.Current;
            }

            if (!_job.IsCancelled && _job.Node >= 0)
            {
                _done.Enqueue(_job.Node);
            }

            (_steps, _job) = (null, null);
        }
    }

    private IEnumerable<TaskOp> Lost(IReadOnlyList<int> cpus, IReadOnlyList<int> tasks)
    {
        while (Machine!.Tasks.Any(t => cpus.Contains(t.Cpu) && t.State is TaskState.Runnable or TaskState.Sleeping))
        {
            yield return new SleepOp(JiffyNs);
        }

        foreach (int c in cpus)
        {
            yield return new OfflineOp(c);
        }

        yield return new ReapOp(tasks);
        foreach (int c in cpus)
        {
            Machine.Cpus[c].LayToRest();
        }
    }

    private IEnumerable<TaskOp> Unplug(IReadOnlyList<int> cpus)
    {
        foreach (int c in cpus)
        {
            yield return new EvacuateOp(c, cpus);
            while (_last!.Value > 0)
            {
                yield return new SleepOp(JiffyNs);
                yield return new EvacuateOp(c, cpus);
            }
        }

        foreach (int c in cpus)
        {
            yield return new OfflineOp(c);
        }
    }

    private sealed record Job(int Node, IReadOnlyList<int> Cpus, Func<IEnumerable<TaskOp>> Steps)
    {
        public bool IsCancelled { get; set; }
    }
}
