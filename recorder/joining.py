"""Two drafts of one contact made one, and one made two: pure, no statement lost or doubled.

Every statement keeps its sources, and goes where the recordings go that it stands on.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, time
from functools import reduce

from transcribe.model import Contact, Draft, Earlier, Source, Told

_TIMES = ("start_time", "end_time")


def joined(one: Draft, other: Draft) -> Draft:
    """`one` and then `other`. What both say of the contact stands as `one` has it."""
    ids = {statement.id for statement in one.statements}
    statements = list(one.statements)
    for statement in other.statements:
        own = free(statement.id, ids)
        ids.add(own)
        statements.append(replace(statement, id=own))
    return replace(
        one,
        contact=together((one.contact, other.contact)),
        statements=tuple(statements),
        actions=(*one.actions, *other.actions),
        quotes=tuple(dict.fromkeys((*one.quotes, *other.quotes))),
        left_out=(*one.left_out, *other.left_out),
        pictures=(*one.pictures, *other.pictures),
        told=(*one.told, *other.told),
        earlier=_once((*one.earlier, *other.earlier)),
        models=tuple(dict.fromkeys((*one.models, *other.models))),
        reworded=(*one.reworded, *other.reworded),
        removed=(*one.removed, *other.removed),
        followed=(*one.followed, *other.followed),
        drawings=(*one.drawings, *other.drawings),
        drawings_removed=(*one.drawings_removed, *other.drawings_removed),
    )


def parted(draft: Draft, out: frozenset[str], origin: Earlier) -> tuple[Draft, Draft]:
    """What stays, and what goes with the recordings `out` into a note of its own.

    Words that stand on no recording stay. `origin` is the version that all this comes from.
    """
    goes = replace(
        _only(draft, out, going=True),
        followed=(),  # said by people, of another note: it stands on no recording
        contact=_facts(draft, out, going=True),
        earlier=_once((*_followed(draft.earlier, out, going=True), origin)),
    )
    stays = replace(
        _only(draft, out, going=False),
        contact=_facts(draft, out, going=False),
        earlier=_once(_followed(draft.earlier, out, going=False)),
    )
    return stays, goes


def together(contacts: Iterable[Contact]) -> Contact:
    """What several recordings said of one contact: the first to say a thing is taken at its word."""
    return reduce(_filled, contacts, Contact())


def moment(told: Sequence[Told], otherwise: int) -> int:
    """When the contact of these recordings was (ms)."""
    return min((each.at for each in told), default=otherwise)


def began(contact: Contact, otherwise: datetime) -> datetime:
    """When a contact was: as said, else as `otherwise` has it."""
    if contact.date is None:
        return otherwise
    clock = time.fromisoformat(contact.start_time) if contact.start_time else otherwise.time()
    return datetime.combine(contact.date, clock, otherwise.tzinfo)


def _filled(one: Contact, other: Contact) -> Contact:
    changed = {
        each.name: getattr(other, each.name)
        for each in fields(Contact)
        if each.name not in (*_TIMES, "present") and getattr(one, each.name) is None
    }
    if not any(getattr(one, name) for name in _TIMES):  # never one's start and the other's end
        changed |= {name: getattr(other, name) for name in _TIMES}
    present = tuple(dict.fromkeys((*one.present, *other.present)))
    return replace(one, present=present, **changed)


def _facts(draft: Draft, out: frozenset[str], *, going: bool) -> Contact:
    """The facts that the recordings on one side told; what a person put right stays as it is."""
    told = [each.contact for each in draft.told if (each.recording in out) is going]
    if going:
        return together(told)
    before, after = together(each.contact for each in draft.told), together(told)
    own = {
        each.name: getattr(after, each.name)
        for each in fields(Contact)
        if getattr(draft.contact, each.name) == getattr(before, each.name)
    }
    return replace(draft.contact, **own) if draft.told else draft.contact


def _only(draft: Draft, out: frozenset[str], *, going: bool) -> Draft:
    """One side of a draft, without its facts."""
    statements = [each for each in draft.statements if _goes(each.sources, out) is going]
    texts = [statement.text for statement in statements]
    return replace(
        draft,
        statements=tuple(statements),
        actions=tuple(each for each in draft.actions if _goes(each.sources, out) is going),
        quotes=tuple(quote for quote in draft.quotes if any(quote in text for text in texts)),
        left_out=tuple(each for each in draft.left_out if (each.recording in out) is going),
        pictures=tuple(each for each in draft.pictures if (each.recording in out) is going),
        told=tuple(each for each in draft.told if (each.recording in out) is going),
        reworded=tuple(each for each in draft.reworded if (each.recording in out) is going),
        removed=tuple(e for e in draft.removed if _goes(e.statement.sources, out) is going),
    )


def _goes(sources: Iterable[Source], out: frozenset[str]) -> bool:
    recordings = {source.recording for source in sources if source.recording is not None}
    return bool(recordings) and recordings <= out


def _followed(earlier: Iterable[Earlier], out: frozenset[str], *, going: bool) -> Iterable[Earlier]:
    """Where words came from, for one side: a note that was merged in follows its recordings.

    The other side keeps its trace, for whoever wrote there may have written what it says.
    """
    for each in earlier:
        follows = bool(each.recordings) and out.issuperset(each.recordings)
        yield each if follows is going else replace(each, whole=False)


def _once(earlier: Iterable[Earlier]) -> tuple[Earlier, ...]:
    """Each version once; as a whole, if it is that at all."""
    found: dict[tuple[str, int], Earlier] = {}
    for each in earlier:
        key = each.note, each.number
        if key not in found or each.whole:
            found[key] = each
    return tuple(found.values())


def free(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or what is like it and not taken."""
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted}-{count}"
    return found
