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
    [InlineData("explore SCENARIO -d v6 --profile SCENARIO", "SCENARIO:6:1: error: a profile has no \"machine\"; ")]
    [InlineData("explore SCENARIO -d v6 --outdir /proc/nope", "error: --outdir /proc/nope: it cannot be made there; name another place\n")]
    [InlineData("explore SCENARIO -d v6 --html /proc/nope/x.html", "error: --html /proc/nope/x.html: it cannot be made there; name another place\n")]
    [InlineData("explore no-such.yaml -d v6", "error: there is no scenario no-such.yaml")]
    [InlineData("explore SCENARIO -d v6 --design-assembly no.dll", "error: --design-assembly no.dll: there is no such file")]
    [InlineData("explore SCENARIO -d v6 --design-assembly SCENARIO", "error: --design-assembly")]
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
}
