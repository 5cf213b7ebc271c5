using System.Buffers.Binary;
using System.Globalization;
using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A search of every state in batches of runs that can be made apart, by any number of workers: the outcome is the same.</summary>
/// <remarks>
/// A batch is some runs that go on from states that are known in directions that are not. Each stops at a state that was known when the batch began. Then they are put together in
/// their order: a state that two of them came to belongs to the first, and what the second did behind it does not count. Steps: <see cref="NextBatch"/>, <see cref="Run"/> for each
/// run from any thread, <see cref="Take"/> for each in order; again, until there is nothing left.
/// </remarks>
public sealed class StateSearch
{
    // What is found in a batch is unknown to its other runs: large ones do more in vain, small ones keep workers waiting.
    private const int BatchMax = 64;
    private const int StatesOfLine = 1 << 15;

    private readonly Exploration _exploration;
    private readonly StateSet _known = new();
    private readonly List<PathPart> _paths = [];
    private readonly List<Branch> _open = [new Branch(-1, 0, 0)];
    private readonly List<Branch> _batch = [];
    private readonly (StatesStrategy Strategy, ExplorationResult? Result, RunCrashException? Crash)[] _ran = new (StatesStrategy, ExplorationResult?, RunCrashException?)[BatchMax];

    /// <summary>Makes a search.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run; the strategy is not asked.</param>
    public StateSearch(Func<Subject> build, ExploreOptions options) => _exploration = new Exploration(build, options);

    /// <summary>How many states are known.</summary>
    public long States => _known.Count;

    /// <summary>How many directions are left.</summary>
    public long Left => _open.Count;

    /// <summary>Takes the next directions, those found last first.</summary>
    /// <returns>How many runs the batch has; 0 where nothing is left.</returns>
    public int NextBatch()
    {
        _batch.Clear();
        while (_batch.Count < BatchMax && _open.Count > 0)
        {
            _batch.Add(_open[^1]);
            _open.RemoveAt(_open.Count - 1);
        }

        return _batch.Count;
    }

    /// <summary>Makes a run of the batch; from any thread.</summary>
    /// <param name="number">Which, from 0.</param>
    public void Run(int number)
    {
        StatesStrategy strategy = new(ChoicesTo(_batch[number]), _known);
        try
        {
            _ran[number] = (strategy, _exploration.RunWith(strategy, 0, 1, null, null), null);
        }
        catch (RunCrashException e)
        {
            _ran[number] = (strategy, null, e);
        }
    }

    /// <summary>Takes what came of a run, in their order.</summary>
    /// <param name="number">Which, from 0.</param>
    /// <returns>Its result: of one schedule, or of one that was given up.</returns>
    /// <exception cref="RunCrashException">The run failed by a bug of the model.</exception>
    public ExplorationResult Take(int number)
    {
        (StatesStrategy strategy, ExplorationResult? result, RunCrashException? crash) = _ran[number];
        _ran[number] = default;
        if (crash is not null)
        {
            throw crash;
        }

        Branch branch = _batch[number];
        int last = int.MaxValue;
        foreach ((StateHash state, int at) in strategy.Found)
        {
            if (!_known.Add(state))
            {
                last = at;
                break;
            }
        }

        (int Option, int OptionCount)[] choices = strategy.Choices;
        int first = branch.Path < 0 ? 0 : branch.At + 1;
        int count = Math.Min(choices.Length, last);
        Keep(branch, choices[Math.Min(first, count)..count], first);
        return last == int.MaxValue ? result! : new ExplorationResult { Abandoned = 1, Coverage = result!.Coverage };
    }

    /// <summary>Puts back what of the batch was not taken.</summary>
    /// <param name="number">The first run that was not.</param>
    public void Leave(int number)
    {
        for (int i = _batch.Count - 1; i >= number; i--)
        {
            _open.Add(_batch[i]);
        }
    }

    /// <summary>What is to be known to go on in another process, a line each: what <see cref="Continue"/> takes. Between batches.</summary>
    public IReadOnlyList<string> Knowledge()
    {
        List<string> lines = [];
        byte[] bytes = new byte[16 * StatesOfLine];
        int used = 0;
        foreach (StateHash state in _known.All)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(used), state.First);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(used + 8), state.Second);
            used += 16;
            if (used == bytes.Length)
            {
                lines.Add($"states {Convert.ToBase64String(bytes)}");
                used = 0;
            }
        }

        if (used > 0)
        {
            lines.Add($"states {Convert.ToBase64String(bytes.AsSpan(0, used))}");
        }

        lines.AddRange(_paths.Select(p => p.ToText()));
        lines.AddRange(_open.Select(b => string.Create(CultureInfo.InvariantCulture, $"open {b.Path} {b.At} {b.Option}")));
        return lines;
    }

    /// <summary>Goes on where another process was. Call it once, before anything else.</summary>
    /// <param name="knowledge">What was known.</param>
    /// <exception cref="KnowledgeException">A line says nothing that can be.</exception>
    public void Continue(IReadOnlyList<string> knowledge)
    {
        ArgumentNullException.ThrowIfNull(knowledge);
        _open.Clear();
        for (int i = 0; i < knowledge.Count; i++)
        {
            try
            {
                Read(knowledge[i]);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new KnowledgeException(i, e.Message);
            }
        }
    }

    private void Read(string line)
    {
        string[] words = line.Split(' ');
        if (words is ["states", var states] && _paths.Count == 0)
        {
            byte[] bytes = Convert.FromBase64String(states);
            for (int at = 0; at < bytes.Length; at += 16)
            {
                StateHash state = bytes.Length - at < 16 ? default : new(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8)));
                if (bytes.Length - at < 16 || !_known.Add(state))
                {
                    throw new FormatException("a state is cut, or there twice");
                }
            }
        }
        else if (words is ["path", _, _, _, ..] && _open.Count == 0)
        {
            PathPart path = PathPart.Parse(words);
            CheckBranch(path.From);
            _paths.Add(path);
        }
        else if (words is ["open", var path, var at, var option])
        {
            Branch branch = new(KnowledgeException.Number(path), KnowledgeException.Number(at), KnowledgeException.Number(option));
            CheckBranch(branch);
            _open.Add(branch);
        }
        else
        {
            throw new FormatException($"\"{words[0]}\" is not known here");
        }
    }

    private void CheckBranch(Branch branch)
    {
        bool isRoot = branch.Path < 0;
        if (isRoot ? branch != new Branch(-1, 0, 0) || _paths.Count > 0
            : branch.Path >= _paths.Count || _paths[branch.Path].At(branch.At) is not { } choice || branch.Option < 1 || branch.Option >= choice.OptionCount)
        {
            throw new FormatException($"there is no choice {branch.At} with an option {branch.Option} on path {branch.Path}");
        }
    }

    private void Keep(Branch from, (int Option, int OptionCount)[] choices, int first)
    {
        if (choices.Length == 0)
        {
            return;
        }

        _paths.Add(new PathPart(from, first, choices));
        for (int i = 0; i < choices.Length; i++)
        {
            for (int option = choices[i].OptionCount - 1; option > 0; option--)
            {
                _open.Add(new Branch(_paths.Count - 1, first + i, option));
            }
        }
    }

    private (int Option, int OptionCount)[] ChoicesTo(Branch branch)
    {
        if (branch.Path < 0)
        {
            return [];
        }

        (int Option, int OptionCount)[] choices = new (int, int)[branch.At + 1];
        (int until, int option) = (branch.At, branch.Option);
        for (int path = branch.Path; path >= 0;)
        {
            PathPart part = _paths[path];
            choices[until] = part.At(until)!.Value with { Option = option };
            part.Choices.AsSpan(0, until - part.First).CopyTo(choices.AsSpan(part.First));
            (path, until, option) = (part.From.Path, part.From.At, part.From.Option);
        }

        return choices;
    }

    /// <summary>A direction that was not taken: another option of a choice on a path.</summary>
    private readonly record struct Branch(int Path, int At, int Option);

    /// <summary>What a run chose behind where it left the path of another.</summary>
    private sealed record PathPart(Branch From, int First, (int Option, int OptionCount)[] Choices)
    {
        public (int Option, int OptionCount)? At(int number) => number >= First && number - First < Choices.Length ? Choices[number - First] : null;

        public string ToText() => string.Create(
            CultureInfo.InvariantCulture, $"path {From.Path} {From.At} {From.Option}{string.Concat(Choices.Select(c => FormattableString.Invariant($" {c.Option}/{c.OptionCount}")))}");

        public static PathPart Parse(string[] words)
        {
            Branch from = new(KnowledgeException.Number(words[1]), KnowledgeException.Number(words[2]), KnowledgeException.Number(words[3]));
            (int, int)[] choices = [.. words.Skip(4).Select(Choice)];
            return new PathPart(from, from.Path < 0 ? 0 : from.At + 1, choices);
        }

        private static (int Option, int OptionCount) Choice(string word)
        {
            int slash = word.IndexOf('/', StringComparison.Ordinal);
            (int option, int count) = slash < 0 ? (0, 0) : (KnowledgeException.Number(word[..slash]), KnowledgeException.Number(word[(slash + 1)..]));
            return option >= 0 && option < count ? (option, count) : throw new FormatException($"\"{word}\" is no choice");
        }
    }
}
