using ActorPmu.Akka.Hosting;
using Akka.Dispatch;

namespace ActorPmu.Akka.Controlled;

/// <summary>The mailboxes that could run, and who runs them: the thread that calls, one at a time.</summary>
/// <remarks>While nobody is in control, before the hub stands and after the last run, mailboxes run on .NET's pool as they come.</remarks>
internal sealed class Controller
{
    private readonly Lock _lock = new();
    private readonly List<IRunnable> _ready = [];
    private int _thread;
    private int _onPool;

    /// <summary>Runs that were asked for by a thread other than the controlling one: there must be none.</summary>
    public int Foreign { get; private set; }

    /// <summary>Takes control on this thread, once nothing runs on the pool any more: what ends there would wake its mailbox again.</summary>
    public void Seize() => SpinWait.SpinUntil(TrySeize);

    private bool TrySeize()
    {
        lock (_lock)
        {
            if (_thread == 0 && _onPool > 0)
            {
                return false;
            }

            _thread = Environment.CurrentManagedThreadId;
            return true;
        }
    }

    /// <summary>Lets everything run that could, and will from now on, on the pool.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _thread = 0;
            _ready.ForEach(ToPool);
            _ready.Clear();
        }
    }

    public void Add(IRunnable run)
    {
        lock (_lock)
        {
            if (_thread == 0)
            {
                ToPool(run);
                return;
            }

            Foreign += _thread == Environment.CurrentManagedThreadId ? 0 : 1;
            _ready.Add(run);
        }
    }

    /// <summary>Runs everything that is no delivery: what Akka tells its actors, what the hub is told.</summary>
    public void RunCommands()
    {
        while (_ready.FindIndex(IsCommand) is var at and >= 0)
        {
            RunAt(at);
        }
    }

    /// <summary>The deliveries that are possible now, in canonical order.</summary>
    public List<Parcel> Possible() =>
        [.. Queues().SelectMany(q => q.Heads).Where(p => p.Channel.Receiver.Accepts(p.AcceptClass)).OrderBy(p => p.Channel)];

    /// <summary>All first messages of channels, whether or not they are taken.</summary>
    public List<Parcel> Heads() => [.. Queues().SelectMany(q => q.Heads).OrderBy(p => p.Channel)];

    /// <summary>Delivers one message.</summary>
    /// <param name="parcel">One of <see cref="Heads"/>.</param>
    public void Deliver(Parcel parcel)
    {
        int at = _ready.FindIndex(r => QueueOf(r)?.Heads.Contains(parcel) == true);
        QueueOf(_ready[at])!.Next = parcel.Channel;
        RunAt(at);
    }

    private IEnumerable<ControlledQueue> Queues() => _ready.Select(QueueOf).OfType<ControlledQueue>();

    private static ControlledQueue? QueueOf(IRunnable run) => (run as Mailbox)?.MessageQueue as ControlledQueue;

    // A mailbox with nothing but a run's messages waits to be named; one with none has something of Akka's own to do.
    private static bool IsCommand(IRunnable run) => QueueOf(run) is not { } queue || queue.HasCommand || !queue.HasMessages;

    private void RunAt(int at)
    {
        IRunnable run = _ready[at];
        _ready.RemoveAt(at);
        run.Run();
    }

    // Under the lock.
    private void ToPool(IRunnable run)
    {
        _onPool++;
        ThreadPool.UnsafeQueueUserWorkItem(RunOnPool, run, preferLocal: false);
    }

    private void RunOnPool(IRunnable run)
    {
        try
        {
            run.Run();
        }
        finally
        {
            lock (_lock)
            {
                _onPool--;
            }
        }
    }
}
