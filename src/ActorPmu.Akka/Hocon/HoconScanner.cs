using System.Text;
using ActorPmu.Scenarios;

namespace ActorPmu.Akka.Hocon;

/// <summary>A key of a HOCON text, with its place.</summary>
/// <param name="Path">The parts of its full path, sections first.</param>
/// <param name="Line">1 for the first line.</param>
/// <param name="Column">1 for the first character of the line.</param>
internal sealed record HoconKey(IReadOnlyList<string> Path, int Line, int Column);

/// <summary>Finds the keys of a HOCON text; Akka's parser keeps no places.</summary>
/// <remarks>Values are stepped over: that they make sense is the business of Akka's parser, which reads the text afterwards.</remarks>
internal sealed class HoconScanner
{
    // Reading a section reads those in it: the stack is to hold them all.
    private const int DepthMax = 64;

    private readonly string _text;
    private readonly string _file;
    private readonly List<HoconKey> _keys = [];
    private int _at;

    private HoconScanner(string text, string file)
    {
        _text = text;
        _file = file;
    }

    private bool IsAtEnd => _at >= _text.Length;

    /// <summary>The keys in order, sections and what is in them.</summary>
    /// <exception cref="InputError">A brace, bracket or quote is not closed, or a key has no value.</exception>
    public static IReadOnlyList<HoconKey> Keys(string text, string file)
    {
        HoconScanner scanner = new(text, file);
        scanner.SkipSpace();
        bool isBraced = scanner.Take('{');
        scanner.Section([], isBraced ? 0 : -1);
        return scanner._keys;
    }

    // Opened at the brace's position; −1 for the whole text without one.
    private void Section(string[] parent, int opened)
    {
        while (true)
        {
            SkipSpace();
            if (IsAtEnd)
            {
                if (opened >= 0)
                {
                    throw Error(opened, "this brace is not closed", "add a } at the section's end");
                }

                return;
            }

            if (_text[_at] == '}')
            {
                if (opened < 0)
                {
                    throw Error(_at, "there is no section to close", "take this } out");
                }

                _at++;
                return;
            }

            Field(parent);
        }
    }

    private void Field(string[] parent)
    {
        int start = _at;
        string[] path = [.. parent, .. KeyParts()];
        if (path.Length == parent.Length)
        {
            throw Error(start, "a key is expected here", "write section { … } or key = value");
        }

        (int line, int column) = Place(start);
        _keys.Add(new HoconKey(path, line, column));
        SkipBlanks();
        _ = Take('+');
        if (Take('=') || Take(':'))
        {
            SkipSpace();
        }
        else if (IsAtEnd || _text[_at] != '{')
        {
            throw _text.AsSpan(start).StartsWith("include", StringComparison.Ordinal) && char.IsWhiteSpace(_text.ElementAtOrDefault(start + "include".Length))
                ? Error(start, "no other file is read from here", "write its settings out")
                : Error(start, $"{string.Join('.', path)} has no value", "write key = value");
        }

        int opened = _at;
        if (path.Length > DepthMax)
        {
            throw Error(opened, FormattableString.Invariant($"sections are nested {path.Length} deep"), "take some levels out; no setting lies that deep");
        }

        if (Take('{'))
        {
            Section(path, opened);
        }
        else
        {
            Value();
        }
    }

    private List<string> KeyParts()
    {
        List<string> parts = [];
        StringBuilder part = new();
        while (!IsAtEnd && _text[_at] is not ('=' or ':' or '{' or '}' or '+' or '\n' or '#' or ','))
        {
            char c = _text[_at];
            if (c == '"')
            {
                int start = _at++;
                while (!IsAtEnd && _text[_at] != '"')
                {
                    part.Append(_text[_at++]);
                }

                Close(start, "\"");
            }
            else
            {
                if (c == '.')
                {
                    parts.Add(part.ToString());
                    part.Clear();
                }
                else if (!char.IsWhiteSpace(c))
                {
                    part.Append(c);
                }

                _at++;
            }
        }

        if (part.Length > 0 || parts.Count > 0)
        {
            parts.Add(part.ToString());
        }

        return parts;
    }

    // Up to the end of the line, a comma, or the end of the section; arrays and quotes may hold all of these.
    private void Value()
    {
        Stack<int> open = [];
        while (!IsAtEnd)
        {
            char c = _text[_at];
            if (c == '"')
            {
                Quoted();
                continue;
            }

            if (IsAt("${"))
            {
                throw Error(_at, "${ stands for another value", "write that value out");
            }

            if (c is '[' or '{')
            {
                open.Push(_at);
            }
            else if (c is ']' or '}')
            {
                if (open.Count == 0)
                {
                    return;
                }

                open.Pop();
            }
            else if (c == '#' || IsAt("//"))
            {
                SkipLine();
                continue;
            }
            else if (open.Count == 0 && c is ('\n' or ','))
            {
                return;
            }

            _at++;
        }

        if (open.TryPop(out int start))
        {
            throw Error(start, "this is not closed", "close it with ] or }");
        }
    }

    private void Quoted()
    {
        int start = _at;
        string quote = IsAt("\"\"\"") ? "\"\"\"" : "\"";
        _at += quote.Length;
        while (!IsAtEnd && !IsAt(quote))
        {
            _at += _text[_at] == '\\' && quote.Length == 1 ? 2 : 1;
        }

        Close(start, quote);
    }

    private void Close(int start, string quote)
    {
        if (!IsAt(quote))
        {
            throw Error(start, "this quote is not closed", $"add a {quote}");
        }

        _at += quote.Length;
    }

    private bool IsAt(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private bool Take(char c)
    {
        bool isThere = !IsAtEnd && _text[_at] == c;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void SkipBlanks()
    {
        while (!IsAtEnd && _text[_at] is ' ' or '\t' or '\r')
        {
            _at++;
        }
    }

    private void SkipSpace()
    {
        while (!IsAtEnd)
        {
            if (char.IsWhiteSpace(_text[_at]) || _text[_at] is ',' or '\uFEFF')
            {
                _at++;
            }
            else if (_text[_at] == '#' || IsAt("//"))
            {
                SkipLine();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipLine()
    {
        while (!IsAtEnd && _text[_at] != '\n')
        {
            _at++;
        }
    }

    private (int Line, int Column) Place(int at)
    {
        int line = _text.AsSpan(0, at).Count('\n') + 1;
        return (line, at - (_text.LastIndexOf('\n', Math.Max(0, at - 1), at) + 1) + 1);
    }

    private InputError Error(int at, string problem, string whatToDo)
    {
        (int line, int column) = Place(at);
        return new InputError(_file, line, column, problem, whatToDo, _text.Split('\n')[line - 1].TrimEnd('\r'));
    }
}
