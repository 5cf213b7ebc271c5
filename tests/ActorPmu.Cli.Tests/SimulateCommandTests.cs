using System.Text.Json;

namespace ActorPmu.Cli.Tests;

/// <summary><c>actorpmu simulate</c> from the command line to the last byte.</summary>
public sealed class SimulateCommandTests
{
    private const string TwoTools = """
        machine: { profile: skl-ht }
        duration: 80ms
        synthetic: [ { name: bursts, run: 2ms, sleep: 6ms }, { name: late, run: 1ms, sleep: 2ms, start: 31ms } ]
        rates: { cycles: 2000, ref-cycles: 1800 }
        tools:
          - { name: a, events: [ cycles, ref-cycles ], on: cpus }
          - { name: b, events: [ ref-cycles, context-switches ], on: cpus }
        """;

    [Fact]
    public async Task The_designs_stand_side_by_side()
    {
        (int exit, string output, string error) = await Simulate(TwoTools);

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
            """

             Simulated FILE: 0.080000000 s on 1 CPU of skl-ht

             a on cpus                | none                                                               | v6
              true count  event       |      count  enabled ms  running ms               estimate   error  |      count  enabled ms  running ms               estimate  error
              66,000,000  cycles      | 44,000,000      80.000      52.000  ( 65.00%)  67,692,308  +2.56%  | 66,000,000      80.000      80.000  (100.00%)  66,000,000  0.00%
              59,400,000  ref-cycles  | 41,400,000      80.000      56.000  ( 70.00%)  59,142,857  -0.43%  | 59,400,000      80.000      80.000  (100.00%)  59,400,000  0.00%

             b on cpus                      | none                                                               | v6
              true count  event             |      count  enabled ms  running ms               estimate   error  |      count  enabled ms  running ms               estimate  error
              59,400,000  ref-cycles        | 18,000,000      80.000      24.000  ( 30.00%)  60,000,000  +1.01%  | 59,400,000      80.000      80.000  (100.00%)  59,400,000  0.00%
                       -  context-switches  |         43      80.000      80.000  (100.00%)          43       -  |         43      80.000      80.000  (100.00%)          43      -

              cost                   none  v6
              context switches         45  45
              pmu->add calls           62   8
              pmu->del calls           62   8
              pmu->read calls           3  10
              IPIs                     15  16
              rotations                20   0
              counters used at most     2   2
              allocations               4   7
            
            """, output);
    }

    [Fact]
    public async Task Two_runs_print_the_same_bytes()
    {
        Assert.Equal(await Simulate(TwoTools), await Simulate(TwoTools));
        Assert.Equal(await Simulate(TwoTools, "-j"), await Simulate(TwoTools, "-j"));
    }

    [Fact]
    public async Task Separated_values_have_a_line_for_each_event_and_cost_of_each_design()
    {
        (int exit, string output, _) = await Simulate(TwoTools, "-x", ",", "--design", "v6");

        Assert.Equal(0, exit);
        string[] lines = output.Split('\n');
        Assert.Equal("design,tool,on,event,count,true count,enabled ns,running ns,running %,estimate,error %,open error,samples", lines[0]);
        Assert.Equal(
            ["v6,a,cpus,cycles", "v6,a,cpus,ref-cycles", "v6,b,cpus,ref-cycles", "v6,b,cpus,context-switches"],
            lines[1..5].Select(line => string.Join(',', line.Split(',').Take(4))));
        Assert.Equal("v6,,,counters used at most,2,,,,,,,,", lines[11]);
        Assert.All(lines[..^1], line => Assert.Equal(13, line.Split(',').Length));
    }

    [Fact]
    public async Task Json_has_the_same_numbers()
    {
        (_, string output, _) = await Simulate(TwoTools, "--json");

        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement[] runs = [.. json.RootElement.GetProperty("runs").EnumerateArray()];
        Assert.Equal(["none", "v6"], runs.Select(r => r.GetProperty("design").GetString()));
        JsonElement e = runs[1].GetProperty("events")[1];
        Assert.Equal(("a", "ref-cycles"), (e.GetProperty("tool").GetString(), e.GetProperty("event").GetString()));
        Assert.Equal(e.GetProperty("true_count").GetInt64(), e.GetProperty("count").GetInt64());
        Assert.Equal(0, e.GetProperty("error_percent").GetDouble());
    }

    [Theory]
    [InlineData("unknown design \"v66\"", "--design", "v66")]
    [InlineData("--design names no design", "--design", ",")]
    [InlineData("--json and -x exclude one another", "-j", "-x", ",")]
    public async Task A_wrong_option_is_wrong_input(string message, params string[] options)
    {
        (int exit, string output, string error) = await Simulate(TwoTools, options);

        Assert.Equal((ExitCode.WrongInput, ""), (exit, output));
        Assert.StartsWith($"error: {message}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_file_is_pointed_at()
    {
        (int exit, _, string error) = await Simulate(TwoTools.Replace("run: 2ms", "run: 2", StringComparison.Ordinal));

        Assert.Equal(ExitCode.WrongInput, exit);
        Assert.StartsWith("FILE:3:35: error: run has no unit; write 2ns, 2us, 2ms or 2s", error, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> Simulate(string workload, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("actorpmu").FullName;
        string file = Path.Combine(folder, "w.yaml");
        try
        {
            await File.WriteAllTextAsync(file, workload);
            using StringWriter output = new();
            using StringWriter error = new();
            int exit = await CommandLine.Run(["simulate", file, .. options], output, error, CancellationToken.None);
            return (exit, Name(output), Name(error));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string Name(StringWriter text) => text.ToString().Replace(file, "FILE", StringComparison.Ordinal);
    }
}
