using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorPmu.Benchmarks;

/// <summary>A Promela model under SPIN: a model checker that has compiled it to C knows no faster way.</summary>
/// <param name="model">The model.</param>
internal sealed partial class InSpin(string model) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spin");

    /// <summary>Writes, translates and compiles the model.</summary>
    /// <param name="reduction">Whether with SPIN's own reduction by partial orders.</param>
    /// <returns>What is missing on this machine; null for nothing.</returns>
    public string? Build(bool reduction)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "model.pml"), model);
        long began = Stopwatch.GetTimestamp();
        try
        {
            Call("spin", "-a model.pml");
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
    /// <param name="depthMax">How deep its search may go, steps.</param>
    /// <returns>The states that it stored.</returns>
    public long Verify(int depthMax = 100_000)
    {
        string said = Call(Path.Combine(_folder.FullName, "pan"), string.Create(CultureInfo.InvariantCulture, $"-m{depthMax}"));
        if (!said.Contains("errors: 0", StringComparison.Ordinal) || said.Contains("too small", StringComparison.Ordinal))
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

    [GeneratedRegex(@"([\d.e+]+) states, stored")]
    private static partial Regex StatesStored();
}
