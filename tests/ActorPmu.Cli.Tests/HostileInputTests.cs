namespace ActorPmu.Cli.Tests;

/// <summary>What is read may be anything, and what is written may not fit.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("explore SCENARIO -d v6 --repeat 2147483647", "error: --repeat 2147483647: give 1 to 1000000\n")]
    [InlineData("explore SCENARIO -d v6 -s pct --depth 2147483647", "error: --depth 2147483647: give 1 to 1000\n")]
    [InlineData("explore SCENARIO -d v6 --seconds -1", "error: --seconds -1: give more than 0, and at most 1000000\n")]
    [InlineData("explore SCENARIO -d v6 --seconds NaN", "error: --seconds NaN: give more than 0, and at most 1000000\n")]
    [InlineData("hunt -d v6 --seed -1", "error: --seed -1: give a whole number from 0 to 18446744073709551615\nhelp:  actorpmu hunt --help\n")]
    [InlineData("explore SCENARIO -d v6 -n many", "error: --schedules many: give a whole number, at most 9223372036854775807\nhelp:  actorpmu explore --help\n")]
    [InlineData("explore SCENARIO -d v6 --seconds long", "error: --seconds long: give a number\nhelp:  actorpmu explore --help\n")]
    [InlineData("check SCENARIO --determinism -d v6 -n 0", "error: --schedules 0: give 1 or more\n")]
    [InlineData("node --seed garbage", "error: --seed garbage: give the first node's host and port, like 192.168.0.7:4053\n")]
    [InlineData("node --seed host:99999", "error: --seed host:99999: give the first node's host and port, like 192.168.0.7:4053\n")]
    [InlineData("node --lead SCENARIO --host bad/host -n 1", "error: --host bad/host: give the name or the address of this computer, like 192.168.0.7\n")]
    public async Task Numbers_and_addresses_that_nothing_can_be_done_with_are_refused(string line, string message)
    {
        (int code, string output, string error) = await Run(line);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal(message, error);
        Assert.Empty(output);
    }

    [Fact]
    public async Task The_largest_number_of_schedules_is_a_bound_like_any_other()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "-s", "random", "-n", "9223372036854775807", "--no-shrink");

        Assert.Equal(ExitCode.Violation, code);
        Assert.Contains("in 1 schedule, 97 steps, ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check /dev/zero", "/dev/zero: error: the file has more than 8 MiB; ")]
    [InlineData("compare --matrix /dev/zero", "/dev/zero: error: the file has more than 8 MiB; ")]
    [InlineData("run SCENARIO -d none --settings /dev/zero", "/dev/zero: error: the file has more than 1 MiB; ")]
    public async Task A_file_without_an_end_does_not_fill_the_memory(string line, string message)
    {
        (int code, _, string error) = await Run(line);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_nobody_could_look_at_is_shown_in_part_and_obeyed_by_no_terminal()
    {
        string file = _cli.Write("long.yaml", $"machine: \"{new string('x', 100_000)}\\e[31m{new string('y', 100_000)}\"\n");
        (int code, _, string error) = await Cli.Run("check", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:1:10: error: a machine is a map of keys and values, not \"xxx", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, 2_000);
        Assert.DoesNotContain('\e', error);
    }

    [Fact]
    public async Task Many_keys_are_read_in_the_time_that_they_take()
    {
        string file = _cli.Write("keys.yaml", $"machine: {{ {string.Join(", ", Enumerable.Range(0, 200_000).Select(i => $"k{i}: 1"))} }}\n");
        (int code, _, string error) = await Cli.Run("check", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:1:12: error: a machine has no \"k0\"; ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\ud800", "this text has characters that there are not")]
    public async Task Half_a_character_in_a_replay_file_is_an_error_with_its_place(string half, string message)
    {
        await _cli.Explore("user-beside-kernel", "v6", "--no-shrink");
        string text = await File.ReadAllTextAsync(_cli.Replay());
        string file = _cli.Write("half.replay", text.Replace("\"step\": \"cpu/0→task/0 reply: begin", $"\"step\": \"{half}", StringComparison.Ordinal));
        (int code, _, string error) = await Cli.Run("replay", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Matches($@"\A{file}:\d+:\d+: error: {message}\n\z", error);
    }

    [Theory]
    [InlineData("hesitate-one-in = lots", "actorpmu.live.hesitate-one-in cannot be \"lots\"; write a number from 0 to 2147483647")]
    [InlineData("dispatcher.throughput = 0", "actorpmu.live.dispatcher.throughput cannot be \"0\"; write a number from 1 to 2147483647")]
    [InlineData("dispatcher.dedicated-thread-pool.thread-count = 99999999", "actorpmu.live.dispatcher.dedicated-thread-pool.thread-count cannot be \"99999999\"; write a number from 1 to 1024")]
    [InlineData("dispatcher.throughput-deadline-time = soon", "actorpmu.live.dispatcher.throughput-deadline-time cannot be \"soon\"; write a time like 20ms or 3s, 0 ms at least")]
    [InlineData("hesitate-one-in = ${actorpmu}", "${ stands for another value; write that value out")]
    public async Task A_setting_that_Akka_would_stumble_over_is_an_error_with_its_place(string setting, string message)
    {
        string file = _cli.Write("live.conf", $"actorpmu.live.{setting}\n");
        (int code, _, string error) = await Run($"run SCENARIO -d none -n 1 --settings {file}");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:1:", error, StringComparison.Ordinal);
        Assert.Contains($" error: {message}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dispatcher_that_Akka_does_not_know_is_wrong_input()
    {
        string file = _cli.Write("live.conf", "actorpmu.live.dispatcher.type = Nope\n");
        (int code, _, string error) = await Run($"run SCENARIO -d none -n 1 --settings {file}");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}: error: Akka refuses the settings: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "this is no checkpoint; ")]
    [InlineData("actorpmu-checkpoint 9\n", "the file has format actorpmu-checkpoint 9 and this version reads actorpmu-checkpoint 1; ")]
    [InlineData("actorpmu-checkpoint 1\r\n", "the file's line breaks have been changed; ")]
    [InlineData("actorpmu-checkpoint 1\nsetting tool 1\n", "the file is cut or was edited: ")]
    public async Task A_checkpoint_that_is_not_as_it_was_written_is_refused(string text, string message)
    {
        string file = _cli.Write("search.ck", text);
        (int code, _, string error) = await _cli.Explore("user-beside-kernel", "none", "-s", "random", "--resume", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Matches($@"\A{file}:\d:1: error: {message}", error);
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("--junit")]
    [InlineData("--html")]
    public async Task A_full_disk_under_a_file_costs_no_result(string option)
    {
        (int code, string output, string error) = await _cli.Explore("user-beside-kernel", "v6", option, "/dev/full");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"error: {option} /dev/full: No space left on device", error, StringComparison.Ordinal);
        Assert.Contains("\nVIOLATION counts-exact  schedule 0, 96 steps", output, StringComparison.Ordinal);
        Assert.Contains("\nresult: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_under_a_checkpoint_costs_no_result_and_no_device()
    {
        (int code, string output, string error) = await _cli.Explore("user-beside-kernel", "none", "-s", "random", "-n", "70", "--checkpoint", "/dev/full");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith("error: --checkpoint /dev/full: No space left on device", error, StringComparison.Ordinal);
        Assert.Contains("result: no violation, 1 trace in 70 schedules", output, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "x"));
    }

    [Theory]
    [InlineData("explore SCENARIO -d v6 --outdir FILE", "error: --outdir FILE: ")]
    [InlineData("hunt -d v6 -n 1 --schedules 1 --outdir FILE", "error: --outdir FILE: ")]
    [InlineData("compare -c T-06 -d none --outdir FILE", "error: --outdir FILE: ")]
    [InlineData("explore SCENARIO -d none -s random --checkpoint OUT", "error: --checkpoint OUT: ")]
    [InlineData("explore SCENARIO -d v6 --html OUT", "error: --html OUT: ")]
    public async Task A_place_where_nothing_can_be_written_is_told_before_the_search(string line, string message)
    {
        string file = _cli.Write("file", "");
        line = line.Replace("compare", $"compare --matrix {Repository.Of("config/matrix.yaml")}", StringComparison.Ordinal);
        (int code, string output, string error) = await Run(Filled(line));

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(Filled(message), error, StringComparison.Ordinal);
        Assert.Empty(output);

        string Filled(string text) => text.Replace("FILE", file, StringComparison.Ordinal).Replace("OUT", _cli.OutDir, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_replaced_as_a_whole_and_a_link_stays_a_link()
    {
        string file = _cli.Write("page.html", "what was there before");
        string link = Path.Combine(_cli.OutDir, "link.html");
        File.CreateSymbolicLink(link, file);
        await _cli.Explore("user-beside-kernel", "v6", "--html", link);

        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cli.OutDir, "*.new"));
    }

    [Fact]
    public async Task Progress_that_cannot_be_said_ends_no_search()
    {
        using ForgivingWriter error = new(new FullWriter());
        using StringWriter output = new();
        int wrong = await CommandLine.Run(["explore", "no-such.yaml", "-d", "v6"], output, error, CancellationToken.None);
        int found = await CommandLine.Run(
            ["explore", Cli.Scenario("user-beside-kernel"), "-d", "v6", "-o", _cli.OutDir, "--html", Path.Combine(_cli.OutDir, "run.html")],
            output, error, CancellationToken.None);

        Assert.Equal(ExitCode.WrongInput, wrong);
        Assert.Equal(ExitCode.Violation, found);
    }

    [Fact]
    public async Task An_interrupted_check_claims_no_schedule_that_it_did_not_run()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        string file = Cli.Scenario("user-beside-kernel");
        (int code, string output, _) = await Cli.Run(source.Token, "check", file, "--determinism", "-d", "none");

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Equal($"{file}: interrupted; 0 schedules run twice by then, no difference\n", output);
    }

    [Fact]
    public async Task An_interrupted_repetition_begins_no_further_search()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        (int code, string output, _) = await Cli.Run(
            source.Token, "explore", Cli.Scenario("user-beside-kernel"), "-d", "none", "-s", "random", "--repeat", "1000000", "-o", _cli.OutDir);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Matches(@"\nrandom +0 +0 ", output);
    }

    private sealed class FullWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }

    private static Task<(int Code, string Output, string Error)> Run(string line) =>
        Cli.Run([.. line.Split(' ').Select(a => a.Replace("SCENARIO", Cli.Scenario("user-beside-kernel"), StringComparison.Ordinal))]);
}
