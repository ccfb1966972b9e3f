"""The life of a note: its states, its moves, and who may make them. Pure rules, no storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from recorder.errors import NotAllowedError, StateError
from store import notes

NOT_SIGNED = (
    "a supervision is the worker's own record: the worker and the supervisor sign it instead"
)
OVERTAKEN = "this note was changed while you had it open: look at the newest version first"


class State(Enum):
    """Where a note stands."""

    DRAFT = "draft"  # being written; the practitioner's
    RETURNED = "returned"  # sent back with a reason; the practitioner's
    SUBMITTED = "submitted"  # waiting for a supervisor
    APPROVED = "approved"  # this exact version may be shared and exported
    SIGNED = "signed"  # a supervision, by the worker or the supervisor: the other is to sign
    AGREED = "agreed"  # a supervision, by both: it is closed
    MERGED = notes.MERGED  # its words are in another note; this one is kept as it was


class Move(Enum):
    """What can be done to a note."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SHARE = "share"
    RELEASE = "release"
    MERGE = "merge"
    SPLIT = "split"
    SIGN = "sign"
    COUNTERSIGN = "countersign"
    DISAGREE = "disagree"


class Role(Enum):
    """What a person is to the system."""

    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    YOUNG_PERSON = "young_person"
    BUSINESS_SUPPORT = "business_support"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATOR = "administrator"


# Every legal move: from which states, by which roles, to which state. What is not here is refused.
# An edit leads back to draft whatever stood before, so it voids a submission or an approval.
WRITERS = frozenset({Role.PRACTITIONER, Role.SUPERVISOR})
_OPEN = frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED})
_MOVES: dict[Move, tuple[frozenset[State], frozenset[Role], State | None]] = {
    Move.EDIT: (frozenset(State) - {State.MERGED}, WRITERS, State.DRAFT),
    Move.SUBMIT: (frozenset({State.DRAFT, State.RETURNED}), WRITERS, State.SUBMITTED),
    Move.APPROVE: (frozenset({State.SUBMITTED}), frozenset({Role.SUPERVISOR}), State.APPROVED),
    Move.RETURN: (
        frozenset({State.SUBMITTED, State.APPROVED}),
        frozenset({Role.SUPERVISOR}),
        State.RETURNED,
    ),
    Move.SHARE: (frozenset({State.APPROVED}), WRITERS, None),
    # What one prepared for the young person, somebody else lets go.
    Move.RELEASE: (frozenset({State.APPROVED}), WRITERS, None),
    # What was approved stands as it was approved until a supervisor takes the approval back.
    Move.MERGE: (_OPEN, WRITERS, State.DRAFT),
    Move.SPLIT: (_OPEN, WRITERS, State.DRAFT),
    # A supervision in the worker's own record is signed by both, and is no supervisor's to approve.
    Move.SIGN: (frozenset({State.DRAFT}), WRITERS, State.SIGNED),
    Move.COUNTERSIGN: (frozenset({State.SIGNED}), WRITERS, State.AGREED),
    Move.DISAGREE: (frozenset({State.DRAFT, State.SIGNED, State.AGREED}), WRITERS, None),
}
_OF_TWO = frozenset({Move.SIGN, Move.COUNTERSIGN, Move.DISAGREE})
_OF_OWN = _OF_TWO | {Move.EDIT, Move.SPLIT}

_WORDS = {
    State.DRAFT: "is still being written",
    State.RETURNED: "was returned for changes",
    State.SUBMITTED: "is waiting for a supervisor",
    State.APPROVED: "has been approved",
    State.SIGNED: "was signed by one of the two",
    State.AGREED: "was signed by both",
    State.MERGED: "was merged into another one",
}
ONLY_READS = "you opened this case in an emergency: you can read it, and its own people change it"
_REGROUPING = frozenset({Move.MERGE, Move.SPLIT})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of a note."""

    state: State
    practitioner_id: str  # who made it
    writers: frozenset[str]  # everyone whose words are in any version up to this one
    exported: bool = False
    handed_to: str | None = None  # who finishes it, if its maker has left
    unheard: tuple[str, ...] = ()  # where sentences stand that the actor has still to listen to
    own: bool = False  # a supervision in the worker's own record; the worker is the practitioner
    signed: frozenset[str] = frozenset()  # who signed this very version
    stands_in: bool = False  # who asks is named on its case, as its practitioner is
    only_reads: bool = False  # who asks has opened its case in an emergency
    prepared_by: str = ""  # who prepared the young person's summary that waits


def next_state(standing: Standing, move: Move, actor: str, role: Role) -> State:
    """The state that `move` leads to.

    Raises NotAllowedError when `actor` may not do it, StateError when nobody may just now.
    """
    from_states, roles, to_state = _MOVES[move]
    if standing.only_reads or role not in roles:
        in_role = f"you cannot {move.value} a note in your role"
        raise NotAllowedError(ONLY_READS if standing.only_reads else in_role)
    if (move not in _OF_OWN) if standing.own else (move in _OF_TWO):
        raise StateError(NOT_SIGNED if standing.own else "only a supervision is signed by two")
    if standing.state not in from_states:
        raise StateError(_refusal(standing.state, move))
    if move is Move.APPROVE:
        _approving(standing, actor)
    _whose(standing, move, actor, role)
    if move in _OF_TWO:
        _of_two(standing, move, actor)
    if standing.exported and move in _REGROUPING:
        raise StateError(
            "this note has gone to Mosaic, so it stays one note. Change it instead: once that is "
            "approved, what changed goes there as an appendment"
        )
    return to_state or standing.state


def _approving(standing: Standing, actor: str) -> None:
    """NotAllowedError for whoever wrote any of it, StateError for whoever has not listened yet."""
    if actor in standing.writers:
        raise NotAllowedError(
            "you cannot approve this note: some of it is yours. Ask another supervisor"
        )
    if standing.unheard:
        raise StateError(_listen_first(standing.unheard))


def _whose(standing: Standing, move: Move, actor: str, role: Role) -> None:
    """NotAllowedError for another practitioner's note, which anybody who sees it may let go."""
    if move is Move.RELEASE:
        _releasing(standing, actor)
    elif role is Role.PRACTITIONER and not _is_theirs(standing, actor):
        raise NotAllowedError("this is another practitioner's note")


def _releasing(standing: Standing, actor: str) -> None:
    """StateError while nothing waits, NotAllowedError for whoever prepared it: it takes two."""
    if not standing.prepared_by:
        raise StateError("no summary of this note waits for anybody")
    if actor == standing.prepared_by:
        raise NotAllowedError("you prepared this summary: somebody else has to read it first")


def _of_two(standing: Standing, move: Move, actor: str) -> None:
    """NotAllowedError unless it is for this one of the two to do."""
    worker = standing.practitioner_id
    if move is Move.DISAGREE and actor != worker:
        raise NotAllowedError("only the worker writes down that they disagree")
    if move is Move.COUNTERSIGN and actor in standing.signed:
        raise NotAllowedError("you have signed this version: now the other of you signs it")
    if move is Move.COUNTERSIGN and worker not in standing.signed | {actor}:
        raise NotAllowedError("a supervisor has signed this version: now the worker signs it")


def _is_theirs(standing: Standing, actor: str) -> bool:
    return actor in {standing.practitioner_id, standing.handed_to} or standing.stands_in


def _refusal(state: State, move: Move) -> str:
    said = f"you cannot {move.value} this note: it {_WORDS[state]}"
    if state is State.APPROVED and move in _REGROUPING:
        said += ". A supervisor can return it first, or it can stay as it is"
    return said


def _listen_first(places: Sequence[str]) -> str:
    *more, last = places
    named = f"{', '.join(more)} and {last}" if more else last
    speaks, them = ("they speak", "them") if more else ("it speaks", "it")
    return (
        f"listen first to {named}: {speaks} of serious harm, and whoever approves {them} must have "
        "heard what was said"
    )


def writers(practitioner_id: str, authors: Sequence[str | None]) -> frozenset[str]:
    """Everyone who wrote any of a note: its editors, and whoever's recording it was made from."""
    return frozenset({practitioner_id, *(author for author in authors if author is not None)})
