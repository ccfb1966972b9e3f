"""The kernel's own record of what is opened while hostile files go the whole way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from recorder.media import telemetry
from recorder.media.inchild import seen
from recorder.media.picture import _LIBRARIES
from recorder.sandbox.ladder import Level
from recorder.sandbox.runner import chosen

PROJECT = Path(__file__).parents[2]
CALLS = (
    "%network,execve,open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,symlink,symlinkat,link,"
    "linkat,rename,renameat,renameat2,unlink,unlinkat,truncate"
)
WRITING = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE")
PROGRAMS = ("/usr/", "/lib", "/etc/ld.so.cache", "/etc/alternatives")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that succeeded."""

    image: str  # the program that made it; empty for a thread, whose program the record leaves open
    name: str
    arguments: str

    @property
    def path(self) -> str:
        """The path it is about: the first it names, of a link the last; empty for none."""
        found = re.findall(r'"([^"]*)"', self.arguments)
        return (found[-1] if "link" in self.name else found[0]) if found else ""

    @property
    def writes(self) -> bool:
        """Whether it changes a file system."""
        if self.name == "execve":
            return False
        opens = self.name in {"open", "openat", "openat2"}
        return not opens or any(flag in self.arguments for flag in WRITING)


def calls(record: Path) -> Iterator[Call]:
    """Every call of a record that succeeded."""
    images: dict[str, str] = {}
    begun: dict[str, str] = {}
    for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
        process, _, said = line.partition(" ")
        said = said.lstrip()
        if said.endswith("<unfinished ...>"):
            begun[process] = said.removesuffix("<unfinished ...>")
            continue
        if said.startswith("<... "):
            said = begun.pop(process, "") + said.partition(" resumed>")[2]
        found = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", said)
        if found is None or int(found[3]) < 0:
            continue
        call = Call(images.get(process, ""), found[1], found[2])
        if call.name == "execve":
            images[process] = call.path
        yield call


@pytest.fixture
def record(tmp_path: Path, pytestconfig: pytest.Config) -> list[Call]:
    """What the kernel saw."""
    tool = shutil.which("strace")
    if tool is None:
        pytest.skip("strace is not installed")
    (tmp_path / "canary").write_text("not yours")
    kept, place = str(tmp_path / "record"), str(tmp_path)
    argv = [
        *(tool, "-f", "-qq", "-s", "4096", "-e", f"trace={CALLS}", "-o", kept),
        *(sys.executable, "-B", "-m", "tests.hostile.traced", place, "http://127.0.0.1:9/x"),
        *(str(tmp_path / "canary"), pytestconfig.getoption("--attack-seed")),
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": place,
        "PYTHONPATH": str(PROJECT),
        "RECORDER_SETTLE_SECONDS": "0",
    }
    done = subprocess.run(
        argv, check=False, env=environment, cwd=PROJECT, capture_output=True, text=True
    )
    if "ptrace" in done.stderr and "permitted" in done.stderr:
        pytest.skip("this machine lets nobody trace")
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stdout.splitlines()) >= 12, done.stdout
    return list(calls(Path(kept)))


def test_nothing_is_reached_that_a_hostile_file_points_at(
    record: list[Call], tmp_path: Path
) -> None:
    assert {"ffmpeg", "ffprobe"} <= {Path(each.image).name for each in record}
    internet = [each for each in record if "AF_INET" in each.arguments or "sin" in each.arguments]
    assert [each for each in internet if each.name in {"socket", "connect", "sendto"}] == []
    canary = str(tmp_path / "canary")
    assert [each for each in record if each.path == canary and each.name != "execve"] == []

    # bubblewrap builds the child's root in memory, and writes who its user is into /proc.
    allowed = (
        str(tmp_path / "home"),
        "/dev/null",
        "/newroot",
        "newroot",
        "oldroot",
        "/proc/",
        "/oldroot",
    )
    network = {"socket", "bind", "sendto", "recvfrom", "getsockname", "connect", "socketpair"}
    written = [each for each in record if each.writes and each.name not in network]
    assert [each for each in written if not each.path.startswith(allowed)] == []

    if chosen().level is not Level.BUBBLEWRAP and not chosen().landlock:
        return  # docs/MEDIA.md: there, files can be read
    decoders = ("/ffmpeg", "/ffprobe")
    opened = {
        each.path
        for each in record
        if each.image.endswith(decoders) and each.name.startswith("open")
    }
    assert opened
    assert {path for path in opened if not path.startswith(PROGRAMS)} == set()
    _, libraries = seen("decoder", _LIBRARIES)
    python = str(Path(sys.executable).resolve())
    looked_at = {
        each.path for each in record if each.image == python and each.name.startswith("open")
    }
    own = str(Path(telemetry.__file__))  # a program of ours, read where it stands
    known = (*PROGRAMS, sys.base_prefix, *libraries, own)
    assert looked_at
    assert {path for path in looked_at if not path.startswith(known)} <= {
        str(Path(each).parent) for each in libraries
    }
