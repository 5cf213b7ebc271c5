using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorPmu.Scenarios;

/// <summary>The text of a YAML file: its tree with places, and errors that point into it.</summary>
/// <remarks>One document of maps, lists and scalars; no anchors, aliases or tags, which a reader would have to chase.</remarks>
internal sealed class YamlSource
{
    // Far beyond what a scenario needs, and far below what the stack holds.
    private const int DepthMax = 64;

    private readonly string[] _lines;

    private readonly string _begin;

    public YamlSource(string text, string file, string begin = "machine:, and see the other scenarios for the rest")
    {
        _begin = begin;
        Text = text;
        File = file;
        _lines = text.ReplaceLineEndings("\n").Split('\n');
    }

    public string File { get; }

    public string Text { get; }

    public InputError Error(YamlItem at, string problem, string whatToDo) => Error(at.Line, at.Column, problem, whatToDo);

    public InputError Error(int line, int column, string problem, string whatToDo) =>
        new(File, line, column, problem, whatToDo, line >= 1 && line <= _lines.Length ? _lines[line - 1] : null);

    /// <summary>The text of the comment lines before anything else, one space for each line break, a line break for an empty line.</summary>
    public string LeadingComment()
    {
        List<string> paragraphs = [""];
        foreach (string line in _lines)
        {
            string trimmed = line.Trim();
            if (trimmed.StartsWith('#'))
            {
                string words = trimmed.TrimStart('#').Trim();
                if (words.Length == 0)
                {
                    paragraphs.Add("");
                }
                else
                {
                    paragraphs[^1] += (paragraphs[^1].Length > 0 ? " " : "") + words;
                }
            }
            else if (trimmed.Length > 0 || paragraphs[0].Length > 0)
            {
                break;
            }
        }

        return string.Join("\n", paragraphs.Where(p => p.Length > 0));
    }

    /// <summary>The tree of the one document.</summary>
    /// <exception cref="InputError">It is no YAML, or YAML that is refused.</exception>
    public YamlItem Tree()
    {
        try
        {
            Parser parser = new(new StringReader(Text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                throw Error(1, 1, "the file is empty", $"begin with {_begin}");
            }

            YamlItem root = Item(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Current is DocumentStart { Start: var second })
            {
                throw Error((int)second.Line, (int)second.Column, "a second document begins here", "give each scenario a file of its own");
            }

            return root;
        }
        catch (YamlException e) when (IndentedByTab((int)e.Start.Line) is var (line, column))
        {
            throw Error(line, column, "a tab indents this line", "indent with spaces; YAML knows no tabs there");
        }
        catch (YamlException e)
        {
            throw Error((int)e.Start.Line, (int)e.Start.Column, $"this is no YAML: {Reason(e)}", "correct the line, or quote the text");
        }
    }

    // The parser points at the beginning of what the tab spoils.
    private (int Line, int Column)? IndentedByTab(int fromLine)
    {
        for (int i = Math.Max(fromLine - 1, 0); i < _lines.Length; i++)
        {
            int tab = _lines[i].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && string.IsNullOrWhiteSpace(_lines[i][..tab]) && !string.IsNullOrWhiteSpace(_lines[i]))
            {
                return (i + 1, tab + 1);
            }
        }

        return null;
    }

    private YamlItem Item(Parser parser, int depth)
    {
        ParsingEvent next = parser.Current!;
        (int line, int column) = ((int)next.Start.Line, (int)next.Start.Column);
        if (depth > DepthMax)
        {
            throw Error(line, column, FormattableString.Invariant($"lists and maps are nested {depth} deep"), "take some levels out; a scenario needs a handful");
        }

        if (next is AnchorAlias alias)
        {
            throw Error(line, column, $"*{alias.Value} stands for another part of the file", "write that part out; scenarios have no aliases");
        }

        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            throw Error(line, column, $"&{anchored.Anchor.Value} names a part of the file", "leave the name out; scenarios have no anchors");
        }

        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged)
        {
            throw Error(line, column, $"{tagged.Tag.Value} gives a value a type", "leave it out; scenarios have no tags");
        }

        switch (next)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new YamlScalar(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                parser.MoveNext();
                List<YamlItem> items = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Item(parser, depth + 1));
                }

                return new YamlList(line, column, items);
            default:
                parser.Consume<MappingStart>();
                return new YamlMap(line, column, Entries(parser, depth + 1));
        }
    }

    private List<(YamlScalar, YamlItem)> Entries(Parser parser, int depth)
    {
        List<(YamlScalar Key, YamlItem Value)> entries = [];
        Dictionary<string, YamlScalar> keys = new(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Item(parser, depth) is not YamlScalar key)
            {
                throw Error((int)parser.Current!.Start.Line, 1, "a key is no word", "write key: value");
            }

            if (!keys.TryAdd(key.Text, key))
            {
                YamlScalar first = keys[key.Text];
                throw Error(key, $"{key.Text} is here twice", FormattableString.Invariant($"keep one of the two; the other is in line {first.Line}"));
            }

            entries.Add((key, Item(parser, depth)));
        }

        return entries;
    }

    private static string Reason(YamlException e)
    {
        string reason = e.InnerException?.Message ?? e.Message;
        return reason.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(reason[0]) + reason[1..].TrimEnd('.');
    }
}
