namespace ActorPmu.Kernel;

/// <summary>What a system call answers; the names are the kernel's.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such file, event or PMU.</summary>
    ENOENT = 2,

    /// <summary>No such process.</summary>
    ESRCH = 3,

    /// <summary>Interrupted.</summary>
    EINTR = 4,

    /// <summary>Argument list or structure too long.</summary>
    E2BIG = 7,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>No child processes; here, a group that its copies do not match.</summary>
    ECHILD = 10,

    /// <summary>Try again; a counter is not to be had now.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>No such device: the processor is offline.</summary>
    ENODEV = 19,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>Too many open files.</summary>
    EMFILE = 24,

    /// <summary>Inappropriate ioctl.</summary>
    ENOTTY = 25,

    /// <summary>The buffer is too small.</summary>
    ENOSPC = 28,

    /// <summary>Function not implemented.</summary>
    ENOSYS = 38,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Value too large.</summary>
    EOVERFLOW = 75,

    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,
}
