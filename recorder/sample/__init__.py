"""The sample: a made-up team, a voice note and a photo of a drawing."""

from __future__ import annotations

import os
import shutil
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from recorder.export import codes
from recorder.home import Home
from recorder.review.states import Role
from store.cases import Around, Case, CaseDetails
from store.people import Member

_SIGN_IN = {role.value for role in Role}
_MOSAIC_ID = "900001"  # made up, like everything here
_ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class Team:
    """The fictional three and their case."""

    practitioner: Member
    supervisor: Member
    young_person: Member
    case: Case


def enrol(home: Home) -> Team:
    """Add the sample's people and case to a new home, or find them in one that has them."""
    said = _description()
    by_role = {each["role"]: each for each in said["people"]}
    if not home.store.people.all():
        _add(home, said, by_role)
    give_codes(home)
    found = {
        role: home.store.people.by_handle(by_role[role]["id"])
        for role in ("practitioner", "supervisor", "young_person")
    }
    return Team(**found, case=home.store.cases.by_ref(said["case"]["ref"]))


def give_codes(home: Home) -> None:
    """What the made-up council's Mosaic calls things, unless the home says so itself."""
    if not home.settings.mosaic.exists():
        made_up = (resources.files(__name__) / "mosaic.toml").read_bytes()
        home.settings.mosaic.write_bytes(made_up)
    codes.use(home.settings.mosaic)


def drop(home: Home, team: Team) -> tuple[Path, ...]:
    """Put the voice note and the drawing into the intake folder, as a synced folder would."""
    said = _description()
    folder = home.settings.intake / team.practitioner.handle / team.case.details.ref
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = ((said["voice_note"], said["recorded_at"]), (said["drawing"], said["taken_at"]))
    return tuple(_drop(folder, name, datetime.fromisoformat(moment)) for name, moment in files)


def _add(home: Home, said: dict[str, Any], by_role: dict[str, Any]) -> None:
    staff = {
        role: home.store.people.add(
            Member("", role, by_role[role]["id"], by_role[role]["name"], None), _ACTOR
        )
        for role in ("practitioner", "supervisor")
    }
    around = tuple(
        Around(each["name"], each["role"])
        for each in said["people"]
        if each["role"] not in _SIGN_IN
    )
    young = by_role["young_person"]
    details = CaseDetails(said["case"]["ref"], young["name"], _MOSAIC_ID, around)
    case = home.store.cases.add(details, staff["practitioner"].id, _ACTOR)
    home.store.people.add(Member("", young["role"], young["id"], young["name"], case.id), _ACTOR)


def _drop(folder: Path, name: str, moment: datetime) -> Path:
    target = folder / name
    with (resources.files(__name__) / name).open("rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
    os.utime(target, (moment.timestamp(), moment.timestamp()))
    return target


def _description() -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / "sample.toml").read_text(encoding="utf-8"))
