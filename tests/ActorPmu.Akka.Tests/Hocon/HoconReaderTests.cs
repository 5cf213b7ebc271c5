using ActorPmu.Akka.Hocon;
using ActorPmu.Akka.Live;
using ActorPmu.Scenarios;
using Akka.Configuration;

namespace ActorPmu.Akka.Tests.Hocon;

public class HoconReaderTests
{
    private static readonly HoconKeys keys = new("actorpmu.live.dispatcher");

    [Theory]
    [InlineData("akka.loglevell = INFO", "x.conf:1:1: error: unknown key akka.loglevell; did you mean \"akka.loglevel\"?")]
    [InlineData("akka {\n  actor {\n    ask-timeut = 1s\n  }\n}", "x.conf:3:5: error: unknown key akka.actor.ask-timeut; did you mean \"akka.actor.ask-timeout\"?")]
    [InlineData("akka.actor.throughput = 3", "x.conf:1:1: error: unknown key akka.actor.throughput; did you mean \"actorpmu.live.dispatcher.throughput\"?")]
    [InlineData("actorpmu.live.dispatcher { throughputt = 3 }", "x.conf:1:28: error: unknown key actorpmu.live.dispatcher.throughputt; did you mean \"actorpmu.live.dispatcher.throughput\"?")]
    [InlineData("aka { loglevel = INFO }", "x.conf:1:1: error: unknown key aka; did you mean \"akka\"?")]
    [InlineData("# a comment\nakka.loggers = [\"a\", # one\n \"b\"]\nakka.hoome = \"\"", "x.conf:4:1: error: unknown key akka.hoome; did you mean \"akka.home\"?")]
    [InlineData("akka.home = \"{ zzz = 1\", akka.hom = 2", "x.conf:1:26: error: unknown key akka.hom; did you mean \"akka.home\"?")]
    [InlineData("akka { loglevel = INFO", "x.conf:1:6: error: this brace is not closed; add a } at the section's end")]
    [InlineData("akka.loglevel", "x.conf:1:1: error: akka.loglevel has no value; write key = value")]
    [InlineData("include \"other.conf\"", "x.conf:1:1: error: no other file is read from here; write its settings out")]
    [InlineData("akka.loglevel = INFO }", "x.conf:1:22: error: there is no section to close; take this } out")]
    [InlineData("akka.home = \"abc", "x.conf:1:13: error: this quote is not closed; add a \"")]
    public void What_is_wrong_is_told_with_its_place_and_what_to_do(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputError>(() => HoconReader.Parse(text, "x.conf", keys)).Message.Split('\n')[0]);

    [Theory]
    [InlineData("akka.actor.serializers { mine = \"My.Serializer, My\" }")]
    [InlineData("akka.actor.deployment { /hub { dispatcher = other } }")]
    [InlineData("actorpmu.live.dispatcher { type = ForkJoinDispatcher, dedicated-thread-pool { thread-count = 4 } }")]
    [InlineData("{ akka : { loglevel : DEBUG } }")]
    [InlineData("akka.\"loglevel\" = DEBUG // as quoted")]
    public void Keys_that_somebody_looks_at_are_taken(string text) => Assert.NotNull(HoconReader.Parse(text, "x.conf", keys));

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.Equal(
            "no/such.conf: error: the file cannot be read; check its name and whether you may read it",
            Assert.Throws<InputError>(() => HoconReader.Read("no/such.conf", keys)).Message);

    [Theory]
    [InlineData("akka.actor.serialize-messages = on", "1:1: error: akka.actor.serialize-messages cannot be \"on\"; write off: the messages of a run are objects of one process")]
    [InlineData("akka {\n  actor.serialize-messages = maybe\n}", "2:3: error: akka.actor.serialize-messages cannot be \"maybe\"; write off: ")]
    public void What_would_make_a_run_wait_for_ever_is_refused(string text, string message)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, text);

        InputError error = Assert.Throws<InputError>(() => LiveSettings.Load(file));

        File.Delete(file);
        Assert.StartsWith($"{file}:{message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_is_what_Akka_reads()
    {
        Config read = HoconReader.Parse("actorpmu.live.dispatcher { throughput = 7 }\nakka { loglevel = DEBUG }", "x.conf", keys);

        Assert.Equal((7, "DEBUG"), (read.GetInt("actorpmu.live.dispatcher.throughput"), read.GetString("akka.loglevel")));
    }

    [Fact]
    public void Another_reference_and_keys_of_ours_can_be_added()
    {
        HoconKeys more = new HoconKeys().Add("actorpmu.cluster.nodes").AddReference("akka.remote { retries = 3 }").AddOpen("actorpmu.names");

        Assert.NotNull(HoconReader.Parse("actorpmu { cluster.nodes = 2, names { any = 1 } }\nakka.remote.retries = 4", "x.conf", more));
        Assert.Throws<InputError>(() => HoconReader.Parse("akka.remote.retry = 4", "x.conf", more));
    }
}
