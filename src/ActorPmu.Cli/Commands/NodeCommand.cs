using System.CommandLine;
using System.Globalization;
using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Serilog.Events;

namespace ActorPmu.Cli.Commands;

/// <summary><c>actorpmu node</c>: one machine whose processors are on several nodes.</summary>
internal static class NodeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "node";

    private const int NodesMax = 64;
    private const int ReportEvery = 50;

    public static Command Create(CliContext context)
    {
        Option<string?> lead = new("--lead") { Description = "Be the first node, and run this scenario: a YAML file, or the name of one in config/scenarios." };
        Option<string> design = new("--design", "-d") { Description = "With --lead: the sharing design (list designs).", DefaultValueFactory = _ => "none" };
        Option<string?> assembly = new("--design-assembly") { Description = "An assembly with more designs; the same on all nodes." };
        Option<int> nodes = new("--nodes", "-n") { Description = "With --lead: how many nodes make the machine, this one included.", DefaultValueFactory = _ => 2 };
        Option<string?> seedNode = new("--seed") { Description = "Take part: host:port of the first node." };
        Option<int> port = new("--port", "-p") { Description = "The port; 0 for any that is free.", DefaultValueFactory = _ => 0 };
        Option<string?> host = new("--host") { Description = "The name by which other machines reach this one; 127.0.0.1 unless told." };
        Option<string?> cpus = new("--cpus") { Description = "The processors that this node runs, like 4-7 or 0,2; unless told, a share of those that no node asks for." };
        Option<ulong> picks = new("--picks") { Description = "With --lead: the seed of each node's picks. The network has none.", DefaultValueFactory = _ => 1 };
        Option<bool?> rt = new("--rt") { Description = "With --lead: whether the kernel is PREEMPT_RT, whatever the scenario says." };
        Option<string?> settings = new("--settings") { Description = "A HOCON file that changes settings of hocon/node.conf." };
        Option<LogEventLevel> log = new("--log") { Description = "What is said on stderr: error, warning, information, debug or verbose.", DefaultValueFactory = _ => LogEventLevel.Error };
        Command command = new(
            Name, "Makes one machine of several processes or computers, and runs a scenario on it. A node that is asked to end (Ctrl-C, SIGTERM) sends its tasks away first.")
        {
            lead, design, assembly, nodes, seedNode, cpus, port, host, picks, rt, settings, log,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            Verbosity.Level.MinimumLevel = parsed.GetValue(log);
            if (parsed.GetValue(lead) is null == parsed.GetValue(seedNode) is null)
            {
                throw new WrongInputException("give --lead SCENARIO to be the first node, or --seed HOST:PORT to take part");
            }

            int ownPort = parsed.GetValue(port);
            if (ownPort is < 0 or > 65_535)
            {
                throw new WrongInputException(FormattableString.Invariant($"--port {ownPort}: give 0 to 65535"));
            }

            DesignCatalogue designs = new(parsed.GetValue(assembly));
            global::Akka.Configuration.Config config = NodeSettings.Load(parsed.GetValue(settings));
            if (parsed.GetValue(host) is { } own && Uri.CheckHostName(own) == UriHostNameType.Unknown)
            {
                throw new WrongInputException($"--host {own}: give the name or the address of this computer, like 192.168.0.7");
            }

            CpuRequest? asked = parsed.GetValue(cpus) is not { } list ? null
                : CpuRequest.Parse(list) ?? throw new WrongInputException($"--cpus {list}: give processors, each once, like 4-7 or 0,2");
            NodeSystem Start(string? first) => AkkaStart.With(
                parsed.GetValue(settings), () => NodeSystem.Start(made => designs.Get(made)(), ownPort, first, parsed.GetValue(host), config, asked));
            using Interrupts interrupts = new(cancellation);
            if (parsed.GetValue(seedNode) is { } seed)
            {
                CheckAddress(seed);
                NodeSystem member = Start(seed);
                await context.Error.WriteLineAsync($"node {member.Address}, waits for {seed}").ConfigureAwait(false);
                return await TakePart(context, member, interrupts).ConfigureAwait(false);
            }

            NodeJob job = new()
            {
                Scenario = ScenarioFiles.Load(parsed.GetValue(lead)!),
                Design = parsed.GetValue(design)!,
                Nodes = parsed.GetValue(nodes) is var count and >= 1 and <= NodesMax
                    ? count
                    : throw new WrongInputException(FormattableString.Invariant($"--nodes {parsed.GetValue(nodes)}: give 1 to {NodesMax}")),
                Seed = parsed.GetValue(picks),
                PreemptRt = parsed.GetValue(rt),
                Progress = context.Error.WriteLine,
                Told = Teller(context),
            };
            _ = designs.Get(job.Design);
            Refusals.Check(job.Scenario, job.Nodes);
            if (asked is not null && asked.Cpus[^1] >= job.Scenario.Spec.CpuCount)
            {
                throw new WrongInputException($"--cpus {asked}: {job.Scenario.File} has {job.Scenario.Spec.CpuCount} processors, 0 to {job.Scenario.Spec.CpuCount - 1}");
            }

            return await Lead(context, job, Start(null), interrupts.Asked).ConfigureAwait(false);
        });
        return command;
    }

    private static void CheckAddress(string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 1 || Uri.CheckHostName(address[..colon]) == UriHostNameType.Unknown
            || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65_535)
        {
            throw new WrongInputException($"--seed {address}: give the first node's host and port, like 192.168.0.7:4053");
        }
    }

    private static async Task<int> TakePart(CliContext context, NodeSystem member, Interrupts interrupts)
    {
        try
        {
            await member.Ended().WaitAsync(interrupts.Asked).ConfigureAwait(false);
            return ExitCode.Ok;
        }
        catch (NodeException e)
        {
            throw new WrongInputException(e.Message);
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync("leaves: its tasks move away and its processors go offline (again: leave at once)").ConfigureAwait(false);
            return await member.Leave(interrupts.Insisted).ConfigureAwait(false) ? ExitCode.Ok : ExitCode.Interrupted;
        }
        finally
        {
            await member.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<int> Lead(CliContext context, NodeJob job, NodeSystem system, CancellationToken cancellation)
    {
        await context.Error.WriteLineAsync($"node {system.Address}; others: actorpmu node --seed {system.Address}").ConfigureAwait(false);
        try
        {
            NodeResult result = await system.Lead(job, cancellation).ConfigureAwait(false);
            await context.Output.WriteAsync(NodeText.Write(job, result)).ConfigureAwait(false);
            return result.Violations.Count > 0 ? ExitCode.Violation : ExitCode.Ok;
        }
        catch (NodeException e)
        {
            throw new WrongInputException(e.Message);
        }
        finally
        {
            await system.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Action<long> Teller(CliContext context)
    {
        long told = 0;
        return operations =>
        {
            if (operations >= told + ReportEvery)
            {
                told = operations;
                context.Error.WriteLine(FormattableString.Invariant($"{operations} operations"));
            }
        };
    }
}
