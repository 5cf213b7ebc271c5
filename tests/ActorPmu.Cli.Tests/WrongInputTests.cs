namespace ActorPmu.Cli.Tests;

public sealed class WrongInputTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("exlpore", "error: unknown command \"exlpore\"; did you mean \"explore\"?")]
    [InlineData("list desings", "error: unknown command \"desings\"; did you mean \"designs\"?")]
    [InlineData("explore x.yaml", "error: Option '--design' is required.")]
    [InlineData("explore -d v6", "error: Required argument 'scenario' missing for command: 'explore'.")]
    [InlineData("explore SCENARIO -d v6 --sed 1", "error: unknown option \"--sed\"; did you mean \"--seed\"?")]
    [InlineData("explore SCENARIO -d v6 --repeat 2 --json", "error: --repeat prints how many schedules each search took: leave out --json, --junit, --html, --coverage, --shrink-scenario, --checkpoint and --resume")]
    [InlineData("explore SCENARIO -d v66", "error: unknown design \"v66\"; did you mean \"v6\"?")]
    [InlineData("explore SCENARIO -d v6+cgroup-chek", "error: unknown design \"v6+cgroup-chek\"; did you mean \"v6+cgroup-check\"?")]
    [InlineData("explore SCENARIO -d v6+nonsense", "error: unknown design \"v6+nonsense\"; v6 has no choice \"nonsense\", but whole-attr, sampling-test and cgroup-check, as in v6+whole-attr\n")]
    [InlineData("explore SCENARIO -d v6+cgroup-check+nonsense", "error: unknown design \"v6+cgroup-check+nonsense\"; v6 has no choice \"nonsense\", but whole-attr, sampling-test and cgroup-check, as in v6+whole-attr\n")]
    [InlineData("explore SCENARIO -d v6+cgroup-chek+whole-attr", "error: unknown design \"v6+cgroup-chek+whole-attr\"; did you mean \"v6+cgroup-check+whole-attr\"? v6 has the choices whole-attr, sampling-test and cgroup-check\n")]
    [InlineData("explore SCENARIO -d v6+cgroup-check+cgroup-check", "error: unknown design \"v6+cgroup-check+cgroup-check\"; cgroup-check is there twice\n")]
    [InlineData("explore SCENARIO -d v7+nonsense", "error: unknown design \"v7+nonsense\"; v7 has no choices: leave out +nonsense\n")]
    [InlineData("explore SCENARIO -d v66+cgroup-check", "error: unknown design \"v66+cgroup-check\"; did you mean \"v6+cgroup-check\"?")]
    [InlineData("explore SCENARIO -d v6 -s radnom", "error: unknown strategy \"radnom\"; did you mean \"random\"?")]
    [InlineData("explore SCENARIO -d v6 --schedules 0", "error: --schedules 0: give 1 or more")]
    [InlineData("explore SCENARIO -d v6 --workers 1000", "error: --workers 1000: give 1 to 256")]
    [InlineData("explore SCENARIO -d v6 --require-complete -s random", "error: --require-complete and --strategy random exclude one another")]
    [InlineData("explore SCENARIO -d v6 --memory tso", "SCENARIO:6:10: error: the scenario is not fine-grained, and memory says what others see between accesses; ask for fine-grained, too (--fine-grained true), or leave memory out\n")]
    [InlineData("explore SCENARIO -d v6 --memory tso --fine-grained false", "error: --memory and --fine-grained false exclude one another: where it is not fine-grained, nobody comes in between accesses\n")]
    [InlineData("explore SCENARIO -d v6 --profile zenn", "error: unknown profile \"zenn\"; did you mean \"zen\"?\n")]
    [InlineData("explore SCENARIO -d v6 --profile no/such.yaml", "no/such.yaml: error: the file cannot be read; name a hardware profile: a file like those of config/profiles, or one of their names\n")]
    [InlineData("explore SCENARIO -d v6 --profile SCENARIO", "SCENARIO:8:1: error: this is a scenario and no hardware profile; actorpmu explore SCENARIO reads it\n")]
    [InlineData("compare --matrix SCENARIO", "SCENARIO:8:1: error: this is a scenario and no matrix of claims; actorpmu explore SCENARIO reads it\n")]
    [InlineData("simulate SCENARIO -d v6", "SCENARIO:8:1: error: this is a scenario and no workload; actorpmu explore SCENARIO reads it\n")]
    [InlineData("replay SCENARIO", "SCENARIO:1:1: error: this is no JSON: '#' is an invalid start of a value; a replay file begins with {; explore, run and hunt write them\n")]
    [InlineData("list", "error: actorpmu list needs one word more: ")]
    [InlineData("conform no/such", "no/such: error: cannot list the directory: ")]
    [InlineData("explore SCENARIO -d v6 --outdir /proc/nope", "error: --outdir /proc/nope: it cannot be made there; name another place\n")]
    [InlineData("explore SCENARIO -d v6 --html /proc/nope/x.html", "error: --html /proc/nope/x.html: it cannot be made there; name another place\n")]
    [InlineData("explore no-such.yaml -d v6", "error: there is no scenario no-such.yaml")]
    [InlineData("explore SCENARIO -d v6 --design-assembly no.dll", "error: --design-assembly no.dll: there is no such file")]
    [InlineData("explore SCENARIO -d v6 --design-assembly SCENARIO", "error: --design-assembly")]
    [InlineData("node --lead SCENARIO --cpus 7-4", "error: --cpus 7-4: give processors, each once, like 4-7 or 0,2")]
    [InlineData("node --lead SCENARIO --nodes 1 --cpus 0-9", "error: --cpus 0-9: ")]
    [InlineData("replay no-such.replay", "no-such.replay: error: the file cannot be read; check its name and whether you may read it")]
    [InlineData("check no-such.yaml", "error: there is no scenario no-such.yaml")]
    public async Task Wrong_input_is_2_and_says_what_to_do(string line, string message)
    {
        string[] args = [.. line.Split(' ').Select(a => a.Replace("SCENARIO", Cli.Scenario("user-beside-kernel"), StringComparison.Ordinal))];
        (int code, string output, string error) = await Cli.Run(args);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(message.Replace("SCENARIO", Cli.Scenario("user-beside-kernel"), StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("replay", ": error: the file cannot be read; ")]
    [InlineData("simulate", ": error: the file cannot be read; name a workload file")]
    [InlineData("conform", ": error: cannot list the directory: ")]
    [InlineData("check", "error: there is no scenario ; ")]
    public async Task An_empty_path_is_wrong_input(string command, string message)
    {
        (int code, _, string error) = await Cli.Run(command, "");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_with_an_error_is_2_with_its_place()
    {
        string file = _cli.Write("wrong.yaml", "machine: { cpus: 1, profile: tinny }\ntasks: []\n");
        (int code, _, string error) = await Cli.Run("explore", file, "-d", "v6");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:1:30: error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reads_every_file_and_is_2_when_one_is_wrong()
    {
        string wrong = _cli.Write("wrong.yaml", "machine: { cpus: 1, profile: tinny }\ntasks: []\n");
        (int code, string output, string error) = await Cli.Run("check", wrong, Cli.Scenario("five-classes"));

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{wrong}:1:30: error: ", error, StringComparison.Ordinal);
        Assert.Equal($"{Cli.Scenario("five-classes")}: ok, 2 tasks on 2 cpus of wide\n", output);
    }

    [Fact]
    public async Task Check_reads_the_scenarios_of_a_folder()
    {
        _cli.Write("b.yaml", "machine: { cpus: 1, profile: tinny }\ntasks: []\n");
        File.Copy(Cli.Scenario("five-classes"), Path.Combine(_cli.OutDir, "a.yaml"));
        (int code, string output, string error) = await Cli.Run("check", _cli.OutDir);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal($"{_cli.OutDir}/a.yaml: ok, 2 tasks on 2 cpus of wide\n", output);
        Assert.StartsWith($"{_cli.OutDir}/b.yaml:1:30: error: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("explore -d v6 --coverage")]
    public async Task A_folder_without_scenarios_says_where_there_are_some(string line)
    {
        _cli.Write("notes.txt", "");
        (int code, _, string error) = await Cli.Run([.. line.Split(' '), _cli.OutDir]);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal($"error: {_cli.OutDir} holds no scenario: no file there ends in .yaml; name a scenario, or a folder of them like config/scenarios\n", error);

        string below = Directory.CreateDirectory(Path.Combine(_cli.OutDir, "mine")).FullName;
        File.Copy(Cli.Scenario("five-classes"), Path.Combine(below, "a.yaml"));
        (_, _, error) = await Cli.Run([.. line.Split(' '), _cli.OutDir]);

        Assert.Equal($"error: {_cli.OutDir} holds no scenario: no file there ends in .yaml; name one of its folders: {below}\n", error);
    }

    [Theory]
    [InlineData("matrix.yaml", "claims", "this is a matrix of claims and no scenario; actorpmu compare --matrix FILE reads it")]
    [InlineData("workloads/four-tools.yaml", "tools", "this is a workload and no scenario; actorpmu simulate FILE reads it")]
    [InlineData("profiles/zen.yaml", "pmus", "this is a hardware profile and no scenario; --profile FILE runs a scenario on it")]
    public async Task A_file_of_another_kind_is_told_from_a_scenario(string name, string key, string message)
    {
        string file = Repository.Of($"config/{name}");
        int at = Array.FindIndex(await File.ReadAllLinesAsync(file), l => l.StartsWith(key, StringComparison.Ordinal)) + 1;
        (int code, _, string error) = await Cli.Run("check", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:{at}:1: error: {message.Replace("FILE", file, StringComparison.Ordinal)}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_file_is_told_from_a_scenario()
    {
        await _cli.Explore("user-beside-kernel", "v6");
        string file = _cli.Replay();
        (int code, _, string error) = await Cli.Run("explore", file, "-d", "v6");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:2:3: error: this is a replay file and no scenario; actorpmu replay {file} reads it\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_costs_is_told_from_a_scenario()
    {
        string file = Repository.Of("config/costs/apart.yaml");
        (int code, _, string error) = await Cli.Run("check", file);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal($"{file}: error: this is a program of costs and no scenario; a row of kind cost in a matrix names it\n", error);
    }

    [Fact]
    public async Task A_scenario_that_nobody_knows_is_not_answered_with_all_that_there_are()
    {
        (int code, _, string error) = await Cli.Run("check", "qqqqqqqqqq");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Matches(@"\Aerror: there is no scenario qqqqqqqqqq; (actorpmu list scenarios tells those of the tool|name a file; there is no config/scenarios here)\n\z", error);
    }

    [Theory]
    [InlineData("master-goes", "did you mean \"defects/master-goes\"?")]
    [InlineData("defects/master-gose", "did you mean \"defects/master-goes\"?")]
    [InlineData("reset-is-lsot", "did you mean \"findings/reset-is-lost\"?")]
    [InlineData("user-beside-kernle", "did you mean \"user-beside-kernel\"?")]
    public void A_scenario_of_another_folder_is_suggested_with_its_folder(string name, string advice) =>
        Assert.Equal(advice, ScenarioFiles.Advice(name, Cli.Scenarios));

    [Theory]
    [InlineData("list", "properties")]
    [InlineData("explore", "SCENARIO", "-d", "v6", "--no-shrink")]
    public async Task A_closed_output_is_told_in_one_line(params string[] line)
    {
        using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.Run(
            [.. line.Select(a => a.Replace("SCENARIO", Cli.Scenario("user-beside-kernel"), StringComparison.Ordinal)), .. line[0] == "explore" ? new[] { "-o", _cli.OutDir, "--no-progress" } : []],
            new ClosedWriter(), error, CancellationToken.None);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal("error: the output cannot be written: it is closed\n", error.ToString());
    }

    // As .NET answers a write to a descriptor that is closed.
    private sealed class ClosedWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new UnauthorizedAccessException("Access to the path is denied.");
    }
}
