using System.Runtime.InteropServices;

namespace ActorPmu.Cli;

/// <summary>Ctrl-C and SIGTERM for a command that ends in two steps: the first is a wish, the second is not, the third ends the process.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _insisted = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Listens from now on.</summary>
    /// <param name="outside">Counts as the first one.</param>
    public Interrupts(CancellationToken outside)
    {
        foreach (PosixSignal signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Take));
        }

        outside.Register(_asked.Cancel);
    }

    /// <summary>The first.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>The second.</summary>
    public CancellationToken Insisted => _insisted.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _asked.Dispose();
        _insisted.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = !_insisted.IsCancellationRequested;
        (_asked.IsCancellationRequested ? _insisted : _asked).Cancel();
    }
}
