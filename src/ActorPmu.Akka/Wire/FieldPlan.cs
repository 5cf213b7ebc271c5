using System.Reflection;
using System.Reflection.Emit;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>How one field of a replicated object is compared, written and read.</summary>
internal abstract class FieldPlan(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether the field takes anything at all: what a design keeps, of which the kernel knows nothing.</summary>
    public virtual bool TakesAnything => false;

    /// <summary>Something to remember the field's last value in.</summary>
    public abstract object NewLast(object target);

    /// <summary>Whether the field has another value than the last; remembers it.</summary>
    public abstract bool Changed(object target, ref object last);

    public abstract void Write(WireWriter w, object target);

    /// <summary>Reads the field in place; remembers the value, so that it is not taken for a change of one's own.</summary>
    public abstract void Read(WireReader r, object target, ref object last);

    protected static Func<object, T> Getter<T>(FieldInfo field)
    {
        DynamicMethod method = new($"get_{field.Name}", typeof(T), [typeof(object)], field.DeclaringType!, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Castclass, field.DeclaringType!);
        il.Emit(OpCodes.Ldfld, field);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<object, T>>();
    }
}

/// <summary>A number, a truth value, an enumeration.</summary>
internal sealed class NumberPlan<T> : FieldPlan
    where T : struct
{
    private readonly Func<object, T> _get;
    private readonly Action<object, T> _set;

    public NumberPlan(FieldInfo field, PropertyInfo? through)
        : base(field.Name)
    {
        _get = Getter<T>(field);
        _set = through is null ? Setter(field) : through.GetSetMethod(nonPublic: true)!.CreateDelegate<Action<TaskStruct, T>>().On();
    }

    public override object NewLast(object target) => new Box { Value = _get(target) };

    public override bool Changed(object target, ref object last)
    {
        Box box = (Box)last;
        T now = _get(target);
        if (EqualityComparer<T>.Default.Equals(now, box.Value))
        {
            return false;
        }

        box.Value = now;
        return true;
    }

    public override void Write(WireWriter w, object target) => w.Long(Numbers.ToLong(_get(target)));

    public override void Read(WireReader r, object target, ref object last)
    {
        T value = Numbers.FromLong<T>(r.Long());
        _set(target, value);
        ((Box)last).Value = value;
    }

    private static Action<object, T> Setter(FieldInfo field)
    {
        DynamicMethod method = new($"set_{field.Name}", null, [typeof(object), typeof(T)], field.DeclaringType!, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Castclass, field.DeclaringType!);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, field);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<object, T>>();
    }

    private sealed class Box
    {
        public required T Value;
    }
}

/// <summary>A reference to what never changes itself, or to what every replica has: another value is another object.</summary>
internal sealed class ReferencePlan(FieldInfo field, GraphCodec codec) : FieldPlan(field.Name)
{
    private static readonly object None = new();
    private readonly Func<object, object?> _get = Getter<object?>(field);

    public override object NewLast(object target) => _get(target) ?? None;

    public override bool Changed(object target, ref object last)
    {
        object now = _get(target) ?? None;
        if (ReferenceEquals(now, last))
        {
            return false;
        }

        last = now;
        return true;
    }

    public override void Write(WireWriter w, object target) => codec.Write(w, _get(target), field.FieldType);

    public override void Read(WireReader r, object target, ref object last)
    {
        field.SetValue(target, codec.Read(r, field.FieldType, null));
        last = _get(target) ?? None;
    }
}

/// <summary>Anything else: what is written is compared.</summary>
internal sealed class GraphPlan(FieldInfo field, GraphCodec codec) : FieldPlan(field.Name)
{
    private readonly WireWriter _scratch = new();
    private readonly Func<object, object?> _get = Getter<object?>(field);

    public override bool TakesAnything => @field.FieldType == typeof(object);

    public override object NewLast(object target) => Encoded(target).ToArray();

    public override bool Changed(object target, ref object last)
    {
        if (((byte[])last).Length == 1 && ((byte[])last)[0] == 0 && _get(target) is null)
        {
            return false;
        }

        if (Encoded(target).SequenceEqual((byte[])last))
        {
            return false;
        }

        last = _scratch.ToArray();
        return true;
    }

    public override void Write(WireWriter w, object target) => codec.Write(w, field.GetValue(target), field.FieldType);

    public override void Read(WireReader r, object target, ref object last)
    {
        object? before = field.GetValue(target);
        object? now = codec.Read(r, field.FieldType, before);
        if (!ReferenceEquals(before, now))
        {
            field.SetValue(target, now);
        }

        last = NewLast(target);
    }

    private ReadOnlySpan<byte> Encoded(object target)
    {
        _scratch.Clear();
        Write(_scratch, target);
        return _scratch.Written;
    }
}

/// <summary>A small value without identity, which may be missing: compared as a whole.</summary>
internal sealed class StructPlan<T>(FieldInfo field, GraphCodec codec) : FieldPlan(field.Name)
{
    private readonly Func<object, T> _get = Getter<T>(field);

    public override object NewLast(object target) => new Box { Value = _get(target) };

    public override bool Changed(object target, ref object last)
    {
        Box box = (Box)last;
        T now = _get(target);
        if (EqualityComparer<T>.Default.Equals(now, box.Value))
        {
            return false;
        }

        box.Value = now;
        return true;
    }

    public override void Write(WireWriter w, object target) => codec.Write(w, _get(target), field.FieldType);

    public override void Read(WireReader r, object target, ref object last)
    {
        field.SetValue(target, codec.Read(r, field.FieldType, null));
        ((Box)last).Value = _get(target);
    }

    private sealed class Box
    {
        public required T Value;
    }
}

/// <summary>A list or an array: compared item by item. A list is filled in place.</summary>
internal sealed class ItemsPlan<T>(FieldInfo field, GraphCodec codec) : FieldPlan(field.Name)
{
    private readonly Func<object, object> _get = Getter<object>(field);

    public override object NewLast(object target) => Items(target).ToArray();

    public override bool Changed(object target, ref object last)
    {
        ReadOnlySpan<T> now = Items(target);
        if (now.SequenceEqual((T[])last, EqualityComparer<T>.Default))
        {
            return false;
        }

        last = now.ToArray();
        return true;
    }

    public override void Write(WireWriter w, object target) => codec.Write(w, _get(target), field.FieldType);

    public override void Read(WireReader r, object target, ref object last)
    {
        object before = _get(target);
        object? now = codec.Read(r, field.FieldType, before);
        if (!ReferenceEquals(before, now))
        {
            field.SetValue(target, now ?? throw new WireException($"{Name} is missing"));
        }

        last = NewLast(target);
    }

    private ReadOnlySpan<T> Items(object target) =>
        _get(target) is List<T> list ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list) : (T[])_get(target);
}

/// <summary>A field that others read without the lock: its newest value.</summary>
internal sealed class PublishedPlan(FieldInfo field, FieldPlan newest) : FieldPlan(field.Name)
{
    private readonly Func<object, object> _get = Getter<object>(field);

    public override object NewLast(object target) => newest.NewLast(_get(target));

    public override bool Changed(object target, ref object last) => newest.Changed(_get(target), ref last);

    public override void Write(WireWriter w, object target) => newest.Write(w, _get(target));

    public override void Read(WireReader r, object target, ref object last) => newest.Read(r, _get(target), ref last);
}

/// <summary>The groups of a context, which say themselves when they change.</summary>
internal sealed class GroupsPlan(FieldInfo field, GraphCodec codec) : FieldPlan(field.Name)
{
    private readonly Func<object, object> _get = Getter<object>(field);

    public override object NewLast(object target) => ((GroupTree)_get(target)).Version;

    public override bool Changed(object target, ref object last)
    {
        int now = ((GroupTree)_get(target)).Version;
        if (now == (int)last)
        {
            return false;
        }

        last = now;
        return true;
    }

    public override void Write(WireWriter w, object target) => codec.Write(w, _get(target), typeof(GroupTree));

    public override void Read(WireReader r, object target, ref object last)
    {
        codec.Read(r, typeof(GroupTree), _get(target));
        last = NewLast(target);
    }
}

/// <summary>Numbers of all kinds as 64 bits.</summary>
internal static class Numbers
{
    public static long ToLong<T>(T value)
        where T : struct => System.Runtime.CompilerServices.Unsafe.SizeOf<T>() switch
        {
            1 => typeof(T) == typeof(bool) || Type.GetTypeCode(typeof(T)) == TypeCode.Byte
                ? System.Runtime.CompilerServices.Unsafe.As<T, byte>(ref value)
                : System.Runtime.CompilerServices.Unsafe.As<T, sbyte>(ref value),
            4 => System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value),
            8 => System.Runtime.CompilerServices.Unsafe.As<T, long>(ref value),
            _ => throw new NotSupportedException(typeof(T).Name),
        };

    public static T FromLong<T>(long value)
        where T : struct
    {
        T made = default;
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        if (size < 8 && (value < -(1L << ((size * 8) - 1)) || value >= 1L << (size * 8)))
        {
            throw new WireException($"{value} is no {typeof(T).Name}");
        }

        if (typeof(T) == typeof(bool) && value is not (0 or 1))
        {
            throw new WireException($"{value} stands where yes or no should");
        }

        switch (size)
        {
            case 1:
                System.Runtime.CompilerServices.Unsafe.As<T, byte>(ref made) = (byte)value;
                break;
            case 4:
                System.Runtime.CompilerServices.Unsafe.As<T, int>(ref made) = (int)value;
                break;
            default:
                System.Runtime.CompilerServices.Unsafe.As<T, long>(ref made) = value;
                break;
        }

        return made;
    }

    /// <summary>A setter of tasks as a setter of objects.</summary>
    public static Action<object, T> On<T>(this Action<TaskStruct, T> set) => (target, value) => set((TaskStruct)target, value);
}
