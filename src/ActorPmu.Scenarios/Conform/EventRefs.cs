namespace ActorPmu.Scenarios.Conform;

/// <summary>The task that an open names by its pid argument.</summary>
public abstract record TaskRef
{
    /// <summary>A task of the case by its name; <c>self</c>, the controlling task, is pid 0.</summary>
    /// <param name="Name">The name, <c>self</c> included.</param>
    public sealed record Named(string Name) : TaskRef
    {
        /// <summary>Whether this is the controlling task.</summary>
        public bool IsSelf => Name == ConformCase.SelfTask;
    }

    /// <summary>Pid -1: whoever runs on the CPU.</summary>
    public sealed record Any : TaskRef;

    /// <summary>A pid given as a number, in general nobody's.</summary>
    /// <param name="Number">The pid argument.</param>
    public sealed record Pid(int Number) : TaskRef;
}

/// <summary>The group_fd argument of an open.</summary>
public abstract record GroupRef
{
    /// <summary>-1.</summary>
    public sealed record None : GroupRef;

    /// <summary>The fd of an event of the case.</summary>
    /// <param name="Ev">The event's name.</param>
    public sealed record Named(string Ev) : GroupRef;

    /// <summary>An fd given as a number, in general not open.</summary>
    /// <param name="Number">The fd argument.</param>
    public sealed record Fd(int Number) : GroupRef;

    /// <summary>An open fd that is no event: /dev/null.</summary>
    public sealed record NotPerf : GroupRef;

    /// <summary>The fd that an event had until it was closed.</summary>
    /// <param name="Ev">The event's name.</param>
    public sealed record Closed(string Ev) : GroupRef;
}

/// <summary>The cgroup of an open: flag PID_CGROUP with a directory's fd as pid.</summary>
public abstract record CgroupRef
{
    /// <summary>A cgroup of the case.</summary>
    /// <param name="Name">The cgroup's name.</param>
    public sealed record Named(string Name) : CgroupRef;

    /// <summary>An fd that is not open.</summary>
    public sealed record BadFd : CgroupRef;

    /// <summary>An open fd that is no cgroup: /.</summary>
    public sealed record NotCgroup : CgroupRef;

    /// <summary>PID_CGROUP with pid -1.</summary>
    public sealed record None : CgroupRef;
}
