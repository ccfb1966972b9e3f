"""The daily run: tells what goes, erases what was told of long enough, and says what it did."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from functools import partial

from recorder.home import Home
from recorder.intake.adopt import File
from recorder.intake.adopter import opened
from recorder.retention.due import Item, Looking
from recorder.retention.packs import lying, put_aside, remove, sweep
from recorder.retention.rules import DAY_MS, Rules, rules_of
from store.disposal import ARRIVAL, PACK, SOUND, TRANSCRIPT, Disposal, Judged, Thing
from store.errors import ConflictError, HeldError, StoreError
from store.journal import DROPPED as DROPPED_FILE
from store.journal import Look
from store.session import now_ms
from store.tables import TEAM

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """Something that a rule is about, and when it goes."""

    item: Item
    told_at: int  # ms: since when it was told of; 0: it was not
    goes_at: int  # ms: at the first run after this; 0: it stays for now


@dataclass(frozen=True, slots=True)
class Ending:
    """A case, and when the council's schedule ends for it."""

    case_id: str
    ends: Date | None  # None: the date of birth is not entered


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go and when."""

    rules: Rules
    going: Sequence[Going]  # whatever goes first at the top; then what stays
    endings: Sequence[Ending]  # of the schedule for whole records, if there is one


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    gone: tuple[Disposal, ...]
    told: int  # things that are told of now and go later
    failed: int  # that were to go, and stay: something changed meanwhile, or did not open


def preview(home: Home, now: int | None = None) -> Preview:
    """What would go and when, as seen at `now` (ms); nothing is changed."""
    rules = rules_of(home.settings)
    told, now = home.store.disposing.told(), now_ms() if now is None else now
    items = Looking(home.store, rules, lying(home.settings.export)).items()
    going = [_going(each, told, rules, now) for each in items]
    return Preview(rules, going, _endings(home))


def run(home: Home, actor: str, now: int | None = None) -> Ran:
    """Tell of what goes, and erase what was told of for long enough; nothing while rules are off."""
    now = now_ms() if now is None else now
    rules = rules_of(home.settings)
    if not rules.on:
        home.store.disposing.tell(())  # what was told before they were switched off is told anew
        return Ran((), 0, 0)
    sweep(home.store, home.settings.export)
    looking = Looking(home.store, rules, lying(home.settings.export))
    items = [each for each in looking.items() if each.goes]
    home.store.disposing.tell([thing for each in items for thing in each.things])
    told = home.store.disposing.told()
    due = [each for each in items if _going(each, told, rules, now).goes_at <= now]
    gone: list[Disposal] = []
    failed, told_before = 0, now - rules.notice_days * DAY_MS
    for item in due:
        try:
            gone += _erase(home, item, told_before, actor)
        except (ConflictError, HeldError):
            failed += 1
        except (StoreError, OSError) as error:
            failed += 1
            fields = {"rule": item.rule, "reason": type(error).__name__}
            log.error("not erased by its rule", extra=fields)  # noqa: TRY400 - a traceback may show values
    home.store.erasing.sweep()
    return Ran(tuple(gone), len(items) - len(due), failed)


def _going(item: Item, told: Mapping[Thing, int], rules: Rules, now: int) -> Going:
    since = [told[each] for each in item.things if each in told]
    whole = len(since) == len(item.things)
    if not item.goes:
        return Going(item, max(since) if whole else 0, 0)
    known = max(since) if whole else now
    return Going(item, known if whole else 0, max(item.due_at, known + rules.notice_days * DAY_MS))


def _erase(home: Home, item: Item, told_before: int, actor: str) -> list[Disposal]:
    judged = replace(item.judged, told_before=told_before)
    store, kind, disposing = home.store, item.things[0].kind, home.store.disposing
    if kind == PACK:
        return _erase_pack(home, item, judged, actor)
    if kind == ARRIVAL:
        file = opened(store.arrivals.open(item.things[0].object))
        assert isinstance(file, File)  # noqa: S101 - for the types: only files were listed
        letter = file.letter
        seen = Look(
            letter.path, TEAM, None, DROPPED_FILE, file.sealed.size, signature=letter.signature
        )
        also = partial(store.journal.enter, look=seen)
        return disposing.arrivals(item.things, judged, actor, also)
    if kind == SOUND:
        return disposing.sounds(item.things, judged, actor)
    if kind == TRANSCRIPT:
        return disposing.transcripts(item.things, judged, actor)
    return disposing.versions(item.things, judged, actor)


def _erase_pack(home: Home, item: Item, judged: Judged, actor: str) -> list[Disposal]:
    mine = (each for each in lying(home.settings.export) if each.id == item.things[0].object)
    pack = next(mine, None)
    if pack is None:
        raise ConflictError("somebody took the pack away meanwhile")

    def take() -> tuple[int, str]:
        put_aside(pack)
        return pack.size, pack.sha256

    done = home.store.disposing.packs(item.things, judged, actor, take)
    remove(pack)
    return done


def _endings(home: Home) -> list[Ending]:
    years = home.settings.keep_record_years
    if not years:
        return []
    found = [(each.id, each.details.born) for each in home.store.cases.all()]
    endings = [Ending(each, _birthday(born, years)) for each, born in found]
    return sorted(endings, key=lambda each: (each.ends or Date.min, each.case_id))


def _birthday(born: str, years: int) -> Date | None:
    if not born:
        return None
    day = Date.fromisoformat(born)
    last = day.year + years
    # Who was born on 29 February is a year older on 1 March.
    return day.replace(year=last) if (day.month, day.day) != (2, 29) else Date(last, 3, 1)
