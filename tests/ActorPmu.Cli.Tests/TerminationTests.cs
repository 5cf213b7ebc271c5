using System.Collections.Concurrent;
using Xunit;

namespace ActorPmu.Cli.Tests;

public sealed class TerminationTests
{
    [Fact]
    public void The_first_signal_is_a_wish_and_the_second_ends_the_process_whatever_is_under_way()
    {
        List<string> ended = [];
        using Termination termination = new(TimeSpan.FromDays(1), ended.Add, CancellationToken.None);

        termination.Take();
        Assert.True(termination.Asked.IsCancellationRequested);
        Assert.Empty(ended);

        termination.Take();
        Assert.Equal(["interrupted again: ends at once, without a result"], ended);
    }

    [Fact]
    public void What_does_not_end_after_a_signal_is_ended()
    {
        using BlockingCollection<string> ended = [];
        using Termination termination = new(TimeSpan.FromMilliseconds(1), ended.Add, CancellationToken.None);

        termination.Take();

        Assert.Equal("interrupted: what is under way has not ended for 0 s; ends without a result", ended.Take());
    }
}
