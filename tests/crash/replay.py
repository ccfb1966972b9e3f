"""Plays back, call by call, what a power cut or a kill could have left of a program's work."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.attacks.oracle import Attack
from tests.crash.calls import Begun, Call, Committed, Done
from tests.crash.disk_model import DiskModel, Tree
from tests.crash.double import Recording

LOCK = ".lock"
"""How the names of lock files end: they hold nothing and need not last."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been promised when the machine stopped."""

    begun: int = -1  # the last step that had started
    done: int = -1  # the last step that had returned
    database: bytes | None = None  # as last committed

    def after(self, call: Call) -> Moment:
        match call:
            case Begun(step):
                return Moment(step, self.done, self.database)
            case Done(step):
                return Moment(self.begun, step, self.database)
            case Committed(snapshot):
                return Moment(self.begun, self.done, snapshot)
        return self


class Program(Protocol):
    """A few steps on a disk, and what must hold of them afterwards."""

    before: Tree

    def run(self, disk: Recording) -> None:
        """Take every step below `disk.top`, telling the double when each begins and returns."""

    def check(self, top: Path, moment: Moment) -> None:
        """Recover what lies below `top`; AssertionError if a promise was broken."""

    def again(self, rng: random.Random, moment: Moment, tree: Tree) -> Program:
        """What another process does after this one was killed at `moment` and left `tree`."""


class BrokenPromiseError(AssertionError):
    """A crash lost, tore or made up something."""


@dataclass(frozen=True, slots=True)
class Player:
    """Plays programs; every state it tries counts as an attack."""

    folder: Path
    attack: Attack

    def power_cut(
        self,
        program: Program,
        each: int,
        double: Callable[[Path], Recording] = Recording,
    ) -> None:
        """Cut the power after every call; try at most `each` outcomes of every cut."""
        model = DiskModel(program.before)
        self._play(program, model, self._recorded(program, program.before, double), each)

    def power_cut_at_end(
        self, program: Program, each: int, double: Callable[[Path], Recording]
    ) -> None:
        """Cut the power once the program is through, and try at most `each` outcomes."""
        model, moment = DiskModel(program.before), Moment()
        calls = self._recorded(program, program.before, double)
        for call in calls:
            model.apply(call)
            moment = moment.after(call)
        for tree in model.after_power_cut(self.attack.chance, each):
            self._try(program, moment, tree, calls)

    def kill_then_power_cut(
        self,
        program: Program,
        each: int,
        double: Callable[[Path], Recording] = Recording,
    ) -> None:
        """Kill the process after a call drawn at random, run another, then cut the power.

        What the first one left is seen by the second and yet not sure to last.
        """
        calls = self._recorded(program, program.before, double)
        model, moment = DiskModel(program.before), Moment()
        for call in calls[: self.attack.chance.randrange(len(calls))]:
            model.apply(call)
            moment = moment.after(call)
        second = program.again(self.attack.chance, moment, model.now())
        self._play(second, model, self._recorded(second, model.now(), double), each)

    def _recorded(
        self, program: Program, before: Tree, double: Callable[[Path], Recording]
    ) -> list[Call]:
        top = self.folder / "run"
        place(top, before)
        disk = double(top)
        program.run(disk)
        model = DiskModel(before)
        for call in disk.calls:
            model.apply(call)
        assert model.now() == look(top), "something was written past the facade"
        return disk.calls

    def _play(self, program: Program, model: DiskModel, calls: list[Call], each: int) -> None:
        moment, tried = Moment(), set[int]()
        for number, call in enumerate(calls):
            model.apply(call)
            moment = moment.after(call)
            for tree in model.after_power_cut(self.attack.chance, each):
                # Most calls add to what could have been left before them; that was tried.
                state = hash((moment, frozenset(tree.items())))
                if state not in tried:
                    tried.add(state)
                    self._try(program, moment, tree, calls[: number + 1])

    def _try(self, program: Program, moment: Moment, tree: Tree, calls: list[Call]) -> None:
        top = self.folder / "state"
        place(top, tree)
        try:
            program.check(top, moment)
        except Exception as error:
            said = "\n".join(repr(call)[:120] for call in calls[-20:])
            left = {path: None if data is None else data[:40] for path, data in tree.items()}
            raise BrokenPromiseError(
                f"seed {self.attack.seed}, state {self.attack.attempts}, step {moment.begun} begun"
                f" and {moment.done} done\nlast calls:\n{said}\nleft: {left}"
            ) from error
        self.attack.attempts += 1


def place(top: Path, tree: Tree) -> None:
    """Make `top` hold exactly `tree`."""
    if top.exists():
        shutil.rmtree(top)
    top.mkdir(mode=0o700)
    for path, content in sorted(tree.items()):
        if content is None:
            (top / path).mkdir(mode=0o700)
        else:
            handle = os.open(top / path, os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, content)
            os.close(handle)


def look(top: Path) -> Tree:
    """Everything below `top` but locks."""
    return {path.relative_to(top).as_posix(): content for path, content in _entries(top)}


def _entries(top: Path) -> Iterator[tuple[Path, bytes | None]]:
    for path in top.rglob("*"):
        if not path.name.endswith(LOCK):
            yield path, None if path.is_dir() else path.read_bytes()
