namespace ActorPmu.Scenarios.Traces;

/// <summary>The tracepoints that are read.</summary>
internal enum EventKind
{
    Unknown,
    Switch,
    Waking,
    Woken,
    WokenAfterFork,
    Migrate,
    Fork,
    Exec,
    Exit,
    CgroupAttach,
    CgroupMake,
    CgroupRemove,
}
