using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Explorer;
using Akka.Actor;
using Envelope = ActorPmu.Actors.Envelope;

namespace ActorPmu.Akka.Controlled;

/// <summary>A run on controlled Akka that goes on delivery by delivery, as its owner says. All on one thread at a time.</summary>
public sealed class ControlledRun : IDisposable
{
    private readonly Controller _controller;
    private readonly ControlledOrder _order;
    private readonly AkkaHost _host;
    private List<Parcel>? _possible;

    internal ControlledRun(Controller controller, ControlledOrder order)
    {
        _controller = controller;
        _order = order;
        _host = order.Host!;
    }

    /// <summary>What is run.</summary>
    public Subject Subject => _order.Subject!;

    /// <summary>Why it ended; null while it goes on.</summary>
    public RunEnd? End => _host.End;

    /// <summary>Deliveries made so far.</summary>
    public long Steps => _host.Steps;

    /// <summary>What could be delivered now, in canonical order; empty after the end.</summary>
    public IReadOnlyList<Envelope> Possible()
    {
        _controller.Seize();
        _possible = End is null ? _controller.Possible() : [];
        return [.. _possible.Select(p => p.Envelope)];
    }

    /// <summary>Makes one delivery.</summary>
    /// <param name="picked">A position in what <see cref="Possible"/> returned last.</param>
    /// <exception cref="RunCrashException">A behaviour failed.</exception>
    public void Deliver(int picked)
    {
        List<Parcel> possible = _possible ?? throw new InvalidOperationException($"ask {nameof(Possible)} first");
        _possible = null;
        _controller.Seize();
        _host.Pick = (possible.Count, picked);
        _controller.Deliver(possible[picked]);
        _controller.RunCommands();
        _order.ThrowIfFailed();
    }

    /// <summary>Does what no delivery does, for instance sends in an actor's name. Nothing happens after the end.</summary>
    /// <param name="act">What to do.</param>
    public void Outside(Action act)
    {
        _possible = null;
        _controller.Seize();
        _host.Outside(act);
        _controller.RunCommands();
    }

    /// <summary>The Akka actor that an actor of the run lives in; null when there is no such actor, or it stands for the environment.</summary>
    /// <param name="id">The actor.</param>
    public IActorRef? ShellOf(ActorId id) => _host.ShellOf(id);

    /// <summary>Ends the run, if it has not ended.</summary>
    /// <param name="end">Why.</param>
    public void Stop(RunEnd end) => _host.Stop(end);

    /// <summary>Judges a run that has ended. Once.</summary>
    /// <returns>How it ended, and what was found.</returns>
    /// <exception cref="InvalidOperationException">It has not ended, or a thread that is not in control took part.</exception>
    public ControlledResult Judge()
    {
        RunEnd end = End ?? throw new InvalidOperationException("the run goes on");
        Drain();
        IReadOnlyList<Kernel.Violation> violations = Subject.Judge(end);
        return _controller.Foreign == 0
            ? new ControlledResult(end, Steps, violations)
            : throw new InvalidOperationException($"{_controller.Foreign} mailboxes were woken by a thread that is not in control");
    }

    /// <summary>Takes what is left out of the mailboxes, for the next run finds the same shells, and lets go of Akka.</summary>
    public void Dispose()
    {
        _controller.Seize();
        Stop(RunEnd.Abandoned);
        if (_order.Failure is null)
        {
            Drain();
        }

        _controller.Release();
    }

    private void Drain()
    {
        while (_controller.Heads() is { Count: > 0 } left)
        {
            _controller.Deliver(left[0]);
            _controller.RunCommands();
        }
    }
}
