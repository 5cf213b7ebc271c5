using System.Diagnostics;
using System.Globalization;
using ActorPmu.Explorer;
using Spectre.Console;

namespace ActorPmu.Cli.Exploring;

/// <summary>Says how far a search is: one live line on a terminal, else a plain line now and then.</summary>
/// <param name="context">Where it is said.</param>
/// <param name="silent">Whether nothing is said.</param>
/// <param name="done">What is done with schedules, in the past: <c>explored</c>.</param>
internal sealed class ProgressLine(CliContext context, bool silent, string done = "explored")
{
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(250);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _next;
    private StatusContext? _live;

    private bool _isByChance;
    private double? _schedulesGuessed;

    /// <summary>Says what is searched by now.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="schedulesGuessed">About how many schedules there are, or null where nobody knows.</param>
    public void Shows(IStrategy strategy, double? schedulesGuessed) => (_isByChance, _schedulesGuessed) = (strategy.IsIndexed, schedulesGuessed);

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Does the work with progress shown.</summary>
    public async Task<T> While<T>(Func<Task<T>> work)
    {
        _next = context.IsTerminal ? LiveEvery : PlainEvery;
        if (silent || !context.IsTerminal)
        {
            return await work().ConfigureAwait(false);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Status().StartAsync("exploring", live =>
        {
            _live = live;
            return work();
        }).ConfigureAwait(false);
    }

    /// <summary>Takes note; may come from any thread.</summary>
    public void Report(ExploreProgress progress)
    {
        if (silent)
        {
            return;
        }

        lock (_lock)
        {
            TimeSpan elapsed = Elapsed;
            if (elapsed < _next)
            {
                return;
            }

            string line = Line(progress, elapsed);
            if (_live is { } live)
            {
                _next = elapsed + LiveEvery;
                live.Status(Markup.Escape(line));
            }
            else
            {
                _next = elapsed + PlainEvery;
                context.Error.WriteLine(line);
            }
        }
    }

    private string Line(ExploreProgress p, TimeSpan elapsed)
    {
        string pruned = p.Abandoned == 0 ? "" : Text($" · pruned {p.Abandoned:#,0}");
        string left = p.Jobs.All > 0 ? Text($" · parts {p.Jobs.Done:#,0} of {p.Jobs.All:#,0}")
            : _schedulesGuessed is { } guess ? Text($" · of some {guess:0e+0}")
            : _isByChance && p.Schedules > 0 ? Text($" · unseen {100.0 * p.TracesSeenOnce / p.Schedules:0.0} %")
            : "";
        return Text(
            $"{done} {p.Schedules:#,0}{left}{pruned} · traces {p.Traces:#,0} · depth {p.StepsLongest:#,0} · violations {p.Violations} · {p.Schedules / elapsed.TotalSeconds:#,0}/s · {elapsed:m\\:ss}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
