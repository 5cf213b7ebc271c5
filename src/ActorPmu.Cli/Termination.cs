using System.Runtime.InteropServices;

namespace ActorPmu.Cli;

/// <summary>
/// Ctrl-C and SIGTERM for a command that prints what it has: the first is a wish; the second, or a wait that takes too long, ends the
/// process, whatever its threads are busy with.
/// </summary>
public sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _asked;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TimeSpan _patience;
    private readonly Action<string> _end;
    private Timer? _timer;
    private int _taken;

    /// <summary>Listens from now on.</summary>
    /// <param name="patience">How long a command may take to print what it has.</param>
    /// <param name="end">Ends the process, with a word on why.</param>
    /// <param name="outside">Asks the command to end, as the first signal does, and no more than that.</param>
    public Termination(TimeSpan patience, Action<string> end, CancellationToken outside)
    {
        _asked = CancellationTokenSource.CreateLinkedTokenSource(outside);
        _patience = patience;
        _end = end;
        foreach (PosixSignal signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Take));
        }
    }

    /// <summary>Somebody wants the command to end.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>One more wish.</summary>
    public void Take()
    {
        if (Interlocked.Increment(ref _taken) > 1)
        {
            _end("interrupted again: ends at once, without a result");
            return;
        }

        _timer = new Timer(
            _ => _end(FormattableString.Invariant($"interrupted: what is under way has not ended for {_patience.TotalSeconds:0} s; ends without a result")),
            null, _patience, Timeout.InfiniteTimeSpan);
        _asked.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _timer?.Dispose();
        _asked.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Take();
    }
}
