"""Run inside a closed-off child: tries to get out in every way we know and prints what worked.

    escapes.py SETTING [NAME]

SETTING is JSON that says where the outside is. An attempt that returns has got through; one that is
refused raises. **Each does no harm when it works**, because that is when a sandbox is broken: it opens
and does not write, names a folder of the test's own, asks with signal 0, sends no packet, and stops by
itself. None may be added that would change anything outside the test's folder.
"""

import ctypes
import errno
import json
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

Attempt = Callable[[], object]
ATTEMPTS: dict[str, Attempt] = {}
BOMBS: dict[str, Attempt] = {}
SETTING: dict[str, str] = json.loads(sys.argv[1])
HOME, KEY = Path(SETTING["home"]), Path(SETTING["key"])
SCRATCH, PROJECT = Path(SETTING["scratch"]), Path(SETTING["project"])
PARENT, PORT = (
    int(SETTING["parent"]),
    int(SETTING["port"]),
)  # of a process and service of the test's
NOWHERE = "192.0.2.1"  # kept for documents; connecting a datagram socket sends nothing
LIBC = ctypes.CDLL(None, use_errno=True)
MANY = 600  # processes or threads that a bomb stops at; limits stand far below
MUCH = 3 << 30  # bytes that a bomb stops at
ARM = platform.machine() == "aarch64"
NUMBERS = {  # name: (x86_64, aarch64)
    "init_module": (175, 105),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "open_by_handle_at": (304, 265),
    "pidfd_open": (434, 434),
    "fsopen": (430, 430),
    "memfd_create": (319, 279),
    "rt_sigqueueinfo": (129, 138),
    "tgkill": (234, 131),
    "capget": (125, 90),
}


class RefusedError(Exception):
    """It did not work, as it should."""


def attempt(function: Attempt) -> Attempt:
    ATTEMPTS[function.__name__] = function
    return function


def bomb(function: Attempt) -> Attempt:
    BOMBS[function.__name__] = function
    return function


def raw(name: str, *arguments: object) -> int:
    return worked(LIBC.syscall(ctypes.c_long(NUMBERS[name][ARM]), *arguments))


def worked(result: int) -> int:
    """Some complaints come from behind the door: the call was allowed, only its arguments are bad."""
    behind = {errno.EINVAL, errno.EFAULT, errno.ENOEXEC, errno.E2BIG}
    if result < 0 and ctypes.get_errno() not in behind:
        raise RefusedError
    return result


def unnamed_file(folder: str | Path) -> int:
    """A file without a name in a folder, which is gone once it is closed."""
    return os.open(folder, os.O_TMPFILE | os.O_WRONLY)


# What was left behind: first, before an attempt opens anything


@attempt
def find_an_open_descriptor() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    for number in range(3, min(limit, 4096)):
        try:
            os.fstat(number)
        except OSError:
            continue
        return
    raise RefusedError


@attempt
def find_an_environment() -> None:
    if not set(os.environ) - {"LC_ALL", "MALLOC_ARENA_MAX", "PWD"}:
        raise RefusedError


# Network


@attempt
def connect_to_a_service_of_this_machine() -> None:
    socket.create_connection(("127.0.0.1", PORT), 2).close()


@attempt
def connect_to_it_by_ipv6() -> None:
    socket.create_connection(("::ffff:127.0.0.1", PORT), 2).close()


@attempt
def find_a_way_out() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as made:
        made.connect((NOWHERE, 80))


@attempt
def find_a_name_server() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as made:
        made.connect((NOWHERE, 53))


@attempt
def make_raw_packets() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close()


@attempt
def listen_to_the_wire() -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300) as made:
        made.bind(("eth0", 0))


@attempt
def connect_to_a_socket_file() -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(SETTING["socket"])


@attempt
def connect_to_an_abstract_socket() -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.connect("\0" + SETTING["abstract"])


# Reading what belongs to others


@attempt
def read_the_key() -> None:
    KEY.read_bytes()


@attempt
def read_the_key_by_a_detour() -> None:
    Path("/usr/..", *KEY.parts[1:]).read_bytes()


@attempt
def list_the_home() -> None:
    list(HOME.iterdir())


@attempt
def read_the_project() -> None:
    (PROJECT / "pyproject.toml").read_bytes()


@attempt
def read_who_uses_this_machine() -> None:
    Path("/etc/passwd").read_bytes()


@attempt
def read_the_hosts_settings() -> None:
    Path("/etc/hostname").read_bytes()


@attempt
def list_the_users_homes() -> None:
    list(Path("/home").iterdir())


@attempt
def read_the_first_process() -> None:
    Path("/proc/1/environ").read_bytes()


@attempt
def read_a_process_environment() -> None:
    Path(f"/proc/{PARENT}/environ").read_bytes()


@attempt
def read_a_process_command() -> None:
    Path(f"/proc/{PARENT}/cmdline").read_bytes()


@attempt
def open_a_process_memory() -> None:
    os.close(os.open(f"/proc/{PARENT}/mem", os.O_RDONLY))


@attempt
def go_through_a_process_root() -> None:
    Path(f"/proc/{PARENT}/root{KEY}").read_bytes()


@attempt
def see_what_a_process_has_open() -> None:
    list(Path(f"/proc/{PARENT}/fd").iterdir())


@attempt
def open_kernel_messages() -> None:
    os.close(os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK))


@attempt
def open_a_disk_or_memory() -> None:
    for name in ("vda", "sda", "nvme0n1", "mem"):
        if Path("/dev", name).exists():
            os.close(os.open(Path("/dev", name), os.O_RDONLY))
            return
    raise RefusedError


@attempt
def open_by_handle() -> None:
    raw("open_by_handle_at", -100, ctypes.create_string_buffer(64), 0)


# Writing: into the test's own folder, or into files without a name


@attempt
def plant_a_file_in_the_home() -> None:
    os.close(os.open(HOME / "planted", os.O_WRONLY | os.O_CREAT))


@attempt
def make_a_folder_in_the_home() -> None:
    (HOME / "folder").mkdir()


@attempt
def make_a_link_in_the_home() -> None:
    (HOME / "link").symlink_to(KEY)


@attempt
def make_a_device_in_the_home() -> None:
    os.mknod(HOME / "device", 0o600 | 0o020000, os.makedev(1, 3))


@attempt
def rename_the_key() -> None:
    KEY.rename(KEY.with_suffix(".gone"))
    KEY.with_suffix(".gone").rename(KEY)


@attempt
def open_up_the_key() -> None:
    KEY.chmod(0o666)


@attempt
def empty_a_file_in_the_home() -> None:
    os.truncate(HOME / "canary", 0)


@attempt
def write_where_programs_lie() -> None:
    os.close(unnamed_file("/usr/bin"))


@attempt
def write_into_the_root() -> None:
    os.close(unnamed_file("/"))


@attempt
def write_into_tmp() -> None:
    os.close(unnamed_file("/tmp"))


@attempt
def write_into_shared_memory() -> None:
    os.close(unnamed_file("/dev/shm"))


@attempt
def put_a_byte_into_any_file() -> None:
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", str(SCRATCH)):
        try:
            os.write(unnamed_file(folder), b"x")
        except OSError:
            continue
        return
    raise RefusedError


@attempt
def open_a_kernel_setting() -> None:
    os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY))


# Other processes: asked with signal 0, which does nothing


@attempt
def signal_a_process() -> None:
    os.kill(PARENT, 0)


@attempt
def signal_everybody() -> None:
    os.kill(-1, 0)


@attempt
def signal_a_thread() -> None:
    raw("tgkill", PARENT, PARENT, 0)


@attempt
def queue_a_signal() -> None:
    raw("rt_sigqueueinfo", PARENT, 0, ctypes.create_string_buffer(128))


@attempt
def take_hold_of_a_process() -> None:
    raw("pidfd_open", PARENT, 0)


@attempt
def trace_a_process() -> None:
    seize = 0x4206  # it goes on running
    worked(LIBC.ptrace(ctypes.c_long(seize), ctypes.c_long(PARENT), None, None))


@attempt
def read_a_process_memory() -> None:
    class Vector(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    held = ctypes.create_string_buffer(8)
    vectors = [Vector(ctypes.addressof(held), 8), Vector(4096, 8)]
    references = [ctypes.byref(each) for each in vectors]
    worked(LIBC.process_vm_readv(PARENT, references[0], 1, references[1], 1, 0))


@attempt
def read_a_process_limits() -> None:
    resource.prlimit(PARENT, resource.RLIMIT_NOFILE)


@attempt
def set_a_process_priority() -> None:
    os.setpriority(os.PRIO_PROCESS, PARENT, os.getpriority(os.PRIO_PROCESS, PARENT))


@attempt
def start_a_process() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


@attempt
def start_a_program() -> None:
    subprocess.run(["/usr/bin/true"], check=True)


# Privileges and the kernel: with arguments that change nothing


@attempt
def hold_a_privilege() -> None:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, twice
    raw("capget", header, sets)
    if not any(sets):
        raise RefusedError


@attempt
def become_root() -> None:
    if not os.getuid():
        raise RefusedError  # what root may do is asked for above
    os.setuid(0)


@attempt
def mount_on_an_own_folder() -> None:
    worked(LIBC.mount(b"none", bytes(SCRATCH), b"tmpfs", 0, None))


@attempt
def unmount_an_own_folder() -> None:
    worked(LIBC.umount2(bytes(SCRATCH), 2))


@attempt
def open_a_file_system() -> None:
    raw("fsopen", b"tmpfs", 0)


@attempt
def move_the_root() -> None:
    os.chroot("/usr")


@attempt
def make_a_user_namespace() -> None:
    worked(LIBC.unshare(0x10000000))


@attempt
def join_a_namespace() -> None:
    opened = os.open(f"/proc/{PARENT}/ns/net", os.O_RDONLY)
    worked(LIBC.setns(opened, 0))


@attempt
def raise_a_limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


@attempt
def load_a_program_into_the_kernel() -> None:
    raw("bpf", 5, ctypes.create_string_buffer(128), 128)


@attempt
def load_a_module() -> None:
    raw("init_module", ctypes.create_string_buffer(8), 8, b"")


@attempt
def watch_the_processor() -> None:
    raw("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)


@attempt
def use_the_kernels_key_ring() -> None:
    raw("keyctl", 0, -3, 0)


@attempt
def use_the_kernels_queue() -> None:
    raw("io_uring_setup", 8, ctypes.create_string_buffer(128))


@attempt
def handle_page_faults() -> None:
    raw("userfaultfd", 1)


@attempt
def rename_the_machine_to_what_it_is_called() -> None:
    name = os.uname().nodename.encode()
    worked(LIBC.sethostname(name, len(name)))
    if SETTING["uts"] != str(Path("/proc/self/ns/uts").readlink()):
        raise RefusedError  # its own copy


@attempt
def open_the_terminal() -> None:
    os.close(os.open("/dev/tty", os.O_RDWR))


@attempt
def keep_memory_in_a_file() -> None:
    with mmap.mmap(raw("memfd_create", b"hoard", 0), 4096) as room:
        room[0] = 1


# Bombs, one a child. Each that is not stopped stops by itself and says so


@bomb
def start_processes() -> None:
    for _ in range(MANY):
        if not os.fork():
            time.sleep(20)
            os._exit(0)


@bomb
def start_threads() -> None:
    threading.stack_size(32 * 1024)
    for _ in range(MANY):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()


@bomb
def take_memory() -> None:
    held = [bytearray(64 << 20) for _ in range(MUCH >> 26)]
    assert held


@bomb
def compute() -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


@bomb
def compute_and_ignore_every_signal() -> None:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    compute()


@bomb
def wait() -> None:
    time.sleep(60)


@bomb
def talk() -> None:
    for _ in range(MUCH >> 16):
        os.write(1, b"x" * 65536)


def got_out(names: dict[str, Attempt]) -> list[str]:
    found = []
    for name, function in names.items():
        try:
            function()
        except (OSError, RefusedError, ValueError, RuntimeError, subprocess.SubprocessError):
            continue
        found.append(name)
    return found


if __name__ == "__main__":
    if sys.argv[2:]:
        BOMBS[sys.argv[2]]()
        os.write(1, b"not stopped")
        os._exit(0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # it would end the whole list
    sys.stdout.write(json.dumps({"tried": list(ATTEMPTS), "got_out": got_out(ATTEMPTS)}))
