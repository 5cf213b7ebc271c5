using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>Values of any type that messages and sharing designs are made of, field by field.</summary>
/// <remarks>
/// What every replica has (<see cref="Entities"/>) goes as its name, and so does what a design keeps (<see cref="DesignObjects"/>). Other objects
/// go by value: two fields that hold the same object hold two after the journey. A type whose name has to travel must come from the kernel, the designs, or the assembly of the design in use.
/// </remarks>
internal sealed class GraphCodec
{
    private const int DeepestValue = 64;
    private const byte DesignObject = 4;
    private const string TextName = "text";

    private readonly Entities _entities;
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly Dictionary<string, Type> _byName = [];
    private readonly Assembly[] _known;
    private Type _outermost = typeof(object);
    private int _depth;

    public GraphCodec(Entities entities)
    {
        _entities = entities;
        _known = [typeof(Machine).Assembly, typeof(Message).Assembly, entities.Machine.Design.GetType().Assembly];
    }

    public void Write(WireWriter w, object? value, Type type)
    {
        if (Entities.Are(type))
        {
            _entities.Write(w, value);
            return;
        }

        if (type.IsValueType)
        {
            WriteValue(w, value, type);
            return;
        }

        if (value is null)
        {
            w.Byte(0);
            return;
        }

        if (ReferenceEquals(value, TaskStruct.Newborn))
        {
            w.Byte(3);
            return;
        }

        Type actual = value.GetType();
        if (_entities.Objects.Are(actual))
        {
            w.Byte(DesignObject);
            w.Long(_entities.Objects.NumberOf(value));
            return;
        }

        if (actual == type)
        {
            w.Byte(1);
        }
        else
        {
            w.Byte(2);
            w.Text(NameOf(actual, type));
            if (Entities.Are(actual))
            {
                _entities.Write(w, value);
                return;
            }

            if (actual.IsValueType)
            {
                WriteValue(w, value, actual);
                return;
            }
        }

        if (_depth == 0)
        {
            _outermost = actual;
        }

        if (_depth == DeepestValue)
        {
            throw new WireException($"a {_outermost.Name} cannot go to another node: what it holds holds it, or is nested more than {DeepestValue} deep");
        }

        _depth++;
        try
        {
            WriteObject(w, value, actual);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Reads a value; an object that is there already is filled in place, so that whoever holds it sees the new state.</summary>
    public object? Read(WireReader r, Type type, object? existing)
    {
        if (Entities.Are(type))
        {
            return _entities.Read(r, type);
        }

        if (type.IsValueType)
        {
            return ReadValue(r, type);
        }

        switch (r.Byte())
        {
            case 0:
                return null;
            case 1:
                return ReadObject(r, type, existing);
            case 2:
                Type actual = TypeOf(r.Text(), type);
                return Entities.Are(actual) ? _entities.Read(r, actual)
                    : actual.IsValueType ? ReadValue(r, actual)
                    : ReadObject(r, actual, existing);
            case 3:
                return type.IsInstanceOfType(TaskStruct.Newborn) ? TaskStruct.Newborn : throw new WireException("a result stands where none can");
            case DesignObject:
                int number = r.Int();
                return Checked(_entities.Objects.Find(number) ?? throw new WireException($"the design has no object {number} here"), type);
            default:
                throw new WireException($"no object begins like that where a {type.Name} should stand");
        }
    }

    /// <summary>Whether a written value is an object of the design's.</summary>
    public static bool IsDesignObject(ReadOnlySpan<byte> written) => written.Length > 1 && written[0] == DesignObject;

    /// <summary>Writes what a design's object is and holds, for nodes that do not have it.</summary>
    public void WriteBirth(WireWriter w, object value)
    {
        w.Text(value.GetType().FullName!);
        foreach (FieldInfo field in FieldsOf(value.GetType()))
        {
            Write(w, field.GetValue(value), field.FieldType);
        }
    }

    /// <summary>Makes a design's object that holds nothing yet.</summary>
    public object ReadBirth(WireReader r)
    {
        string name = r.Text();
        return Find(name) is { } type && _entities.Objects.Are(type)
            ? RuntimeHelpers.GetUninitializedObject(type) : throw new WireException($"there is no design's type {name} here");
    }

    /// <summary>Fills it.</summary>
    public void ReadContents(WireReader r, object made)
    {
        foreach (FieldInfo field in FieldsOf(made.GetType()))
        {
            field.SetValue(made, Read(r, field.FieldType, null));
        }
    }

    private void WriteValue(WireWriter w, object? value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            w.Bool(value is not null);
            if (value is not null)
            {
                WriteValue(w, value, inner);
            }

            return;
        }

        switch (value)
        {
            case bool b:
                w.Bool(b);
                return;
            case ulong u:
                w.Long((long)u);
                return;
            case double d:
                w.Long(BitConverter.DoubleToInt64Bits(d));
                return;
        }

        if (type.IsEnum)
        {
            w.Long(Type.GetTypeCode(type) == TypeCode.UInt64
                ? (long)Convert.ToUInt64(value, null) : Convert.ToInt64(value, null));
        }
        else if (type.IsPrimitive)
        {
            w.Long(Convert.ToInt64(value, null));
        }
        else
        {
            foreach (FieldInfo field in FieldsOf(type))
            {
                Write(w, field.GetValue(value), field.FieldType);
            }
        }
    }

    private object? ReadValue(WireReader r, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return r.Bool() ? ReadValue(r, inner) : null;
        }

        if (type.IsEnum)
        {
            long number = r.Long();
            return Type.GetTypeCode(type) == TypeCode.UInt64 ? Enum.ToObject(type, (ulong)number) : Enum.ToObject(type, Fits(number, Enum.GetUnderlyingType(type)));
        }

        switch (Type.GetTypeCode(type))
        {
            case TypeCode.Boolean:
                return r.Bool();
            case TypeCode.UInt64:
                return (ulong)r.Long();
            case TypeCode.Double:
                return BitConverter.Int64BitsToDouble(r.Long());
            case TypeCode.Object:
                object made = RuntimeHelpers.GetUninitializedObject(type);
                foreach (FieldInfo field in FieldsOf(type))
                {
                    field.SetValue(made, Read(r, field.FieldType, null));
                }

                return made;
            default:
                return Fits(r.Long(), type);
        }
    }

    private void WriteObject(WireWriter w, object value, Type type)
    {
        if (value is string text)
        {
            w.Text(text);
        }
        else if (value is IList list)
        {
            Type item = ItemOf(type);
            w.Long(list.Count);
            for (int i = 0; i < list.Count; i++)
            {
                Write(w, list[i], item);
            }
        }
        else if (value is IDictionary map)
        {
            Type[] of = type.GetGenericArguments();
            w.Long(map.Count);
            foreach (DictionaryEntry entry in map)
            {
                Write(w, entry.Key, of[0]);
                Write(w, entry.Value, of[1]);
            }
        }
        else
        {
            RequireByValue(type);
            foreach (FieldInfo field in FieldsOf(type))
            {
                Write(w, field.GetValue(value), field.FieldType);
            }
        }
    }

    private object ReadObject(WireReader r, Type type, object? existing)
    {
        if (type == typeof(string))
        {
            return r.Text();
        }

        r.Enter();
        object made =
            type.IsArray ? ReadArray(r, type, existing)
            : IsList(type) ? ReadList(r, type, existing)
            : typeof(IDictionary).IsAssignableFrom(type) && type.IsGenericType ? ReadMap(r, type, existing)
            : ReadFields(r, type, existing);
        r.Leave();
        return made;
    }

    private object ReadFields(WireReader r, Type type, object? existing)
    {
        RequireByValue(type);
        if (type.IsAbstract || type.IsInterface)
        {
            throw new WireException($"nothing is a {type.Name} and no more");
        }

        // A record is what it is for ever: somebody else may hold it.
        bool inPlace = existing?.GetType() == type && type.GetMethod("<Clone>$") is null;
        object made = inPlace ? existing! : RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo field in FieldsOf(type))
        {
            object? value = Read(r, field.FieldType, inPlace ? field.GetValue(made) : null);
            try
            {
                field.SetValue(made, value);
            }
            catch (ArgumentException)
            {
                throw new WireException($"{field.Name} of {type.Name} cannot be a {value?.GetType().Name}");
            }
        }

        return made;
    }

    private Array ReadArray(WireReader r, Type type, object? existing)
    {
        int count = r.Count();
        Type item = type.GetElementType()!;
        Array made = existing is Array same && same.GetType() == type && same.Length == count ? same : Array.CreateInstance(item, count);
        for (int i = 0; i < count; i++)
        {
            made.SetValue(Checked(Read(r, item, made.GetValue(i)), item), i);
        }

        return made;
    }

    private IList ReadList(WireReader r, Type type, object? existing)
    {
        int count = r.Count();
        Type item = ItemOf(type);
        IList made = existing?.GetType() == type ? (IList)existing : (IList)Activator.CreateInstance(type)!;
        object?[] before = [.. made.Cast<object?>()];
        made.Clear();
        for (int i = 0; i < count; i++)
        {
            made.Add(Checked(Read(r, item, i < before.Length ? before[i] : null), item));
        }

        return made;
    }

    private IDictionary ReadMap(WireReader r, Type type, object? existing)
    {
        int count = r.Count();
        Type[] of = type.GetGenericArguments();
        IDictionary made = existing?.GetType() == type ? (IDictionary)existing : (IDictionary)Activator.CreateInstance(type)!;
        made.Clear();
        for (int i = 0; i < count; i++)
        {
            object key = Checked(Read(r, of[0], null), of[0]) ?? throw new WireException("a key is missing");
            made[key] = Checked(Read(r, of[1], null), of[1]);
        }

        return made;
    }

    private static object? Checked(object? value, Type type) =>
        value is null || type.IsInstanceOfType(value) ? value : throw new WireException($"a {value.GetType().Name} stands where a {type.Name} should");

    private static object Fits(long value, Type type)
    {
        try
        {
            return Convert.ChangeType(value, type, null);
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException)
        {
            throw new WireException($"{value} is no {type.Name}");
        }
    }

    private FieldInfo[] FieldsOf(Type type)
    {
        if (!_fields.TryGetValue(type, out FieldInfo[]? fields))
        {
            List<FieldInfo> found = [];
            for (Type? t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
            {
                found.InsertRange(0, t
                    .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                    .OrderBy(f => f.MetadataToken));
            }

            _fields[type] = fields = [.. found];
        }

        return fields;
    }

    private void RequireByValue(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type) || typeof(Actor).IsAssignableFrom(type) || !_known.Contains(type.Assembly))
        {
            throw new WireException($"a {type.FullName} cannot go to another node: it is neither a plain value nor known on all of them");
        }
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);

    private static Type ItemOf(Type type) =>
        type.IsArray ? type.GetElementType()!
        : type.GetInterfaces().First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).GetGenericArguments()[0];

    // The collections of a field that is declared as an interface go as arrays.
    private string NameOf(Type actual, Type declared)
    {
        if (actual.IsArray && _known.Concat([typeof(int).Assembly]).Contains(actual.GetElementType()!.Assembly))
        {
            return actual.GetElementType()!.FullName + "[]";
        }

        if (typeof(IEnumerable).IsAssignableFrom(declared) && declared.IsGenericType)
        {
            return declared.GetGenericArguments()[0].FullName + "[]";
        }

        if (IsList(actual))
        {
            return ItemOf(actual).FullName + "+list";
        }

        if (actual == typeof(string))
        {
            return TextName;
        }

        RequireByValue(actual);
        return actual.FullName!;
    }

    private Type TypeOf(string name, Type declared)
    {
        if (!_byName.TryGetValue(name, out Type? type))
        {
            type = name == TextName ? typeof(string)
                : name.EndsWith("[]", StringComparison.Ordinal) ? Find(name[..^2])?.MakeArrayType()
                : name.EndsWith("+list", StringComparison.Ordinal) ? Find(name[..^5]) is { } item ? typeof(List<>).MakeGenericType(item) : null
                : Find(name);
            _byName[name] = type ?? throw new WireException($"there is no type {name} here");
        }

        return declared.IsAssignableFrom(type) ? type : throw new WireException($"a {name} stands where a {declared.Name} should");
    }

    private Type? Find(string name)
    {
        foreach (Assembly assembly in _known)
        {
            if (assembly.GetType(name) is { } type)
            {
                return type;
            }
        }

        return Type.GetType(name) is { IsPrimitive: true } primitive ? primitive : name == "System.String" ? typeof(string) : null;
    }
}
