"""What the commands say that close a child off."""

from itertools import pairwise
from pathlib import Path

import pytest

from recorder.sandbox import ladder
from recorder.sandbox.ladder import Confinement, Level, Program, candidates, python_program
from recorder.sandbox.limits import MIB, Limits

LIMITS = Limits(answer=MIB)
PROGRAM = Program(("/usr/bin/true",), ("/opt/tool/bin",))


@pytest.fixture(autouse=True)
def _tools_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "_tool", lambda name: f"/usr/bin/{name}")


def argv(confinement: Confinement, *, root: bool, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(ladder, "_is_root", lambda: root)
    return confinement.argv(PROGRAM, LIMITS, 7, 8)


def test_bubblewrap_shares_nothing_but_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = argv(Confinement(Level.BUBBLEWRAP), root=False, monkeypatch=monkeypatch)
    assert {"--unshare-all", "--die-with-parent", "--new-session"} <= set(made)
    assert "--dev-bind" not in made
    assert not {"--bind", "--proc", "--dev", "--tmpfs"} & set(made)
    bound = {after for option, after in pairwise(made) if option.startswith("--ro-bind")}
    assert bound - {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"} == {
        "/usr",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/opt/tool/bin",
    }
    assert made[-1] == "/usr/bin/true"
    assert dict(pairwise(made))["--seccomp"] == "7"


def test_root_steps_down_inside_to_a_user_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    way = Confinement(Level.BUBBLEWRAP, own_user=True)
    made = argv(way, root=True, monkeypatch=monkeypatch)
    assert "--unshare-all" not in made  # in a user namespace it would stay root outside
    assert {"--unshare-net", "--unshare-pid", "--unshare-ipc"} <= set(made)
    assert made.index("/usr/bin/setpriv") > made.index("--")
    user = next(each for each in made if each.startswith("--reuid="))
    assert int(user.removeprefix("--reuid=")) > 60_000


@pytest.mark.parametrize("level", [Level.NAMESPACES, Level.LIMITS])
def test_the_lower_levels_die_with_their_parent_and_gain_nothing(
    level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = argv(Confinement(level, landlock=True), root=False, monkeypatch=monkeypatch)
    assert {"--pdeathsig", "--no-new-privs"} <= set(made)
    assert ("--net" in made) == (level is Level.NAMESPACES)
    assert "read=/opt/tool/bin" in made
    assert "read=/usr" in made


def test_root_keeps_no_privilege_where_it_cannot_step_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = argv(Confinement(Level.LIMITS), root=True, monkeypatch=monkeypatch)
    assert "--securebits=+noroot,+noroot_locked" in made


def test_processes_are_only_counted_where_no_others_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for way, counted in (
        (Confinement(Level.BUBBLEWRAP), True),
        (Confinement(Level.NAMESPACES), True),
        (Confinement(Level.LIMITS), False),
        (Confinement(Level.LIMITS, own_user=True), True),
    ):
        made = argv(way, root=way.own_user, monkeypatch=monkeypatch)
        assert any(each.startswith("--nproc=") for each in made) == counted


def test_the_last_level_closes_nothing_off_and_always_comes_last() -> None:
    *others, last = candidates()
    assert last == Confinement(Level.NONE)
    assert Level.NONE not in {each.level for each in others}
    assert last.argv(PROGRAM, LIMITS, -1, -1) == ["/usr/bin/true"]


def test_python_sees_its_own_library_and_what_it_is_given() -> None:
    program = python_program("-c", "pass", reads=("/opt/one.py",))
    assert program.argv[1:4] == ("-I", "-S", "-B")
    assert "/opt/one.py" in program.reads
    project = str(Path(__file__).parents[4])
    assert not any(project.startswith(each) for each in program.reads)
