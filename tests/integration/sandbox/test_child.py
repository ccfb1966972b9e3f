"""The closed-off child: what goes in and out, and what happens when it or its source fails."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pytest

from recorder.errors import Overran, SandboxFailed, Stalled, ToolFailed, ToolMissing
from recorder.media.readable import BytesReadable, blocks
from recorder.sandbox import child
from recorder.sandbox.ladder import Confinement, Program, python_program
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import chosen, stream

LIMITS = Limits(answer=8 * MIB, stall_seconds=60)
ECHO = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"


def run(program: str, source: Iterator[bytes], stall_seconds: float = 60) -> bytes:
    limits = replace(LIMITS, stall_seconds=stall_seconds)
    return b"".join(stream(python_program("-c", program), source, limits))


def held() -> tuple[str, int, int]:
    """Return our children, and how many threads and open files we have."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return children, threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def _chosen_before() -> None:
    chosen()


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(_chosen_before: None) -> Iterator[None]:
    before = held()
    yield
    assert held() == before


def test_bytes_go_in_and_come_out() -> None:
    data = os.urandom(1_000_003)
    assert run(ECHO, blocks(BytesReadable(data))) == data


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFREPORT", "file=/tmp/canary.log")
    seen = run("import os; print(sorted(os.environ), os.getcwd())", iter(()))
    assert b"FFREPORT" not in seen
    assert b"PATH" not in seen
    assert b"LC_ALL" in seen
    assert seen.endswith(b"/\n")


def test_a_child_that_stops_reading_early_is_no_fault() -> None:
    assert run("print('enough')", repeat(bytes(100_000), 100)) == b"enough\n"


def test_a_failing_child_gives_its_code_and_none_of_its_words() -> None:
    with pytest.raises(ToolFailed) as failure:
        run("import sys; print('canary', file=sys.stderr); sys.exit(7)", iter(()))
    assert failure.value.returncode == 7
    assert "canary" not in str(failure.value)


def test_a_child_that_stands_still_is_stopped() -> None:
    with pytest.raises(Stalled):
        run("import time; time.sleep(1000)", iter(()), stall_seconds=0.2)


def test_a_child_that_never_ends_after_its_output_is_stopped() -> None:
    program = "import os, time; os.close(1); time.sleep(1000)"
    with pytest.raises(Stalled):
        run(program, iter(()), stall_seconds=0.2)


def test_closing_early_ends_an_endless_child() -> None:
    output = stream(python_program("-c", ECHO), repeat(bytes(100_000)), LIMITS)
    assert next(output)
    output.close()


@pytest.mark.parametrize("error", [ValueError("sealed blob"), OSError(5, "disk")])
def test_a_fault_of_the_source_is_raised_unchanged(error: Exception) -> None:
    def source() -> Iterator[bytes]:
        yield bytes(10)
        raise error

    with pytest.raises(type(error)) as raised:
        run(ECHO, source())
    assert raised.value is error


def test_more_than_it_may_give_back_ends_the_child() -> None:
    with pytest.raises(Overran):
        b"".join(stream(python_program("-c", ECHO), repeat(bytes(100_000)), LIMITS))


def test_waiting_for_a_slow_source_is_not_held_against_the_child() -> None:
    def slow() -> Iterator[bytes]:
        for _ in range(4):
            time.sleep(1.0)
            yield b"x"

    # Less than the source takes, and enough for a busy machine to start a child.
    limits = replace(LIMITS, wall_seconds=3.0)
    assert b"".join(stream(python_program("-c", ECHO), slow(), limits)) == b"xxxx"


def test_a_program_that_is_not_there_is_missing() -> None:
    with pytest.raises(ToolMissing, match="install"):
        b"".join(stream(Program(("/usr/bin/no-such-program",)), iter(()), LIMITS))


def test_a_sandbox_that_cannot_be_made_is_no_fault_of_the_file(
    confinement: Confinement, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = confinement.argv(python_program("-c", ECHO), LIMITS, -1, -1)
    outer = {Path(each).name for each in (whole[: whole.index("--")] if "--" in whole else whole)}
    makers = outer & {"bwrap", "unshare", "setpriv", "nice"}
    assert makers
    known = shutil.which
    for broken in makers:
        with (
            monkeypatch.context() as without,
            pytest.raises(SandboxFailed, match="Nothing is lost"),
        ):
            without.setattr(
                shutil,
                "which",
                lambda name, gone=broken: "/bin/false" if name == gone else known(name),
            )
            b"".join(child.stream(python_program("-c", ECHO), iter(()), LIMITS, confinement))


def test_a_wrapper_that_is_gone_is_no_fault_of_the_file(
    confinement: Confinement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SandboxFailed):
        b"".join(child.stream(Program(("/usr/bin/true",)), iter(()), LIMITS, confinement))


def test_a_child_killed_by_somebody_else_is_worth_another_try(confinement: Confinement) -> None:
    program = "import sys, resource, time; resource.setrlimit(resource.RLIMIT_CPU, (0, 0))\nwhile True: pass"
    with pytest.raises(Stalled):
        b"".join(child.stream(python_program("-c", program), iter(()), LIMITS, confinement))
