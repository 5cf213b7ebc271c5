using System.Reflection;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A design with a meter around each hook that may take steps. A proxy, so that a hook that is new is measured, too.</summary>
public class MeteredDesign : DispatchProxy
{
    private ISharingDesign _design = null!;

    /// <summary>Puts a meter around a design.</summary>
    /// <param name="design">The design.</param>
    public static ISharingDesign Around(ISharingDesign design)
    {
        ISharingDesign proxy = Create<ISharingDesign, MeteredDesign>();
        ((MeteredDesign)(object)proxy)._design = design;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        PerfCore? core = args is [PerfCore first, ..] ? first : null;
        bool takesSteps = core is not null && (targetMethod.ReturnType == typeof(KernelTask) || targetMethod.ReturnType == typeof(KernelTask<bool>));
        if (!takesSteps)
        {
            return targetMethod.Invoke(_design, BindingFlags.DoNotWrapExceptions, null, args, null);
        }

        DesignHook hook = targetMethod.Name switch
        {
            nameof(ISharingDesign.Add) => DesignHook.Add,
            nameof(ISharingDesign.Del) => DesignHook.Del,
            nameof(ISharingDesign.Read) => DesignHook.Read,
            _ => DesignHook.Setup,
        };
        long began = WorkOf(core!);
        object? task = targetMethod.Invoke(_design, BindingFlags.DoNotWrapExceptions, null, args, null);
        return task is KernelTask<bool> withAnswer ? After(core!, hook, began, withAnswer) : After(core!, hook, began, (KernelTask)task!);
    }

    private static long WorkOf(PerfCore core) => core.Machine.World.Steps + core.Machine.Costs.Design!.Looks;

    private static async KernelTask After(PerfCore core, DesignHook hook, long began, KernelTask task)
    {
        await task;
        core.Machine.Costs.Design!.Called(hook, WorkOf(core) - began);
    }

    private static async KernelTask<bool> After(PerfCore core, DesignHook hook, long began, KernelTask<bool> task)
    {
        bool answer = await task;
        core.Machine.Costs.Design!.Called(hook, WorkOf(core) - began);
        return answer;
    }
}
