using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorPmu.Benchmarks.Election;

/// <summary>Chang and Roberts' election as a Promela model: a model checker that has compiled it to C knows no faster way.</summary>
internal sealed partial class InSpin : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("election");

    /// <summary>Writes, translates and compiles the model.</summary>
    /// <param name="nodes">How many nodes, ids descending along the ring.</param>
    /// <param name="reduction">Whether with SPIN's own reduction by partial orders.</param>
    /// <returns>What is missing on this machine; null for nothing.</returns>
    public string? Build(int nodes, bool reduction)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "election.pml"), Model(nodes));
        long began = Stopwatch.GetTimestamp();
        try
        {
            Call("spin", "-a election.pml");
            Call("cc", $"-O2 -w -DSAFETY {(reduction ? "" : "-DNOREDUCE ")}-o pan pan.c");
        }
        catch (Win32Exception)
        {
            return "not installed (apt install spin gcc)";
        }

        BuildTime = Stopwatch.GetElapsedTime(began);
        return null;
    }

    /// <summary>How long translating and compiling took.</summary>
    public TimeSpan BuildTime { get; private set; }

    /// <summary>Runs it to the verdict.</summary>
    /// <returns>The states that it stored.</returns>
    public long Verify()
    {
        string said = Call(Path.Combine(_folder.FullName, "pan"), "-m100000");
        if (!said.Contains("errors: 0", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"pan: {said}");
        }

        return (long)double.Parse(StatesStored().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>Removes the files.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Call(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {arguments}: {said}{errors.Result}");
    }

    private static string Model(int nodes) => $$"""
        #define N {{nodes}}
        mtype = { id, leader };
        chan ring[N] = [{{2 * nodes}}] of { mtype, byte };
        chan start[N] = [1] of { bit };

        proctype node(byte own; chan from; chan to; chan go) {
          byte v; mtype m; bool participates, knows;
          xr from; xs to; xr go;
        end:
          do
          :: atomic { go?_ ->
               if :: !participates -> participates = true; to!id(own) :: else fi }
          :: atomic { from?m,v ->
               if
               :: m == leader ->
                    if :: !knows && v != own -> to!leader(v) :: else fi;
                    knows = true
               :: m == id && v == own -> to!leader(v)
               :: m == id && v > own -> participates = true; to!id(v)
               :: else ->
                    if :: !participates -> participates = true; to!id(own) :: else fi
               fi;
               v = 0; m = 0 }
          od
        }

        init {
          byte i;
          atomic {
            do :: i < N -> start[i]!1; run node(N - i, ring[i], ring[(i + 1) % N], start[i]); i++ :: else -> break od;
            i = 0
          }
        }
        """;

    [GeneratedRegex(@"([\d.e+]+) states, stored")]
    private static partial Regex StatesStored();
}
