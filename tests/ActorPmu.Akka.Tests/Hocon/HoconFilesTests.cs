using ActorPmu.Akka.Hocon;

namespace ActorPmu.Akka.Tests.Hocon;

public class HoconFilesTests
{
    [Fact]
    public void The_settings_of_the_live_host_travel_with_the_assembly() =>
        Assert.Contains("actorpmu.live", HoconFiles.Text("hocon/live.conf"), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_not_there_is_refused() =>
        Assert.Throws<ArgumentException>(() => HoconFiles.Text("hocon/none.conf"));
}
