from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from recorder.errors import NotAllowedError, StateError
from recorder.review.states import Move, Role, Standing, State, next_state, writers

OWNER, WRITER, OTHER = "owner", "writer", "other"

# Written out by hand, apart from the code: the whole of what is allowed. (role, whether the actor
# owns, wrote some of, or only reads the note, state, move) leads to the state after it.
D, R, S, A = State.DRAFT, State.RETURNED, State.SUBMITTED, State.APPROVED
ONE, BOTH = State.SIGNED, State.AGREED  # of a supervision in the worker's own record
LEGAL: dict[tuple[Role, str, State, Move], State] = {
    # The practitioner whose note it is.
    (Role.PRACTITIONER, OWNER, D, Move.EDIT): D,
    (Role.PRACTITIONER, OWNER, R, Move.EDIT): D,
    (Role.PRACTITIONER, OWNER, S, Move.EDIT): D,
    (Role.PRACTITIONER, OWNER, A, Move.EDIT): D,
    (Role.PRACTITIONER, OWNER, D, Move.SUBMIT): S,
    (Role.PRACTITIONER, OWNER, R, Move.SUBMIT): S,
    (Role.PRACTITIONER, OWNER, A, Move.SHARE): A,
    # A supervisor with no part in it.
    (Role.SUPERVISOR, OTHER, D, Move.EDIT): D,
    (Role.SUPERVISOR, OTHER, R, Move.EDIT): D,
    (Role.SUPERVISOR, OTHER, S, Move.EDIT): D,
    (Role.SUPERVISOR, OTHER, A, Move.EDIT): D,
    (Role.SUPERVISOR, OTHER, D, Move.SUBMIT): S,
    (Role.SUPERVISOR, OTHER, R, Move.SUBMIT): S,
    (Role.SUPERVISOR, OTHER, S, Move.APPROVE): A,
    (Role.SUPERVISOR, OTHER, S, Move.RETURN): R,
    (Role.SUPERVISOR, OTHER, A, Move.RETURN): R,
    (Role.SUPERVISOR, OTHER, A, Move.SHARE): A,
}
# No other note is ever in one of these states; words could be changed in them all the same.
for _state in (ONE, BOTH):
    LEGAL[Role.PRACTITIONER, OWNER, _state, Move.EDIT] = D
    LEGAL[Role.SUPERVISOR, OTHER, _state, Move.EDIT] = D
# Merging and splitting are edits of what nobody has approved.
for _state, _move in product((D, R, S), (Move.MERGE, Move.SPLIT)):
    LEGAL[Role.PRACTITIONER, OWNER, _state, _move] = D
    LEGAL[Role.SUPERVISOR, OTHER, _state, _move] = D
# A supervisor who wrote some of it, or whose own note it is, may do the same, but for approving.
for (_role, _who, _state, _move), _after in list(LEGAL.items()):
    if _role is Role.SUPERVISOR and _move is not Move.APPROVE:
        LEGAL[Role.SUPERVISOR, OWNER, _state, _move] = _after
        LEGAL[Role.SUPERVISOR, WRITER, _state, _move] = _after

# What one prepared anybody else may let go who sees the note, whoever's it is.
for _role, _who in product((Role.PRACTITIONER, Role.SUPERVISOR), (OWNER, WRITER, OTHER)):
    LEGAL[_role, _who, A, Move.RELEASE] = A

EVERY = list(product((OWNER, WRITER, OTHER), State, Move))


def test_who_prepared_a_summary_does_not_let_it_go_nor_does_anybody_where_nothing_waits() -> None:
    for role in (Role.PRACTITIONER, Role.SUPERVISOR):
        with pytest.raises(NotAllowedError, match="somebody else"):
            next_state(standing(A, prepared_by=OTHER), Move.RELEASE, OTHER, role)
        with pytest.raises(StateError, match="no summary"):
            next_state(standing(A, prepared_by=""), Move.RELEASE, OTHER, role)


def test_who_is_named_on_a_case_stands_in_for_its_practitioner() -> None:
    for state, move in product(State, Move):
        named = replace(standing(state), stands_in=True)
        found = comes_to(named, move, OTHER, Role.PRACTITIONER)
        assert found is LEGAL.get((Role.PRACTITIONER, OWNER, state, move)), (state, move)


@pytest.mark.parametrize("role", Role)
def test_nobody_makes_a_move_in_a_case_that_they_opened_in_an_emergency(role: Role) -> None:
    for who, state, move in EVERY:
        with pytest.raises(NotAllowedError, match="in an emergency"):
            next_state(replace(standing(state), only_reads=True), move, who, role)


def standing(state: State, *, exported: bool = False, prepared_by: str = "a fourth") -> Standing:
    wrote = writers(OWNER, [None, WRITER])
    return Standing(state, OWNER, wrote, exported, prepared_by=prepared_by)


def comes_to(stands: Standing, move: Move, who: str, role: Role) -> State | None:
    """Where a move leads; None where it is refused."""
    try:
        return next_state(stands, move, who, role)
    except (NotAllowedError, StateError):
        return None


@pytest.mark.parametrize("role", Role)
def test_a_move_is_legal_only_where_the_table_says_so(role: Role) -> None:
    for who, state, move in EVERY:
        found = comes_to(standing(state), move, who, role)
        assert found is LEGAL.get((role, who, state, move)), (who, state, move)


def test_the_table_was_tried_whole() -> None:
    assert len(EVERY) == 3 * len(State) * len(Move) == 231
    assert len(LEGAL) == 15 + 18 + 2 * 17 + 6


@pytest.mark.parametrize("role", Role)
def test_after_export_a_note_is_changed_and_approved_anew_but_stays_one_note(role: Role) -> None:
    for who, state, move in EVERY:
        legal = LEGAL.get((role, who, state, move))
        expected = None if move in (Move.MERGE, Move.SPLIT) else legal
        found = comes_to(standing(state, exported=True), move, who, role)
        assert found is expected, (who, state, move)


@pytest.mark.parametrize(
    ("role", "who", "state", "move"),
    [(role, *each) for role in (Role.PRACTITIONER, Role.SUPERVISOR) for each in EVERY],
)
def test_what_has_still_to_be_heard_stops_the_approval_and_nothing_else(
    role: Role, who: str, state: State, move: Move
) -> None:
    now = replace(standing(state), unheard=("sentence 1 under “What happened”",))
    expected = LEGAL.get((role, who, state, move))
    if expected is not None and move is Move.APPROVE:
        with pytest.raises(StateError) as refused:
            next_state(now, move, who, role)
        assert refused.value.sentence.startswith("listen first to sentence 1 under “What happened”")
    elif expected is None:
        with pytest.raises((NotAllowedError, StateError)) as refused_anyway:
            next_state(now, move, who, role)
        assert "listen" not in refused_anyway.value.sentence
    else:
        assert next_state(now, move, who, role) is expected


def test_each_sentence_that_is_to_be_heard_is_named() -> None:
    now = replace(standing(State.SUBMITTED), unheard=("one", "two", "three"))
    with pytest.raises(StateError, match="listen first to one, two and three: they speak of"):
        next_state(now, Move.APPROVE, OTHER, Role.SUPERVISOR)


def test_whoever_recorded_or_edited_is_a_writer_and_the_machine_is_not() -> None:
    assert writers("a", [None, "b", None, "b"]) == {"a", "b"}


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_whoever_finishes_for_one_who_left_may_do_what_its_maker_might(
    state: State, move: Move
) -> None:
    handed = replace(standing(state), handed_to=OTHER)
    expected = LEGAL.get((Role.PRACTITIONER, OWNER, state, move))
    if expected is None:
        with pytest.raises((NotAllowedError, StateError)):
            next_state(handed, move, OTHER, Role.PRACTITIONER)
    else:
        assert next_state(handed, move, OTHER, Role.PRACTITIONER) is expected


# A supervision: the owner is the worker, in whichever role; who else is there is a supervisor.
# (role, who, by whom the version is signed, state, move) leads to the state after it.
NONE: frozenset[str] = frozenset()
SIGNERS = (NONE, frozenset({OWNER}), frozenset({WRITER}), frozenset({OTHER}))
OWN: dict[tuple[Role, str, frozenset[str], State, Move], State] = {}
for _role, _who in (
    (Role.PRACTITIONER, OWNER),
    (Role.SUPERVISOR, OWNER),
    (Role.SUPERVISOR, WRITER),
    (Role.SUPERVISOR, OTHER),
):
    for _signed in SIGNERS:
        for _state in (D, R, S, A, ONE, BOTH):
            OWN[_role, _who, _signed, _state, Move.EDIT] = D
        for _state in (D, R, S):
            OWN[_role, _who, _signed, _state, Move.SPLIT] = D
        OWN[_role, _who, _signed, D, Move.SIGN] = ONE
        if _who == OWNER:
            for _state in (D, ONE, BOTH):
                OWN[_role, _who, _signed, _state, Move.DISAGREE] = _state
# The second of the two closes it: the worker after anybody else, anybody else after the worker.
for _signed in SIGNERS:
    if OWNER not in _signed:
        OWN[Role.PRACTITIONER, OWNER, _signed, ONE, Move.COUNTERSIGN] = BOTH
        OWN[Role.SUPERVISOR, OWNER, _signed, ONE, Move.COUNTERSIGN] = BOTH
OWN[Role.SUPERVISOR, WRITER, frozenset({OWNER}), ONE, Move.COUNTERSIGN] = BOTH
OWN[Role.SUPERVISOR, OTHER, frozenset({OWNER}), ONE, Move.COUNTERSIGN] = BOTH


@pytest.mark.parametrize("signed", SIGNERS)
@pytest.mark.parametrize("role", Role)
def test_a_supervision_is_signed_by_the_two_and_nothing_else_becomes_of_it(
    role: Role, signed: frozenset[str]
) -> None:
    for who, state, move in EVERY:
        stands = replace(standing(state), own=True, signed=signed)
        found = comes_to(stands, move, who, role)
        assert found is OWN.get((role, who, signed, state, move)), (who, state, move)


def test_the_table_of_supervisions_is_as_long_as_it_should_be() -> None:
    assert len(OWN) == 4 * 4 * 10 + 2 * 4 * 3 + 2 * 3 + 2
