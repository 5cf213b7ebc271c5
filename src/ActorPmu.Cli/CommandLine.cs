using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ActorPmu.Cli.Commands;
using Serilog;

namespace ActorPmu.Cli;

/// <summary>The commands and how they end.</summary>
public static class CommandLine
{
    // Long enough that an interrupted search can shrink and print what it has.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A new command is one file in Commands/ and one line here.
    private static readonly Func<CliContext, Command>[] Commands =
    [
        ExploreCommand.Create,
        HuntCommand.Create,
        ReplayCommand.Create,
        CheckCommand.Create,
        ListCommand.Create,
        ConformCommand.Create,
        RunCommand.Create,
        NodeCommand.Create,
        SimulateCommand.Create,
        CompareCommand.Create,
    ];

    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line, without the program's name.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where progress, tips and errors go.</param>
    /// <param name="cancellation">Ends a search early, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(args);
        output = new ResultWriter(output);
        CliContext context = new(output, error);
        RootCommand root = new("Runs, races and judges designs for sharing PMU counters across perf events.");
        foreach (Func<CliContext, Command> create in Commands)
        {
            root.Subcommands.Add(create(context));
        }

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"error: {MessageOf(parsed)}").ConfigureAwait(false);
            await error.WriteLineAsync($"help:  actorpmu {HelpOf(parsed)}").ConfigureAwait(false);
            return ExitCode.WrongInput;
        }

        if (parsed.Action is ParseErrorAction parseError)
        {
            parseError.ShowHelp = false;
        }

        // A node listens for itself: it may have tasks to send away.
        using Termination? termination = parsed.CommandResult.Command.Name == NodeCommand.Name ? null : new Termination(
            Patience,
            why =>
            {
                error.WriteLine(why);
                Environment.Exit(ExitCode.Interrupted);
            },
            cancellation);
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, termination?.Asked ?? cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (DesignFault.Of(e, parsed.GetResult("--design-assembly") is not null) is { } fault)
        {
            // Before all others: what a design throws may look like any of them.
            string? file = CrashFile.Write(args, e);
            await error.WriteLineAsync(fault.ToString()).ConfigureAwait(false);
            await error.WriteLineAsync(file is null ? "no file with the stack could be written" : $"{file} has the stack, and the schedule if one was under way").ConfigureAwait(false);
            return ExitCode.WrongInput;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("interrupted").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (InputProblem.Describe(e) is { } problem)
        {
            await error.WriteLineAsync(problem).ConfigureAwait(false);
            return ExitCode.WrongInput;
        }
        catch (IOException e)
        {
            // A full disk or a closed pipe under the output.
            await error.WriteLineAsync($"error: the output cannot be written: {e.Message}").ConfigureAwait(false);
            return ExitCode.WrongInput;
        }
        catch (Exception e)
        {
            Log.Debug(e, "unhandled");
            string? file = CrashFile.Write(args, e);
            await error.WriteLineAsync($"internal error: {e.Message}").ConfigureAwait(false);
            await error.WriteLineAsync(
                $"This is a bug of actorpmu. Please report it and attach {file ?? "what follows, for no file could be written: " + e.GetType().Name}").ConfigureAwait(false);
            return ExitCode.Internal;
        }
    }

    // An unknown word brings errors of its own along, such as that a command is missing: the word is what is wrong.
    private static string MessageOf(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return command.Subcommands.Count > 0
                ? $"actorpmu {HelpOf(parsed).Replace("--help", "", StringComparison.Ordinal)}needs one word more: {string.Join(", ", command.Subcommands.Select(c => c.Name))}"
                : NotOfItsType(parsed.Errors[0]) ?? parsed.Errors[0].Message;
        }

        string word = parsed.UnmatchedTokens[0];
        string[] known = word.StartsWith('-')
            ? [.. command.Options.Select(o => o.Name)]
            : [.. command.Subcommands.Select(c => c.Name)];
        string kind = word.StartsWith('-') ? "option" : known.Length > 0 ? "command" : "argument";
        string advice = known.Length > 0 ? $"; {Suggest.For(word, known)}" : "";
        return $"unknown {kind} \"{word}\"{advice}";
    }

    // The parser names types of .NET.
    private static string? NotOfItsType(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Tokens: [{ Value: var given }, ..], Option: var option })
        {
            return null;
        }

        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        string? what = type == typeof(ulong) ? FormattableString.Invariant($"a whole number from 0 to {ulong.MaxValue}")
            : type == typeof(long) ? FormattableString.Invariant($"a whole number, at most {long.MaxValue}")
            : type == typeof(int) ? FormattableString.Invariant($"a whole number, at most {int.MaxValue}")
            : type == typeof(double) ? "a number"
            : null;
        return what is not null && error.Message.Contains(type.Name, StringComparison.Ordinal) ? $"{option.Name} {given}: give {what}" : null;
    }

    private static string HelpOf(ParseResult parsed)
    {
        List<string> path = ["--help"];
        for (CommandResult? at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
        {
            path.Insert(0, at.Command.Name);
        }

        return string.Join(' ', path);
    }
}
