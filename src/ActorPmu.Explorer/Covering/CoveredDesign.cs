using System.Reflection;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>A design whose hooks are counted, with their outcomes. A proxy, so that a hook that is new is covered, too; it adds no step.</summary>
public class CoveredDesign : DispatchProxy
{
    private const string Called = "called";
    private const string Yes = "true";
    private const string No = "false";

    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private ISharingDesign _design = null!;

    /// <summary>What was called in the design's run so far.</summary>
    internal CoverageSheet Sheet { get; private set; } = new();

    /// <summary>The design itself.</summary>
    internal ISharingDesign Inner => _design;

    /// <summary>Counts the hooks of a design.</summary>
    /// <param name="design">The design; of one machine.</param>
    public static ISharingDesign Around(ISharingDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        ISharingDesign proxy = Create<ISharingDesign, CoveredDesign>();
        CoveredDesign covered = (CoveredDesign)(object)proxy;
        covered._design = design;
        foreach (MethodInfo hook in HooksOf(design))
        {
            covered._own.Add(NameOf(hook));
            foreach (string outcome in OutcomesOf(hook))
            {
                covered.Sheet.Add(CoverageTables.Hooks, NameOf(hook), outcome, 0);
            }
        }

        return proxy;
    }

    /// <summary>Whether a design has hooks of its own, beside the kernel as it is.</summary>
    /// <param name="design">The design.</param>
    public static bool HasHooks(ISharingDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        return HooksOf(design).Any();
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        object? result = targetMethod.Invoke(_design, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (!_own.Contains(NameOf(targetMethod)))
        {
            return result;
        }

        if (result is KernelTask<bool> task)
        {
            return After(NameOf(targetMethod), task);
        }

        Note(NameOf(targetMethod), result is bool truth ? (truth ? Yes : No) : result is Enum value ? value.ToString() : Called);
        return result;
    }

    // The hooks that the design has something of its own for; what it leaves to the interface is the kernel as it is.
    private static IEnumerable<MethodInfo> HooksOf(ISharingDesign design)
    {
        InterfaceMapping map = design.GetType().GetInterfaceMap(typeof(ISharingDesign));
        for (int i = 0; i < map.InterfaceMethods.Length; i++)
        {
            if (map.TargetMethods[i].DeclaringType != typeof(ISharingDesign) && IsHook(map.InterfaceMethods[i]))
            {
                yield return map.InterfaceMethods[i];
            }
        }
    }

    // What properties and reports ask is no hook of the kernel.
    private static bool IsHook(MethodInfo method) =>
        method.ReturnType != typeof(string)
        && method.Name is not (nameof(ISharingDesign.Count) or nameof(ISharingDesign.CounterOwner) or "get_" + nameof(ISharingDesign.MasterMustCoverSlaves));

    private static string[] OutcomesOf(MethodInfo hook) =>
        hook.ReturnType == typeof(bool) || hook.ReturnType == typeof(KernelTask<bool>) ? [Yes, No]
        : hook.ReturnType.IsEnum ? []
        : [Called];

    private static string NameOf(MethodInfo hook) => hook.Name.StartsWith("get_", StringComparison.Ordinal) ? hook.Name["get_".Length..] : hook.Name;

    private async KernelTask<bool> After(string hook, KernelTask<bool> task)
    {
        bool answer = await task;
        Note(hook, answer ? Yes : No);
        return answer;
    }

    private void Note(string hook, string outcome) => Sheet.Add(CoverageTables.Hooks, hook, outcome);
}
