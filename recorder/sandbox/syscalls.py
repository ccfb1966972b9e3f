"""The system calls that a closed-off child may make, as a filter that the kernel holds it to.

libseccomp writes the filter; any Linux with apt or systemd has it. All that a decoder does is here:
memory, threads, opening files to read them, writing to what it was given. No file is opened to be
written or made, and there is no socket, no new process, no signal to another, no tracing, no mount
and no key ring: those are answered as if the kernel had never known them,
so that the C library falls back or fails as it would on an old system.
"""

from __future__ import annotations

import ctypes
import os
import platform
from functools import cache

_ALLOWED = """
access arch_prctl brk clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 execve exit
exit_group faccessat faccessat2 fadvise64 fcntl fstat fstatfs futex get_robust_list getcwd getdents64
getegid geteuid getgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit
getrusage gettid gettimeofday getuid lseek lstat madvise mincore mmap mprotect mremap munmap nanosleep
newfstatat pause poll ppoll pread64 preadv pselect6 read readlink readlinkat readv
restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend
rt_sigtimedwait sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
sched_getscheduler sched_yield select set_robust_list set_tid_address sigaltstack stat statfs statx
sysinfo time times umask uname wait4 write writev
""".split()
# Nobody gains anything by these without privileges, and the step down from root needs them.
_STEP_DOWN = "capget capset prctl setgroups setresgid setresuid".split()

_MACHINES = {"x86_64", "aarch64"}  # where clone takes its flags first
_ALLOW = 0x7FFF_0000
_AS_UNKNOWN = 0x0005_0000 | 38  # the error ENOSYS
_EQUAL, _MASKED_EQUAL = 4, 7
_CLONE_THREAD = 0x0001_0000
_PR_SET_NAME = 15
_FIOCLEX = 0x5451  # "close this when a program starts": how Python opens a script
_READ_ONLY = 0  # of the flags below, none may be set
_WRITING = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE")
_ROOM = 64 * 1024  # bytes a pipe holds; a filter has about two thousand


class _Comparison(ctypes.Structure):
    """libseccomp's scmp_arg_cmp."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


@cache
def compiled(*, stepping_down: bool = False) -> bytes | None:
    """The filter as the kernel takes it; None where libseccomp or the machine's kind is missing.

    ``stepping_down``: root gives up its rights behind the filter.
    """
    library = _library()
    if library is None:
        return None
    context = library.seccomp_init(_AS_UNKNOWN)
    if not context:
        return None
    try:
        _fill(library, context, _STEP_DOWN if stepping_down else [])
        return _exported(library, context)
    finally:
        library.seccomp_release(context)


def _library() -> ctypes.CDLL | None:
    if platform.machine() not in _MACHINES:
        return None
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_release.restype = None
    for function in ("seccomp_release", "seccomp_rule_add_array", "seccomp_export_bpf"):
        getattr(library, function).argtypes = _ARGUMENTS[function]
    return library


_ARGUMENTS = {
    "seccomp_release": [ctypes.c_void_p],
    "seccomp_rule_add_array": [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint),
        ctypes.POINTER(_Comparison),
    ],
    "seccomp_export_bpf": [ctypes.c_void_p, ctypes.c_int],
}


def _fill(library: ctypes.CDLL, context: int, more: list[str]) -> None:
    for name in (*_ALLOWED, *more):
        _allow(library, context, name)
    for name, flags_at in (("open", 1), ("openat", 2)):
        _allow(library, context, name, _Comparison(flags_at, _MASKED_EQUAL, _writing(), _READ_ONLY))
    # Threads, but no new process; its own limits, but nobody else's; its own name; no device.
    threads = _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD, _CLONE_THREAD)
    _allow(library, context, "clone", threads)
    _allow(library, context, "prlimit64", _Comparison(0, _EQUAL, 0, 0))
    _allow(library, context, "ioctl", _Comparison(1, _EQUAL, _FIOCLEX, 0))
    if "prctl" not in more:
        _allow(library, context, "prctl", _Comparison(0, _EQUAL, _PR_SET_NAME, 0))


def _writing() -> int:
    flags = 0
    for name in _WRITING:
        flags |= getattr(os, name)
    return flags & ~os.O_DIRECTORY  # part of O_TMPFILE, but folders may be listed


def _allow(library: ctypes.CDLL, context: int, name: str, *where: _Comparison) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    # A call that this machine or library does not know stays forbidden, which is no harm.
    rules = (_Comparison * len(where))(*where)
    library.seccomp_rule_add_array(context, _ALLOW, number, len(where), rules)


def _exported(library: ctypes.CDLL, context: int) -> bytes | None:
    reading, writing = os.pipe()
    try:
        failed = library.seccomp_export_bpf(context, writing)
    finally:
        os.close(writing)
    try:
        found = os.read(reading, _ROOM)
    finally:
        os.close(reading)
    return None if failed else found
