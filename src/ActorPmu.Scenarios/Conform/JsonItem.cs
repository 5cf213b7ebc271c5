namespace ActorPmu.Scenarios.Conform;

/// <summary>A place in a file: both from 1.</summary>
internal readonly record struct JsonSpot(int Line, int Column);

/// <summary>A JSON value that knows where it stands, so that every complaint can say line and column.</summary>
internal abstract record JsonItem(JsonSpot At)
{
    /// <summary>What kind of value it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>A member of an object, in the order of the file.</summary>
internal sealed record JsonMember(string Name, JsonSpot NameAt, JsonItem Value);

internal sealed record JsonObjectItem(JsonSpot At, IReadOnlyList<JsonMember> Members) : JsonItem(At)
{
    public override string Kind => "an object";

    public JsonItem? Find(string name) => Members.FirstOrDefault(m => m.Name == name)?.Value;
}

internal sealed record JsonArrayItem(JsonSpot At, IReadOnlyList<JsonItem> Items) : JsonItem(At)
{
    public override string Kind => "a list";
}

internal sealed record JsonTextItem(JsonSpot At, string Value) : JsonItem(At)
{
    public override string Kind => "a text";
}

/// <summary>A number as written: 64 bits signed, 64 bits unsigned and fractions all occur.</summary>
internal sealed record JsonNumberItem(JsonSpot At, string Digits) : JsonItem(At)
{
    public override string Kind => "a number";
}

internal sealed record JsonBoolItem(JsonSpot At, bool Value) : JsonItem(At)
{
    public override string Kind => Value ? "true" : "false";
}

internal sealed record JsonNullItem(JsonSpot At) : JsonItem(At)
{
    public override string Kind => "null";
}
