using ActorPmu.Actors;
using BenchmarkDotNet.Attributes;

namespace ActorPmu.Benchmarks;

/// <summary>Waits for one answer, a thousand times: as a kernel path, three functions deep, and as callbacks.</summary>
[MemoryDiagnoser]
public class Paths
{
    public const int RoundTrips = 1_000;

    private readonly Waiter _waiter = new();
    private readonly End _end = new();
    private readonly Reply _reply = new();
    private Func<Message, bool>? _callback;
    private long _sum;

    [Benchmark(OperationsPerInvoke = RoundTrips)]
    public long Await()
    {
        _sum = 0;
        Many().OnEnd(_end);
        Answer();
        return _sum;
    }

    [Benchmark(OperationsPerInvoke = RoundTrips)]
    public long AwaitThreeDeep()
    {
        _sum = 0;
        ManyDeep().OnEnd(_end);
        Answer();
        return _sum;
    }

    [Benchmark(OperationsPerInvoke = RoundTrips)]
    public long Callback()
    {
        _sum = 0;
        int left = RoundTrips;
        Ask(Next);
        while (_callback is { } callback)
        {
            _callback = null;
            callback(_reply);
        }

        return _sum;

        bool Next(Message answer)
        {
            _sum += ((Reply)answer).Value;
            if (--left > 0)
            {
                Ask(Next);
            }

            return left > 0;
        }
    }

    private void Answer()
    {
        while (_waiter.IsWaiting)
        {
            _waiter.Complete(_reply);
        }
    }

    private void Ask(Func<Message, bool> callback) => _callback = callback;

    private async KernelTask Many()
    {
        for (int i = 0; i < RoundTrips; i++)
        {
            _sum += ((Reply)await _waiter.Answer()).Value;
        }
    }

    private async KernelTask ManyDeep()
    {
        for (int i = 0; i < RoundTrips; i++)
        {
            _sum += await Outer();
        }
    }

    private async KernelTask<int> Outer() => await Inner();

    private async KernelTask<int> Inner() => ((Reply)await _waiter.Answer()).Value;

    private sealed record Reply(int Value = 1) : Message;

    private sealed class End : PathRoot
    {
        protected override void OnEnd()
        {
        }
    }
}
