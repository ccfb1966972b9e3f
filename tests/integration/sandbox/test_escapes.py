"""Attempts to get out of a closed-off child: none may succeed where a level promises it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recorder.errors import MediaError, Overran, Stalled, ToolFailed
from recorder.sandbox import child
from recorder.sandbox.ladder import Confinement, Level, candidates, python_program
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import works

SCRIPT = str(Path(__file__).with_name("escapes.py"))
ROOMY = Limits(answer=MIB)
# docs/MEDIA.md says so: without Landlock the lower levels leave what this user may read in reach.
READING = {
    "read_the_key",
    "read_the_key_by_a_detour",
    "list_the_home",
    "read_the_project",
    "read_who_uses_this_machine",
    "read_the_hosts_settings",
    "list_the_users_homes",
    "read_the_first_process",
    "read_a_process_environment",
    "read_a_process_command",
    "open_a_process_memory",
    "go_through_a_process_root",
    "see_what_a_process_has_open",
    "open_kernel_messages",
    "open_a_disk_or_memory",
}


def tried(confinement: Confinement, outside: str, limits: Limits = ROOMY, *name: str) -> bytes:
    program = python_program(SCRIPT, outside, *name, reads=(SCRIPT,))
    return b"".join(child.stream(program, iter(()), limits, confinement))


def escapes(confinement: Confinement, outside: str) -> set[str]:
    said: dict[str, Any] = json.loads(tried(confinement, outside))
    assert len(said["tried"]) >= 50
    return set(said["got_out"])


def test_nothing_gets_out(confinement: Confinement, outside: str) -> None:
    closed = confinement.level is Level.BUBBLEWRAP or confinement.landlock
    if not (closed and confinement.system_calls):
        pytest.skip("this machine has no libseccomp, or no Landlock: the level promises less")
    assert escapes(confinement, outside) == set()


@pytest.mark.parametrize("level", [Level.NAMESPACES, Level.LIMITS], ids=lambda each: each.value)
def test_without_landlock_only_reading_gets_out(level: Level, outside: str) -> None:
    plain = [
        each
        for each in candidates()
        if each.level is level and not each.landlock and each.system_calls and works(each)
    ]
    if not plain:
        pytest.skip(f"{level.value} with a system call filter does not work on this machine")
    found = escapes(plain[0], outside)
    assert "read_the_key" in found, "the warning in docs/MEDIA.md would be out of date"
    assert found <= READING


@pytest.mark.parametrize(
    ("bomb", "limits", "error"),
    [
        ("start_processes", ROOMY, ToolFailed),
        ("take_memory", ROOMY, ToolFailed),
        ("compute", Limits(answer=MIB, cpu_seconds=1), Overran),
        ("compute_and_ignore_every_signal", Limits(answer=MIB, cpu_seconds=1), Stalled),
        ("wait", Limits(answer=MIB, stall_seconds=0.5), Stalled),
        ("wait", Limits(answer=MIB, wall_seconds=0.5), Stalled),
        ("talk", ROOMY, Overran),
    ],
)
def test_a_bomb_ends_the_child_and_is_said_plainly(
    confinement: Confinement, outside: str, bomb: str, limits: Limits, error: type[MediaError]
) -> None:
    with pytest.raises(error) as raised:
        tried(confinement, outside, limits, bomb)
    assert raised.value.sentence.endswith(".")


def test_threads_are_counted_where_the_child_has_a_user_or_namespace_of_its_own(
    outside: str,
) -> None:
    best = next(each for each in candidates() if works(each))
    if best.level is not Level.BUBBLEWRAP:
        pytest.skip("bubblewrap does not work on this machine")
    with pytest.raises(ToolFailed):
        tried(best, outside, ROOMY, "start_threads")
