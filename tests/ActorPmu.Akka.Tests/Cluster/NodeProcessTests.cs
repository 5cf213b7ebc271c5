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
        int port = FreePort();
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> said = [];
        Process lead = Start(["node", "--lead", _scenario, "--nodes", "3", "--port", port.ToString(CultureInfo.InvariantCulture)], line =>
        {
            said.Add(line);
            if (line.EndsWith(" operations", StringComparison.Ordinal))
            {
                halfway.TrySetResult();
            }
        });
        string seed = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
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
