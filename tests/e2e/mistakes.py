"""What people get wrong in each form of the app, and the field that they are led to."""

from __future__ import annotations

from dataclasses import dataclass, field

from recorder.export.offers import events_of
from tests.e2e.scripted import Scripted

TOO_LONG = "x" * 20_001
DAY, CLOCK = "5/11/2025", "16:30"
_NOTES = {"pasted", "loose", "shared", "returned", "together", "stopped", "own"}
_MADE = {"text-date": DAY, "text-start": CLOCK, "text-method": "Visit"}
_TRIED = {"text-case": "{case}", **_MADE}
_AGREED = {"text-who": "Nan", "how": "written", "text-when": DAY}
_WRITTEN = {"line": "s1", "clear-s1": "Riverside", "text-kept-for": "x" * 501}
_FACTS = {"text-seen": "", "text-alone": "", "text-significant": ""}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is sent to a route, by whom, and the field where it is to be put right."""

    path: str
    leads_to: str  # the id of a field, of which `{...}` is something of the store's
    sent: dict[str, str] = field(default_factory=dict)
    of: str = ""  # what of the store's the address names, where it is not the first of its kind
    who: str = "supervisor"

    def fixed(self, known: dict[str, str]) -> dict[str, str]:
        """What a page's own hidden fields say with it."""
        return {"number": known["number"], "place": "0"} if "number" not in self.sent else {}


def _attempt(leads_to: str, **sent: str) -> Mistake:
    return Mistake("/attempts/new", leads_to, {f"text-{k}": v for k, v in sent.items()})


def _tried(leads_to: str, **sent: str) -> Mistake:
    typed = {f"text-{key}": value for key, value in sent.items()}
    return Mistake("/attempts/new", leads_to, _TRIED | typed)


def _facts(leads_to: str, **sent: str) -> Mistake:
    typed = {f"text-{key.replace('_', '-')}": value for key, value in sent.items()}
    return Mistake("/notes/{note_id}/facts", leads_to, _FACTS | typed)


def _answer(leads_to: str, **sent: str) -> Mistake:
    return Mistake("/notes/{note_id}/said/{said_id}/answer", leads_to, sent, of="shared")


_SENTENCE = "/notes/{note_id}/sentences/{statement_id}"
_DRAWING = "/notes/{note_id}/drawings/{recording_id}"
_PICTURE = "/notes/{note_id}/pictures/{recording_id}"
_AGREEMENT = "/recordings/{recording_id}/agreement"

_HANDED = "/handing/{case_id}/entries/{number}"

MISTAKES = (
    Mistake("/account/password", "again", {"password": "x", "again": "y"}),
    Mistake("/account/password", "password", {"password": "x", "again": "x"}),
    Mistake("/account/password", "digits", dict.fromkeys(("password", "again"), "owl cup sea 9")),
    _attempt("text-case"),
    _attempt("text-date", case="{case}"),
    _tried("text-date", date="yesterday"),
    _tried("text-date", date="5/11/2999"),
    _tried("text-start", start="half four"),
    _tried("text-start", start=""),
    _tried("text-method", method=""),
    _tried("text-did"),
    _tried("text-next", did="Knocked."),
    _tried("text-due", did="Knocked.", next="Try again.", due="soon"),
    _tried("text-noticed", did="Knocked.", next="Try again.", noticed=TOO_LONG),
    Mistake("/emergency", "reason", {"text-ref": "EV-9"}),
    Mistake("/emergency", "reason", {"text-reason": TOO_LONG}),
    Mistake("/emergency", "ref", {"text-ref": "EV-9", "text-reason": "Missing tonight."}),
    Mistake("/r", "pin", {"secret": "wrong", "pin": "1"}, who="nobody"),
    Mistake("/cases/{case_id}/invite", "lifetime"),
    Mistake("/cases/{case_id}/access/name", "name"),
    Mistake("/cases/{case_id}/access/name", "name", {"person": "x"}),
    Mistake("/cases/{case_id}/access/give", "to"),
    Mistake("/cases/{case_id}/access/restrict", "among", {"text-reason": "Why."}),
    Mistake("/cases/{case_id}/access/restrict", "reason", {"person": "{supervisor}"}),
    Mistake(
        "/cases/{case_id}/access/restrict",
        "reason",
        {"person": "{supervisor}", "text-reason": TOO_LONG},
    ),
    Mistake("/cases/{case_id}/stories", "story"),
    Mistake("/cases/{case_id}/stories", "story", {"text-story": "They are at Riverside now."}),
    Mistake("/cases/{case_id}/stories", "story", {"text-story": TOO_LONG}),
    Mistake("/people/join", "person-{team}", {"team": "{team}"}),
    Mistake("/people/teams", "name", who="administrator"),
    Mistake("/people/teams", "name", {"text-name": "Riverside"}, who="administrator"),
    Mistake("/oversight/trail", "ref", {"text-ref": "EV-9"}, who="data_protection"),
    Mistake("/handing", "ref", {"text-ref": "EV-9", "text-reason": "asked"}, who="data_protection"),
    Mistake(_HANDED, "why", who="data_protection"),
    Mistake("/cases/{case_id}/chronology", "title-{event}", {"key": "{event}"}),
    Mistake("/mosaic/cases/{case_id}/sure", "same"),
    Mistake("/mosaic/{note_id}/sure", "same", of="shared"),
    Mistake("/mosaic/{note_id}/sure", "beside", {"same": "yes"}, of="shared"),
    Mistake("/mosaic/{note_id}/receipt", "there", {"text-there": "x"}, of="pasted"),
    Mistake("/notes/{note_id}/assign", "case", of="loose"),
    Mistake("/notes/{note_id}/confirm", "why-s1", {"statement": "s1"}, of="stopped"),
    Mistake(
        "/notes/{note_id}/confirm",
        "why-s1",
        {"statement": "s1", "text-why": TOO_LONG},
        of="stopped",
    ),
    Mistake("/notes/{note_id}/disagree", "words", of="own", who="practitioner"),
    Mistake(_DRAWING, "text-caption", of="own"),
    Mistake(_DRAWING, "text-caption", {"text-caption": TOO_LONG}, of="own"),
    Mistake(_DRAWING, "text-maker", {"text-caption": "x", "text-maker": TOO_LONG}, of="own"),
    Mistake(_DRAWING, "text-on", {"text-caption": "x", "text-on": "soon"}, of="own"),
    Mistake(f"{_DRAWING}/remove", "text-why", of="own"),
    Mistake(f"{_DRAWING}/remove", "text-why", {"text-why": TOO_LONG}, of="own"),
    Mistake("/notes/{note_id}/edit", "text-s1", {"text-s1": " "}),
    Mistake("/notes/{note_id}/edit", "text-s1", {"text-s1": TOO_LONG}),
    Mistake("/notes/{note_id}/edit", "text-new-worry", {"text-new-worry": TOO_LONG}),
    Mistake("/notes/{note_id}/edit", "text-why-s1", {"text-why-s1": TOO_LONG}),
    Mistake(f"{_SENTENCE}/move", "under"),
    Mistake(f"{_SENTENCE}/remove", "why"),
    Mistake(f"{_SENTENCE}/remove", "why", {"text-why": TOO_LONG}),
    _facts("text-date", date="the fifth"),
    _facts("text-start", start="4ish"),
    _facts("text-end", end="5ish"),
    _facts("text-seen", seen="perhaps"),
    _facts("text-alone", alone="perhaps"),
    _facts("text-significant", significant="perhaps"),
    Mistake("/notes/{note_id}/members", "member", of="together"),
    Mistake("/notes/{note_id}/merge", "other", of="returned"),
    Mistake(_PICTURE, "text-title", {"text-title": TOO_LONG}, of="picture"),
    Mistake(_PICTURE, "text-caption", {"text-caption": TOO_LONG}, of="picture"),
    Mistake(_PICTURE, "text-drawn", {"text-drawn": TOO_LONG}, of="picture"),
    Mistake(f"{_PICTURE}/words", "text-words", {"section": "worry"}, of="picture"),
    Mistake("/notes/{note_id}/return", "reason", of="shared"),
    Mistake("/notes/{note_id}/return", "reason", {"text-reason": TOO_LONG}, of="shared"),
    Mistake("/notes/{note_id}/return", "mark-s1", {"text-mark-s1": TOO_LONG}, of="shared"),
    _answer("answer-{said_id}"),
    _answer("answer-{said_id}", **{"text-answer": TOO_LONG}),
    _answer("outcome-{said_id}", **{"text-answer": "Yes.", "outcome": "changed"}),
    Mistake("/notes/{note_id}/release", "why", {"do": "back", "text-why": " "}, of="shared"),
    Mistake("/notes/{note_id}/share", "line", of="shared"),
    Mistake("/notes/{note_id}/share", "text-s1", {"line": "s1", "text-s1": "17"}, of="shared"),
    Mistake("/notes/{note_id}/share", "clear-s1", {"line": "s1"}, of="shared"),
    Mistake("/notes/{note_id}/share", "kept-for", _WRITTEN, of="shared"),
    Mistake("/notes/{note_id}/split", "recording"),
    Mistake(_AGREEMENT, "text-who", _AGREED | {"text-who": ""}),
    Mistake(_AGREEMENT, "how", _AGREED | {"how": ""}),
    Mistake(_AGREEMENT, "text-when", _AGREED | {"text-when": ""}),
    Mistake(f"{_AGREEMENT}/withdraw", "text-how", {"text-who": "Nan"}, of="voice"),
    Mistake("/notes/{note_id}/worker", "worker", of="own"),
    Mistake("/recordings/{recording_id}/words", "text-words", {"text-words": TOO_LONG}, of="voice"),
    Mistake("/recordings/{recording_id}/voices", "text-name-0-line", {"every": "no"}, of="voice"),
    Mistake("/recordings/{recording_id}/voices", "text-name-0", {"every": "yes"}, of="voice"),
    Mistake("/search", "words"),
    Mistake("/sign-in", "code", {"code": "wrong"}, who="nobody"),
    Mistake("/sign-in/account", "name", {"name": "amara"}, who="nobody"),
    Mistake("/summary/{note_id}/reply", "reply", of="shared", who="young_person"),
    Mistake(
        "/summary/{note_id}/reply",
        "reply",
        {"kind": "not_right", "text-reply": TOO_LONG},
        of="shared",
        who="young_person",
    ),
    Mistake("/summary/more", "words", {"talk": "talk", "text-words": TOO_LONG}, who="young_person"),
    Mistake("/summary/name", "name", {"text-name": " "}, who="young_person"),
    Mistake("/typed/new", "text-date", {"kind": "case_note"}),
    Mistake("/typed/new", "text-case", {"kind": "case_note", **_MADE}),
    Mistake("/typed/new", "text-worker", {"kind": "supervision", **_MADE}),
    Mistake("/typed/new", "text-next", {"kind": "supervision", **_MADE, "text-next": "soon"}),
    Mistake("/typed/new", "text-seen", {"kind": "case_note", **_MADE, "text-seen": "perhaps"}),
    Mistake("/typed/new", "text-worry", {"kind": "case_note", **_TRIED, "text-worry": TOO_LONG}),
    Mistake("/unclaimed/{file_id}/give", "maker-{file_id}"),
    Mistake("/unclaimed/{file_id}/give", "case-{file_id}", {"maker": "{maker}", "case": "x"}),
    Mistake("/unclaimed/{file_id}/refuse", "sure-{file_id}"),
)

BUTTONS = {
    "/cases/{case_id}/invite/cancel",
    "/cases/{case_id}/together",  # forms in which nothing is typed or chosen
    "/record/{upload_id}/finish",
    "/work/wiped",
    "/record/{upload_id}/remove",
    "/account/everywhere",
    "/account/passkeys/{key_id}/remove",
    "/account/provider",
    "/arrived/{file_id}/again",
    "/calls/{call_id}/seen",
    "/cases/{case_id}/access/unname",
    "/cases/{case_id}/done",
    "/cases/{case_id}/undone",
    "/keys",
    "/emergency/{emergency_id}/end",
    "/cases/{case_id}/chronology/summary",
    "/mosaic/cases/{case_id}/entered",
    "/mosaic/{note_id}/let-be",
    "/notes/{note_id}/approve",
    "/notes/{note_id}/drawings/{recording_id}/move",
    "/notes/{note_id}/facts/unsaved",
    "/notes/{note_id}/followed",
    "/notes/{note_id}/heard",
    "/notes/{note_id}/nobody",
    "/notes/{note_id}/replies/read",
    "/notes/{note_id}/risk",
    "/notes/{note_id}/sign",
    "/notes/{note_id}/submit",
    "/notes/{note_id}/unsaved",
    "/notes/{note_id}/unshare",
    "/oversight/{emergency_id}/end",
    "/oversight/{emergency_id}/looked-into",
    "/people/leave",
    "/people/teams/remove",
    "/recordings/{recording_id}/again",
    "/recordings/{recording_id}/agreement/ask",
    "/recordings/{recording_id}/agreement/seen",
    "/recordings/{recording_id}/cancel",
    "/recordings/{recording_id}/copies",
    "/recordings/{recording_id}/go-on",
    "/recordings/{recording_id}/voices/again",
    "/sign-in/provider",
    "/sign-out",
    "/stories/{story_id}/approve",
    "/stories/{story_id}/down",
    "/summary/things/{thing_id}/drop",
    "/summary/wall/{story_id}",
    "/summary/view",
    "/summary/agreed/{recording_id}/back",
    "/summary/{note_id}/feedback",
    "/summary/{note_id}/keep",
    "/summary/{note_id}/said/{said_id}/back",
    "/summary/{note_id}/said/{said_id}/words",
    "/typed/unsaved",
}
ELSEWHERE = {
    "/cases/{case_id}/access/lift",  # of what is restricted: tests/e2e/test_who_sees_page.py
    "/cases",  # whatever is typed there can be looked for
    "/listen-again/{note_id}",  # only of what was drawn: tests/e2e/test_listening_page.py has one
    "/send/drawings/{note_id}",  # with a file: tests/integration/web/test_web_drawings.py
    "/send/recording",
    "/send/said/{note_id}",  # with a file: tests/integration/web/test_web_young_media.py
}
BY_SCRIPT = {  # what a script fills in; the name of a passkey is cut where it is too long
    "/account/passkeys",
    "/account/passkeys/ask",
    "/sign-in/passkey",
    "/sign-in/passkey/ask",
}


def address(world: Scripted, mistake: Mistake) -> str:
    """Where it is sent."""
    return mistake.path.format_map(ids(world, mistake.of))


def ids(world: Scripted, of: str = "") -> dict[str, str]:
    """What an address names of `world`; with the note or recording called `of`."""
    (nobodys,) = world.store.arrivals.ids()
    note = world.store.notes.get((getattr(world, of) if of in _NOTES else world.note).id)
    beside = {"own": world.drawing, "voice": world.voice, "picture": world.picture}
    recording = beside.get(of, world.unagreed)
    return {
        "note_id": note.id,
        "number": str(note.number),
        "recording_id": recording.id,
        "statement_id": "s1",
        "case": world.case.id,
        "case_id": world.case.id,
        "supervisor": world.supervisor.id,
        "team": world.team.id,
        "maker": world.practitioner.id,
        "file_id": nobodys,
        "event": events_of(world.store, world.case.id, "Europe/London")[0].key,
        "said_id": world.store.notes.replies(world.shared.id)[0].id,
    }
