using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorPmu.Akka.Tests.Cluster;

/// <summary>Real processes on this machine; each test ends them, whatever happens.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private const int Cpus = 12;
    private const int Rounds = 28;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly List<Process> _processes = [];
    private readonly string _scenario = Path.Combine(Path.GetTempPath(), $"actorpmu-nodes-{Guid.NewGuid():N}.yaml");

    public NodeProcessTests() => File.WriteAllText(_scenario, Programs.OpenReadClose(Cpus, Rounds));

    [Fact]
    public async Task Three_processes_make_one_machine_of_twelve_processors_and_killing_one_costs_only_what_was_on_it()
    {
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> said = [];
        string seed = StartLead(halfway, said, out Process lead);
        Process stays = Start(["node", "--seed", seed], _ => { });
        Process dies = Start(["node", "--seed", seed], _ => { });

        await halfway.Task.WaitAsync(Patience);
        dies.Kill();
        string result = await lead.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await lead.WaitForExitAsync().WaitAsync(Patience);

        Assert.True(lead.ExitCode == 0, result + string.Join("\n", said));
        Assert.Contains("was lost; its processors went offline", result, StringComparison.Ordinal);
        Assert.Contains("no violations", result, StringComparison.Ordinal);
        string exact = string.Create(CultureInfo.InvariantCulture, $": own = {3 * Rounds}");
        Assert.True(result.Split('\n').Count(l => l.EndsWith(exact, StringComparison.Ordinal)) >= Cpus * 2 / 3, result);
        await stays.WaitForExitAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_process_that_is_asked_to_end_sends_its_tasks_away_and_all_that_twelve_tools_do_is_done_and_exact()
    {
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> said = [];
        string seed = StartLead(halfway, said, out Process lead, "--cpus", "0-1,6-7");
        Process stays = Start(["node", "--seed", seed], _ => { });
        Process leaves = Start(["node", "--seed", seed, "--cpus", "2-5"], _ => { });

        await halfway.Task.WaitAsync(Patience);
        using Process kill = Process.Start("kill", ["-TERM", leaves.Id.ToString(CultureInfo.InvariantCulture)]);
        await leaves.WaitForExitAsync().WaitAsync(Patience);
        string result = await lead.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await lead.WaitForExitAsync().WaitAsync(Patience);
        await stays.WaitForExitAsync().WaitAsync(Patience);

        Assert.True(lead.ExitCode == 0, result + string.Join("\n", said));
        Assert.Equal((0, 0), (leaves.ExitCode, stays.ExitCode));
        Assert.Contains(" left; its tasks moved away, and its processors went offline", result, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"finished after {Cpus * (1 + (5 * Rounds)):N0} operations"), result, StringComparison.Ordinal);
        Assert.Contains("no violations", result, StringComparison.Ordinal);
        string exact = string.Create(CultureInfo.InvariantCulture, $": own = {3 * Rounds}");
        Assert.Equal(Cpus, result.Split('\n').Count(l => l.EndsWith(exact, StringComparison.Ordinal)));
        Assert.Contains(said, l => l.EndsWith(" runs processors 2-5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_first_process_is_killed_the_others_end_with_exit_code_2_and_the_reason()
    {
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string seed = StartLead(halfway, [], out Process lead);
        List<string>[] said = [[], []];
        Process[] others = [.. said.Select(lines => Start(["node", "--seed", seed], lines.Add))];

        await halfway.Task.WaitAsync(Patience);
        lead.Kill();

        for (int i = 0; i < others.Length; i++)
        {
            await others[i].WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(2, others[i].ExitCode);
            Assert.Contains(said[i], l => l.StartsWith("error: the first node is gone", StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }

        File.Delete(_scenario);
    }

    private string StartLead(TaskCompletionSource halfway, List<string> said, out Process lead, params string[] more)
    {
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        lead = Start(["node", "--lead", _scenario, "--nodes", "3", "--port", port, .. more], line =>
        {
            said.Add(line);
            if (line.EndsWith(" operations", StringComparison.Ordinal))
            {
                halfway.TrySetResult();
            }
        });
        return "127.0.0.1:" + port;
    }

    private Process Start(string[] args, Action<string> said)
    {
        string tool = Path.Combine(AppContext.BaseDirectory.Replace("tests" + Path.DirectorySeparatorChar + "ActorPmu.Akka.Tests", "src" + Path.DirectorySeparatorChar + "ActorPmu.Cli", StringComparison.Ordinal), "actorpmu.dll");
        ProcessStartInfo info = new("dotnet", [tool, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(info)!;
        process.ErrorDataReceived += (_, e) => said(e.Data ?? "");
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
