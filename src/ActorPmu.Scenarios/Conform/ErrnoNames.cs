namespace ActorPmu.Scenarios.Conform;

/// <summary>The names that <c>ret</c> can have: Linux's errnos (include/uapi/asm-generic/errno-base.h, errno.h).</summary>
internal static class ErrnoNames
{
    public static IReadOnlyList<string> OkAndErrnos { get; } =
    [
        "ok",
        "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM", "EACCES", "EFAULT",
        "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG",
        "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE", "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY",
        "ELOOP", "ENODATA", "ETIME", "EPROTO", "EBADMSG", "EOVERFLOW", "EILSEQ", "EUSERS", "ENOTSOCK", "EPROTONOSUPPORT", "EOPNOTSUPP",
        "EADDRINUSE", "ENOBUFS", "ETIMEDOUT", "ESTALE", "EDQUOT", "ECANCELED",
    ];
}
