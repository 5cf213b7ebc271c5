using System.Diagnostics;
using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Akka.Logging;
using Serilog;

namespace ActorPmu.Akka.Live;

/// <summary>Many live runs of one program; what the hubs share.</summary>
internal sealed class LiveSession(
    Func<IActorHost, Subject> build, LiveOptions options, int hesitateOneIn, ILogger log, Action<LiveProgress>? progress, CancellationToken cancellation)
{
    private readonly Lock _lock = new();
    private readonly LiveTally _tally = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _next;
    private int _hubsLeft = options.Machines;
    private bool _failed;

    public LiveOptions Options => options;

    public int HesitateOneIn => hesitateOneIn;

    /// <summary>Completed when all hubs have ended, or faulted by the first failure.</summary>
    public Task Done => _done.Task;

    public Subject Build(IActorHost host) => build(host);

    /// <summary>The number of the next run, from 0; −1 when there is to be none.</summary>
    public long TakeRun()
    {
        lock (_lock)
        {
            bool isOver = _failed || _next >= options.RunsMax || cancellation.IsCancellationRequested
                || (options.TimeMax is { } max && Stopwatch.GetElapsedTime(_began) >= max);
            return isOver ? -1 : _next++;
        }
    }

    public void HubDone()
    {
        if (Interlocked.Decrement(ref _hubsLeft) == 0)
        {
            _done.TrySetResult();
        }
    }

    /// <summary>Takes note of a run that has ended.</summary>
    /// <returns>Whether its schedule is kept.</returns>
    public bool Put(long run, AkkaHost host, Subject subject, RunTrace trace)
    {
        IReadOnlyList<Violation> violations = subject.Judge(host.End!.Value);
        if (options.VerifiesEachRun)
        {
            Verify(run, host, trace, violations);
        }

        LiveProgress now;
        IReadOnlyList<Violation> found;
        lock (_lock)
        {
            found = _tally.Add(run, host, subject, trace, violations);
            now = _tally.Progress;
        }

        foreach (Violation violation in found)
        {
            LiveLog.Found(log, run, host.Steps, violation);
        }

        LiveLog.Ended(log, run, host.Steps, host.End.Value);
        progress?.Invoke(now);
        return found.Count > 0;
    }

    /// <summary>Ends everything: a bug of ours.</summary>
    /// <param name="failure">What came up.</param>
    /// <param name="run">In which run.</param>
    public void Fail(Exception failure, long run)
    {
        lock (_lock)
        {
            _failed = true;
        }

        LiveLog.Failed(log, failure, run);
        _done.TrySetException(failure is BehaviourCrashException crash ? Explain(crash, run) : failure);
    }

    /// <summary>What came of it. After <see cref="Done"/>.</summary>
    public LiveResult Result()
    {
        lock (_lock)
        {
            return _tally.Result(BuildInWorld, options.StepsMax) with
            {
                Elapsed = Stopwatch.GetElapsedTime(_began),
                Interrupted = cancellation.IsCancellationRequested,
            };
        }
    }

    private Subject BuildInWorld() => build(new World());

    // The same deliveries crash in the deterministic world, where the choices have numbers that the crash file can give.
    private Exception Explain(BehaviourCrashException crash, long run)
    {
        try
        {
            crash.Host.Schedule.Follow(BuildInWorld, options.StepsMax);
        }
        catch (RunCrashException again)
        {
            return new RunCrashException(run, again.Choices, crash.InnerException!);
        }
        catch (InvalidOperationException)
        {
            // Then the crash itself is all there is.
        }

        return new RunCrashException(run, [], crash.InnerException!);
    }

    private void Verify(long run, AkkaHost host, RunTrace trace, IReadOnlyList<Violation> violations)
    {
        LiveSchedule.Followed again = host.Schedule.Follow(BuildInWorld, options.StepsMax);
        string live = LiveTally.Describe(host.End!.Value, trace.Fingerprint, violations);
        string world = LiveTally.Describe(again.Trace.End, again.Trace.Fingerprint, again.Violations);
        if (live != world)
        {
            throw new InvalidOperationException($"run {run} is another one in the deterministic world: {live} on Akka, {world} there");
        }
    }
}
