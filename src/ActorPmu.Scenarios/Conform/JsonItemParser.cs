using System.Text;
using System.Text.Json;

namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads a JSON text into items with line and column. Comments, trailing commas and a name given twice are errors.</summary>
internal ref struct JsonItemParser
{
    private readonly string file;
    private readonly ReadOnlySpan<byte> bytes;
    private readonly List<int> lineStarts;
    private Utf8JsonReader reader;

    private JsonItemParser(string file, ReadOnlySpan<byte> bytes)
    {
        this.file = file;
        this.bytes = bytes;
        reader = new Utf8JsonReader(bytes);
        lineStarts = [0];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    public static JsonItem Parse(string file, ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var parser = new JsonItemParser(file, utf8.StartsWith(byteOrderMark) ? utf8[3..] : utf8);
        parser.RejectWhatIsNotUtf8();
        try
        {
            parser.reader.Read();
            JsonItem item = parser.Value();
            parser.reader.Read();
            return item;
        }
        catch (JsonException e)
        {
            throw parser.NotJson(e);
        }
        catch (InvalidOperationException)
        {
            // GetString() on an escaped half of a surrogate pair.
            throw parser.Error(parser.Here(), "this text holds half of a surrogate pair", "write the whole character");
        }
    }

    private JsonItem Value()
    {
        JsonSpot at = Here();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ObjectFrom(at),
            JsonTokenType.StartArray => ArrayFrom(at),
            JsonTokenType.String => new JsonTextItem(at, reader.GetString()!),
            JsonTokenType.Number => new JsonNumberItem(at, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => new JsonBoolItem(at, true),
            JsonTokenType.False => new JsonBoolItem(at, false),
            _ => new JsonNullItem(at),
        };
    }

    private JsonObjectItem ObjectFrom(JsonSpot at)
    {
        var members = new List<JsonMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            JsonSpot nameAt = Here();
            string name = reader.GetString()!;
            if (members.Exists(m => m.Name == name))
            {
                throw Error(nameAt, $"\"{name}\" stands twice in this object", "keep one of the two");
            }

            reader.Read();
            members.Add(new JsonMember(name, nameAt, Value()));
        }

        return new JsonObjectItem(at, members);
    }

    private JsonArrayItem ArrayFrom(JsonSpot at)
    {
        var items = new List<JsonItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value());
        }

        return new JsonArrayItem(at, items);
    }

    private readonly JsonSpot Here() => Spot((int)reader.TokenStartIndex);

    private readonly JsonSpot Spot(int index)
    {
        int line = lineStarts.BinarySearch(index);
        line = line >= 0 ? line : ~line - 1;
        return new JsonSpot(line + 1, Encoding.UTF8.GetCharCount(bytes[lineStarts[line]..index]) + 1);
    }

    private readonly ConformInputException NotJson(JsonException e)
    {
        int line = (int)(e.LineNumber ?? 0);
        int index = Math.Min(bytes.Length, lineStarts[Math.Min(line, lineStarts.Count - 1)] + (int)(e.BytePositionInLine ?? 0));
        string problem = bytes.Length == 0 ? "the file is empty" : "this is not JSON: " + FirstSentence(e.Message);
        return Error(Spot(index), problem, "write one JSON value, without comments and trailing commas");
    }

    private static string FirstSentence(string message)
    {
        // "… LineNumber: 3 | BytePositionInLine: 7." says in other words what the prefix of our message says.
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private readonly void RejectWhatIsNotUtf8()
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return;
        }

        int index = 0;
        while (Rune.DecodeFromUtf8(bytes[index..], out _, out int used) == System.Buffers.OperationStatus.Done)
        {
            index += used;
        }

        throw Error(Spot(index), "this byte is not UTF-8", "save the file as UTF-8");
    }

    private readonly ConformInputException Error(JsonSpot at, string problem, string whatToDo) =>
        new(file, at.Line, at.Column, problem, whatToDo);
}
