using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Cli;

/// <summary>A bug in a design of the user's own (<c>--design-assembly</c>): input that is wrong, and no bug of this program.</summary>
/// <param name="Place">File and line, as in <c>MyDesign.cs:12</c>, or the assembly where no symbols say more; null when nothing was thrown there.</param>
/// <param name="What">What the design did, and what to do.</param>
internal sealed record DesignFault(string? Place, string What)
{
    /// <summary>The name of the load contexts with users' designs.</summary>
    public const string ContextName = "designs";

    /// <summary>The fault that an exception comes from, or null when it comes from this program.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="isUsers">Whether the design that ran can be the user's own.</param>
    public static DesignFault? Of(Exception e, bool isUsers)
    {
        while (e is RunCrashException or AggregateException && e.InnerException is { } cause)
        {
            e = cause;
        }

        if (isUsers && e is NotDeterministicException)
        {
            return new DesignFault(
                null, $"{e.Message}; the design does something else when a run is made again: actorpmu check SCENARIO --determinism --design NAME shows where");
        }

        // Whoever stands first below the libraries threw it.
        StackFrame? thrower = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(f => f.GetMethod() is { } m && !IsLibrary(m));
        if (thrower?.GetMethod() is not { } method || AssemblyLoadContext.GetLoadContext(method.Module.Assembly)?.Name != ContextName)
        {
            return null;
        }

        string place = thrower.GetFileName() is { } file
            ? FormattableString.Invariant($"{file}:{thrower.GetFileLineNumber()}:{thrower.GetFileColumnNumber()}")
            : method.Module.Assembly.Location;
        return new DesignFault(place, $"{NameOf(method)} threw {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}; mend the design");
    }

    /// <summary>The fault without «error».</summary>
    public string InOneLine => Place is null ? What : $"{Place}: {What}";

    /// <summary>Whether a design comes from an assembly of the user's.</summary>
    /// <param name="design">The design.</param>
    public static bool IsUsers(ISharingDesign design) => AssemblyLoadContext.GetLoadContext(design.GetType().Assembly)?.Name == ContextName;

    /// <summary>As compilers put it.</summary>
    public override string ToString() => Place is null ? $"error: {What}" : $"{Place}: error: {What}";

    // An await of something else is refused by the builder, in the name of the method that awaits.
    private static bool IsLibrary(MethodBase method) =>
        method.Module.Assembly.GetName().Name is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal)
            || (method.DeclaringType?.Namespace == typeof(KernelTask).Namespace && method.DeclaringType!.Name.StartsWith(nameof(KernelTaskMethodBuilder), StringComparison.Ordinal)));

    // An async method is a type of its own: «H.Mine+<Read>d__4.MoveNext».
    private static string NameOf(MethodBase method)
    {
        Type? type = method.DeclaringType;
        return type is { DeclaringType: { } outer } && type.Name.StartsWith('<') && type.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and int end
            ? $"{outer.FullName}.{type.Name[1..end]}"
            : $"{type?.FullName}.{method.Name}";
    }
}
