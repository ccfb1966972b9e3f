"""Who is answered what, by every route of the app, about what is theirs and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from recorder.review.summary import key_of
from recorder.review.web.app import create_app
from recorder.review.web.security import API, TUS, door_of
from tests.integration.web.matrix import NOBODY, Side, World, browser, routes

OWNER, COLLEAGUE, SUPERVISOR = "owner", "colleague", "supervisor"
YOUNG, OTHER_YOUNG = "young person", "other young person"
PROTECTOR, ADMINISTRATOR, SUPPORT = "data protection", "administrator", "business support"

STAFF = {OWNER, COLLEAGUE, SUPERVISOR}
ACCOUNTS = {*STAFF, SUPPORT, PROTECTOR, ADMINISTRATOR}
SIGNED_IN = {*ACCOUNTS, YOUNG, OTHER_YOUNG}
MAY = {
    "public": {NOBODY, *SIGNED_IN},
    "signed in": SIGNED_IN,
    "any account": ACCOUNTS,
    "data protection": {PROTECTOR},
    "administrator": {ADMINISTRATOR},
    "sees teams": {SUPERVISOR, ADMINISTRATOR, PROTECTOR},
    "changes teams": {SUPERVISOR, ADMINISTRATOR},
    "any staff": STAFF,
    "own staff": {OWNER, SUPERVISOR},
    "exporters": {*STAFF, SUPPORT},
    "own exporters": {OWNER, SUPERVISOR, SUPPORT},
    "supervisor only": {SUPERVISOR},
    "supervisor decides": {SUPERVISOR},  # whose note it is sees it, and is told who decides
    "worker decides": {OWNER},  # whoever else may see it is told who decides
    "owner only": {OWNER},
    "young people": {YOUNG, OTHER_YOUNG},
    "young person's own": {YOUNG},
    "whoever sends": {*STAFF, YOUNG, OTHER_YOUNG},
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who may, what is asked about, and what is sent."""

    kind: str
    of: dict[str, str] = field(default_factory=dict)  # which of a side's things an id names
    sent: dict[str, object] = field(default_factory=dict)


class Answer(NamedTuple):
    """What came back."""

    status: int
    location: str | None
    content: bytes


def on(what: str, kind: str = "own staff", **sent: object) -> Line:
    return Line(kind, {"recording_id": what}, sent)


def note(what: str = "note_id", kind: str = "own staff", **sent: object) -> Line:
    return Line(kind, {"note_id": what, "recording_id": "picture"}, sent)


def hung(**sent: object) -> Line:
    """A drawing beside a supervision."""
    return Line("own staff", {"note_id": "own", "recording_id": "drawing"}, sent)


def upload(what: str, **sent: object) -> Line:
    return Line("owner only", {"upload_id": what}, sent)


def theirs(said: str = "said_id", **sent: object) -> Line:
    """Something that a young person says."""
    return Line("young person's own", {"said_id": said}, sent)


WORDS = {"text-words": "", "section": "purpose"}
SEGMENT = {"number": "9", "place": "0", "text-words": "Other words.", "text-name": "Jordan"}

# What is sent is taken, or told to be incomplete or too late, where somebody may.
TABLE: dict[tuple[str, str], Line] = {
    ("GET", "/"): Line("signed in"),
    ("GET", "/accessibility"): Line("public"),
    ("GET", "/account"): Line("any account"),
    ("GET", "/account/password"): Line("any account"),
    ("GET", "/arrived"): Line("any staff"),
    ("GET", "/attempts/new"): Line("any staff"),
    ("GET", "/calls"): Line("any staff"),
    ("GET", "/calls/now"): Line("any staff"),
    ("GET", "/cases"): Line("any staff"),
    ("GET", "/cases/{case_id}"): Line("own staff"),
    ("GET", "/cases/{case_id}/access"): Line("own staff"),
    ("GET", "/cases/{case_id}/chronology"): Line("own staff"),
    ("GET", "/cases/{case_id}/invite"): Line("own staff"),
    ("GET", "/keys"): Line("any staff"),
    ("GET", "/listen-again"): Line("supervisor only"),
    ("GET", "/listen-again/{note_id}"): note(kind="supervisor only"),
    ("GET", "/emergency"): Line("any staff"),
    ("GET", "/mosaic"): Line("exporters"),
    ("GET", "/mosaic/cases/{case_id}"): Line("own exporters"),
    ("GET", "/mosaic/{note_id}"): note(kind="own exporters"),
    ("GET", "/notes/{note_id}"): note(),
    ("GET", "/notes/{note_id}/contact"): note("open"),
    ("GET", "/notes/{note_id}/drawings"): hung(),
    ("GET", "/notes/{note_id}/drawings/{recording_id}"): hung(),
    ("GET", "/notes/{note_id}/edit"): note(),
    ("GET", "/notes/{note_id}/facts"): note(),
    ("GET", "/notes/{note_id}/members"): note(),
    ("GET", "/notes/{note_id}/pictures/{recording_id}"): note(),
    ("GET", "/notes/{note_id}/release"): note(),
    ("GET", "/notes/{note_id}/risk"): note(),
    ("GET", "/notes/{note_id}/sentences/{statement_id}"): note(),
    ("GET", "/notes/{note_id}/sentences/{statement_id}/sound"): note(kind="supervisor only"),
    ("GET", "/notes/{note_id}/share"): note(),
    ("GET", "/notes/{note_id}/versions"): note(),
    ("GET", "/handing"): Line("data protection"),
    ("GET", "/handing/{case_id}"): Line("data protection"),
    ("GET", "/handing/{case_id}/entries/{number}"): Line("data protection"),
    ("GET", "/handing/{case_id}/pictures/{recording_id}"): Line(
        "data protection", {"recording_id": "picture"}
    ),
    ("GET", "/handing/{case_id}/recordings/{recording_id}/sound"): Line(
        "data protection", {"recording_id": "voice"}
    ),
    ("GET", "/oversight"): Line("data protection"),
    ("GET", "/oversight/certificates"): Line("data protection"),
    ("GET", "/oversight/retention"): Line("data protection"),
    ("GET", "/people"): Line("sees teams"),
    ("GET", "/queue"): Line("supervisor only"),
    ("DELETE", "/api/uploads/{upload_id}"): upload("deleted"),
    ("GET", "/api/uploads"): Line("whoever sends"),
    ("GET", "/api/uploads/{upload_id}"): upload("begun"),
    ("HEAD", "/api/uploads/{upload_id}"): upload("begun"),
    ("OPTIONS", "/api/uploads"): Line("whoever sends"),
    ("PATCH", "/api/uploads/{upload_id}"): upload("begun", upload_offset="5"),
    ("POST", "/api/uploads"): Line("whoever sends", {}, {"upload_defer_length": "1"}),
    ("POST", "/record/{upload_id}/finish"): upload("ended"),
    ("POST", "/record/{upload_id}/remove"): upload("removed"),
    ("GET", "/record"): Line("any staff"),
    ("GET", "/recordings/{recording_id}"): on("voice"),
    ("GET", "/recordings/{recording_id}/agreement"): on("voice"),
    ("GET", "/recordings/{recording_id}/film"): on("film"),
    ("GET", "/recordings/{recording_id}/media"): on("voice"),
    ("GET", "/recordings/{recording_id}/peaks"): on("film"),
    ("GET", "/recordings/{recording_id}/picture"): on("picture"),
    ("GET", "/recordings/{recording_id}/poster/{number}"): on("film"),
    ("GET", "/recordings/{recording_id}/straightened"): on("picture"),
    ("GET", "/recordings/{recording_id}/thumbnail"): on("picture"),
    ("GET", "/search"): Line("any staff"),
    ("GET", "/search/{number}"): Line("any staff"),
    ("GET", "/r"): Line("public"),
    ("GET", "/r/before"): Line("young people"),
    ("GET", "/r/done"): Line("public"),
    ("GET", "/sign-in"): Line("public"),
    ("GET", "/sign-in/provider/back"): Line("public"),
    ("HEAD", "/r"): Line("public"),
    ("HEAD", "/sign-in"): Line("public"),
    ("GET", "/static"): Line("public"),
    ("GET", "/summary"): Line("young people"),
    ("GET", "/summary/agreed"): Line("young people"),
    ("GET", "/summary/more"): Line("young people"),
    ("GET", "/stories/{story_id}"): Line("own staff"),
    ("GET", "/summary/wall"): Line("young people"),
    ("GET", "/cases/{case_id}/stories"): Line("own staff"),
    ("GET", "/wall"): Line("any staff"),
    ("GET", "/summary/things"): Line("young people"),
    ("GET", "/summary/things/all"): Line("young people"),
    ("GET", "/summary/things/{thing_id}"): theirs(),
    ("GET", "/summary/things/{thing_id}/file"): theirs(),
    ("GET", "/summary/things/{thing_id}/picture"): theirs(),
    ("GET", "/summary/view"): Line("young people"),
    ("GET", "/summary/{note_id}"): theirs(),
    ("GET", "/summary/{note_id}/draw"): theirs(),
    ("GET", "/summary/{note_id}/reply"): theirs(),
    ("GET", "/summary/{note_id}/said/{said_id}"): theirs(),
    ("GET", "/summary/{note_id}/said/{said_id}/picture"): theirs(),
    ("GET", "/summary/{note_id}/said/{said_id}/sound"): theirs(),
    ("GET", "/summary/{note_id}/say"): theirs(),
    ("GET", "/summary/{note_id}/steps/{number}"): theirs(),
    ("GET", "/summary/{note_id}/voice"): theirs(),
    ("GET", "/summary/{note_id}/pictures/{recording_id}"): note(kind="young person's own"),
    ("GET", "/supervision/{person_id}"): Line("own staff"),
    ("GET", "/team"): Line("supervisor only"),
    ("GET", "/typed/new"): Line("any staff"),
    ("GET", "/unclaimed"): Line("supervisor only"),
    ("GET", "/visits"): Line("public"),
    ("GET", "/work"): Line("any staff"),
    ("GET", "/work/progress"): Line("any staff"),
    ("POST", "/account/everywhere"): Line("any account"),
    ("POST", "/account/passkeys"): Line("any account"),
    ("POST", "/account/passkeys/ask"): Line("any account"),
    ("POST", "/account/passkeys/{key_id}/remove"): Line("owner only"),
    ("POST", "/account/password"): Line("any account"),
    ("POST", "/account/provider"): Line("any account"),
    ("POST", "/arrived/{file_id}/again"): Line("own staff"),
    ("POST", "/api/notes/{note_id}/heard"): note("open", number="1", statement="s1"),
    ("POST", "/attempts/new"): Line("any staff"),
    ("POST", "/calls/{call_id}/seen"): Line("own staff"),
    ("POST", "/cases"): Line("any staff"),
    ("POST", "/cases/{case_id}/access/give"): Line("supervisor decides"),
    ("POST", "/cases/{case_id}/access/lift"): Line("supervisor decides"),
    ("POST", "/cases/{case_id}/access/name"): Line("supervisor decides"),
    ("POST", "/cases/{case_id}/access/restrict"): Line("supervisor decides"),
    ("POST", "/cases/{case_id}/access/unname"): Line("supervisor decides"),
    ("POST", "/cases/{case_id}/done"): Line("own staff", {}, {"place": "0", "number": "9"}),
    ("POST", "/keys"): Line("any staff"),
    ("POST", "/work/wiped"): Line("any staff"),
    ("POST", "/listen-again/{note_id}"): note(kind="supervisor only", outcome="right"),
    ("POST", "/emergency"): Line("any staff", {}, {"text-ref": "EV-9", "text-reason": "Missing."}),
    ("POST", "/emergency/{emergency_id}/end"): Line("any staff"),
    ("POST", "/cases/{case_id}/invite"): Line("own staff"),
    ("POST", "/cases/{case_id}/invite/cancel"): Line("own staff"),
    ("POST", "/cases/{case_id}/together"): Line("own staff"),
    ("POST", "/cases/{case_id}/undone"): Line("own staff", {}, {"done": "x", "number": "9"}),
    ("POST", "/cases/{case_id}/chronology"): Line("own staff"),
    ("POST", "/cases/{case_id}/chronology/summary"): Line("own staff"),
    ("POST", "/mosaic/cases/{case_id}/entered"): Line("own exporters"),
    ("POST", "/mosaic/cases/{case_id}/sure"): Line("own exporters"),
    ("POST", "/mosaic/{note_id}/let-be"): note(kind="own exporters"),
    ("POST", "/mosaic/{note_id}/receipt"): note(kind="own exporters", **{"text-there": "x"}),
    ("POST", "/mosaic/{note_id}/sure"): note(kind="own exporters"),
    ("POST", "/notes/{note_id}/approve"): note("open", "supervisor decides"),
    ("POST", "/notes/{note_id}/assign"): note("loose"),
    ("POST", "/notes/{note_id}/confirm"): note(**{"statement": "s1", "text-why": "I was there."}),
    ("POST", "/notes/{note_id}/disagree"): note("own", "worker decides", **{"text-words": "No."}),
    ("POST", "/notes/{note_id}/drawings/{recording_id}"): hung(**{"text-caption": "A cloud."}),
    ("POST", "/notes/{note_id}/drawings/{recording_id}/move"): hung(by="up"),
    ("POST", "/notes/{note_id}/drawings/{recording_id}/remove"): hung(**{"text-why": "Twice."}),
    ("POST", "/notes/{note_id}/edit"): note(),
    ("POST", "/notes/{note_id}/facts"): note(),
    ("POST", "/notes/{note_id}/facts/unsaved"): note(),
    ("POST", "/notes/{note_id}/heard"): note("open", statement="s1"),
    ("POST", "/notes/{note_id}/members"): note(),
    ("POST", "/notes/{note_id}/followed"): note("own", mark="x", outcome="done"),
    ("POST", "/notes/{note_id}/merge"): note(),
    ("POST", "/notes/{note_id}/nobody"): note("own"),
    ("POST", "/notes/{note_id}/pictures/{recording_id}"): note(),
    ("POST", "/notes/{note_id}/pictures/{recording_id}/words"): note(**WORDS),
    ("POST", "/notes/{note_id}/replies/read"): note(),
    ("POST", "/notes/{note_id}/said/{said_id}/answer"): note(),
    ("POST", "/notes/{note_id}/release"): note(do="back", **{"text-why": "Not yet."}),
    ("POST", "/notes/{note_id}/risk"): note(line="s1"),
    ("POST", "/notes/{note_id}/return"): note(
        "open", "supervisor decides", **{"text-reason": "More."}
    ),
    ("POST", "/notes/{note_id}/sentences/{statement_id}/move"): note(by="up"),
    ("POST", "/notes/{note_id}/sentences/{statement_id}/remove"): note(
        "open", **{"text-why": "Twice."}
    ),
    ("POST", "/notes/{note_id}/share"): note(),
    ("POST", "/notes/{note_id}/sign"): note("own"),
    ("POST", "/notes/{note_id}/split"): note(),
    ("POST", "/notes/{note_id}/submit"): note(),
    ("POST", "/notes/{note_id}/unsaved"): note(),
    ("POST", "/notes/{note_id}/unshare"): note("open"),
    ("POST", "/notes/{note_id}/worker"): note("own", "supervisor decides"),
    ("PUT", "/api/notes/{note_id}/unsaved"): note(number=1, page="0" * 16, turn=1, texts={}),
    ("PUT", "/api/typed/unsaved"): Line(
        "any staff",
        {},
        {"number": 1, "page": "0" * 16, "turn": 1, "texts": {}, "kind": "case_note"},
    ),
    ("POST", "/handing"): Line("data protection", {}, {"text-ref": "EV-1001"}),
    ("POST", "/handing/{case_id}/entries/{number}"): Line("data protection"),
    ("POST", "/oversight/trail"): Line("data protection", {}, {"text-ref": "EV-1001"}),
    ("POST", "/oversight/{emergency_id}/end"): Line("data protection"),
    ("POST", "/oversight/{emergency_id}/looked-into"): Line("data protection"),
    ("POST", "/people/join"): Line("changes teams"),
    ("POST", "/people/leave"): Line("changes teams"),
    ("POST", "/people/teams"): Line("administrator"),
    ("POST", "/people/teams/remove"): Line("administrator"),
    ("POST", "/recordings/{recording_id}/again"): on("waiting"),
    ("POST", "/recordings/{recording_id}/agreement"): on("waiting"),
    ("POST", "/recordings/{recording_id}/agreement/ask"): on("voice"),
    ("POST", "/recordings/{recording_id}/agreement/seen"): on("agreed"),
    ("POST", "/recordings/{recording_id}/agreement/withdraw"): on("waiting"),
    ("POST", "/recordings/{recording_id}/cancel"): on("waiting"),
    ("POST", "/recordings/{recording_id}/copies"): on("spare"),
    ("POST", "/recordings/{recording_id}/go-on"): on("waiting"),
    ("POST", "/recordings/{recording_id}/voices"): on("voice", **SEGMENT),
    ("POST", "/recordings/{recording_id}/voices/again"): on("voice", number="9"),
    ("POST", "/recordings/{recording_id}/words"): on("voice", **SEGMENT),
    ("POST", "/search"): Line("any staff"),
    ("POST", "/send/drawings/{note_id}"): hung(),
    ("POST", "/send/recording"): Line("any staff"),
    ("POST", "/r"): Line("public"),
    ("POST", "/sign-in"): Line("public"),
    ("POST", "/sign-in/account"): Line("public"),
    ("POST", "/sign-in/passkey"): Line("public"),
    ("POST", "/sign-in/passkey/ask"): Line("public"),
    ("POST", "/sign-in/provider"): Line("public"),
    ("POST", "/sign-out"): Line("signed in"),
    ("POST", "/send/said/{note_id}"): theirs(),
    ("POST", "/summary/agreed/{recording_id}/back"): on("agreed", "young person's own"),
    ("POST", "/summary/more"): Line("young people", {}, {"talk": "talk"}),
    ("POST", "/summary/name"): Line("young people", {}, {"text-name": "Jay"}),
    ("POST", "/cases/{case_id}/stories"): Line("own staff", {}, {"text-story": "It went well."}),
    ("POST", "/stories/{story_id}/approve"): Line("supervisor decides"),
    ("POST", "/stories/{story_id}/down"): Line("own staff", {"story_id": "untold"}),
    ("POST", "/summary/wall/{story_id}"): Line(
        "young person's own", {"story_id": "asked"}, {"say": "yes"}
    ),
    ("POST", "/summary/things/{thing_id}/drop"): Line(
        "young person's own", {"thing_id": "dropped"}
    ),
    ("POST", "/summary/view"): Line("young people"),
    ("POST", "/summary/{note_id}/feedback"): theirs(helped="yes"),
    ("POST", "/summary/{note_id}/keep"): theirs(line="s2"),
    ("POST", "/summary/{note_id}/reply"): theirs(),
    ("POST", "/summary/{note_id}/said/{said_id}/back"): theirs("taken_back"),
    ("POST", "/summary/{note_id}/said/{said_id}/words"): theirs(),
    ("POST", "/typed/new"): Line("any staff", {}, {"kind": "case_note"}),
    ("POST", "/typed/unsaved"): Line("any staff", {}, {"kind": "case_note"}),
    ("POST", "/unclaimed/{file_id}/give"): Line("supervisor only"),
    ("POST", "/unclaimed/{file_id}/refuse"): Line("supervisor only", {}, {"sure": "yes"}),
}
TAKEN: dict[str | tuple[str, str], set[int]] = {
    "GET": {200},
    "POST": {200, 303, 409, 422},
    "PUT": {200},
    "HEAD": {200},
    "OPTIONS": {204},
    "DELETE": {204},
    "PATCH": {507},  # there is no room: nothing takes files in here
    ("POST", "/notes/{note_id}/release"): {303, 403, 409},  # 403: who prepared it
    ("POST", "/api/uploads"): {400},  # likewise, and it does not say what it is
    ("GET", "/"): {200, 303},
    ("GET", "/sign-in/provider/back"): {403},  # they were sent nowhere
    ("POST", "/account/provider"): {503},  # nobody is there
    ("POST", "/sign-in/provider"): {503},  # likewise
    ("GET", "/listen-again/{note_id}"): {404},  # the one supervisor here approved it
    ("GET", "/notes/{note_id}/sentences/{statement_id}/sound"): {404},  # of no part of another
    ("GET", "/summary/{note_id}/said/{said_id}/picture"): {404},  # they typed it
    ("GET", "/summary/{note_id}/said/{said_id}/sound"): {404},  # likewise
    ("GET", "/search/{number}"): {303},  # nobody has looked for anything yet
}
EVERY = pytest.mark.parametrize(
    ("method", "path"), sorted(TABLE), ids=[f"{method} {path}" for method, path in sorted(TABLE)]
)


def standing(world: World, handle: str, side: Side) -> str:
    """What somebody is to a side."""
    if handle == NOBODY:
        return NOBODY
    role = world.people[handle].role
    if role == "practitioner":
        return OWNER if handle == side.practitioner else COLLEAGUE
    if role == "young_person":
        return YOUNG if handle == side.young_person else OTHER_YOUNG
    known = {
        "supervisor": SUPERVISOR,
        "data_protection": PROTECTOR,
        "administrator": ADMINISTRATOR,
        "business_support": SUPPORT,
    }
    return known[role]


def address(path: str, side: Side, of: dict[str, str]) -> str:
    named = side.ids | {key: side.ids[what] for key, what in of.items()}
    return (
        "/static/recorder.css"
        if path == "/static"
        else path.format(**named, number="1", statement_id="s1")
    )


def ask(
    world: World, client: TestClient, who: str, method: str, where: str, **sent: object
) -> Answer:
    """A request as a page of this person's own browser would make it."""
    ends = where == "/sign-out" and who != NOBODY
    token = world.another(who) if ends else world.tokens[who]
    headers = {"cookie": f"session={token}"} if token else {}
    if where.startswith(API):
        found = by_script(world, client, token, method, where, **sent)
    elif method != "POST":
        found = client.request(method, where, headers=headers)
    elif where.startswith("/send/"):
        fields = {"csrf": world.store.access.csrf(token), "number": "1"} | sent
        parts = [(name, (None, str(value))) for name, value in fields.items()]
        file = ("file", ("a.jpg", b"no picture"))
        found = client.post(where, files=[*parts, file], headers=headers)
    else:
        headers |= {"content-type": "application/x-www-form-urlencoded"}
        form = {"csrf": world.store.access.csrf(token), "number": "1"} | sent
        found = client.post(where, content=urlencode(form), headers=headers)
    if where.endswith(("/invite/cancel", "/together")):
        world.let_in_again()
    return Answer(found.status_code, found.headers.get("location"), found.content)


def by_script(
    world: World, client: TestClient, token: str, method: str, where: str, **sent: object
) -> Response:
    """A script's call. What is no JSON says in its headers what is sent."""
    door = door_of(where, method)
    session = {"cookie": f"session={token}"} if token else {}
    own = session | {"x-csrf-token": world.store.access.csrf(token), "tus-resumable": TUS}
    if door is not None and door.kind == "application/json":
        return client.request(method, where, json=sent, headers=own)
    own |= {name.replace("_", "-"): str(value) for name, value in sent.items()}
    return client.request(
        method, where, headers=own | ({"content-type": door.kind} if door else {})
    )


def everybody(world: World, path: str) -> Iterator[tuple[str, str, Side]]:
    """Handle, what that is to a side, and the side; what names nothing of anybody's is asked once."""
    for side in world.sides if "{" in path else world.sides[:1]:
        for handle in world.tokens:
            what = standing(world, handle, side)
            if what not in {NOBODY, PROTECTOR, ADMINISTRATOR, SUPPORT} or side is world.sides[0]:
                yield handle, what, side


def refusal(kind: str, who: str, method: str, path: str) -> tuple[int, str | None]:
    """Status and where to: what is not theirs is, to them, not there."""
    if who == NOBODY:
        called = method == "POST" or path.startswith(API)
        return (401, None) if called else (303, "/sign-in")
    told = (kind, who) in {("supervisor decides", OWNER), ("worker decides", SUPERVISOR)}
    return (403 if told else 404), None


def test_every_route_is_in_the_table_and_nothing_else(world: World) -> None:
    there = routes(world.app)
    assert len(there) == len(set(there))
    assert sorted(set(there) - set(TABLE)) == [], "routes that nobody has said who may ask"
    assert sorted(set(TABLE) - set(there)) == [], "lines of the table without a route"


@EVERY
def test_who_may_not_is_refused_and_nothing_changes(
    world: World, anyone: TestClient, method: str, path: str
) -> None:
    line, before = TABLE[method, path], world.rows()
    part = next((each for each in (API, "/summary/") if f"{path}/".startswith(each)), "/")
    somewhere = f"{part}nowhere/nowhere"  # a young person's pages say it in their language
    nowhere = ask(world, anyone, "ruth", "GET", somewhere).content
    for who, what, side in everybody(world, path):
        if what in MAY[line.kind]:
            continue
        answer = ask(world, anyone, who, method, address(path, side, line.of), **line.sent)
        assert answer[:2] == refusal(line.kind, what, method, path), (who, what)
        if answer.status == 404 and method == "GET":
            assert answer.content == nowhere, (who, what)
    assert world.rows() == before


ATTEMPT = {
    "text-date": "5/11/2025",
    "text-start": "16:30",
    "text-method": "Visit",
    "text-did": "Knocked.",
    "text-next": "Try again.",
}
MIXED = [  # who asks, an address of their own, and what of somebody else's it names
    ("ben", "GET", "/notes/{note_id}/pictures/{picture}", {}),
    ("ruth", "GET", "/notes/{note_id}/pictures/{picture}", {}),
    ("ben", "POST", "/notes/{note_id}/pictures/{picture}", {"text-title": "Mine"}),
    ("ben", "POST", "/notes/{note_id}/pictures/{picture}/words", {**WORDS, "text-words": "Mine."}),
    ("sky", "GET", "/summary/{note_id}/pictures/{picture}", {}),
    ("ben", "POST", "/notes/{loose}/assign", {"case": "{case_id}"}),
    ("ben", "GET", "/notes/{own}/drawings/{drawing}", {}),
    ("ben", "POST", "/notes/{own}/drawings/{drawing}", {"text-caption": "Mine."}),
    ("ben", "POST", "/notes/{own}/drawings/{drawing}/remove", {"text-why": "Mine."}),
    (
        "ben",
        "POST",
        "/notes/{own}/drawings/{mine}",
        {"text-caption": "x", "text-member": "{case_id}"},
    ),
    ("ben", "POST", "/notes/{note_id}/share", {"line": "{picture_key}"}),
    ("ben", "POST", "/attempts/new", ATTEMPT | {"text-case": "{case_id}"}),
]


@pytest.mark.parametrize(("who", "method", "path", "sent"), MIXED)
def test_nobody_reaches_anothers_through_what_is_their_own(
    world: World, anyone: TestClient, who: str, method: str, path: str, sent: dict[str, str]
) -> None:
    theirs, own = world.sides
    other = theirs.ids | {"picture_key": key_of(theirs.ids["picture"])}
    where = path.format(
        **own.ids
        | {
            "picture": other["picture"],
            "drawing": other["drawing"],
            "mine": own.ids["drawing"],
        }
    )
    before = world.rows("audit", "audit_head")  # reading one's own is an event
    answer = ask(
        world, anyone, who, method, where, **{key: v.format(**other) for key, v in sent.items()}
    )
    assert answer.status in {403, 404, 409, 422}
    assert world.rows("audit", "audit_head") == before


@EVERY
def test_who_may_is_not_refused(world: World, anyone: TestClient, method: str, path: str) -> None:
    line = TABLE[method, path]
    for who, what, side in everybody(world, path):
        if what in MAY[line.kind] and line.kind != "public":
            answer = ask(world, anyone, who, method, address(path, side, line.of), **line.sent)
            assert answer.status in TAKEN.get((method, path), TAKEN[method]), (who, what)
            assert path == "/sign-out" or answer.location != "/sign-in", who


def test_what_is_public_is_answered_alike_to_everybody(world: World, anyone: TestClient) -> None:
    for (method, path), line in TABLE.items():
        if line.kind == "public":
            where = address(path, world.sides[0], {})
            answers = {ask(world, anyone, who, method, where) for who in world.tokens}
            assert len(answers) == 1, path


def test_staff_without_an_account_reach_only_the_page_where_they_make_one(world: World) -> None:
    app = create_app(world.store, team="Evolve", timezone="Europe/London", by_account=True)
    app.state.live.close()
    client, before = browser(app), world.rows()
    pages = [key for key, line in TABLE.items() if line.kind in {"any staff", "own staff"}]
    pages = [(method, path) for method, path in pages if not path.startswith(API)]
    for method, path in pages:
        where = address(path, world.sides[0], TABLE[method, path].of)
        answer = ask(world, client, "ruth", method, where, **TABLE[method, path].sent)
        refused = (403, None) if path.startswith(API) else (303, "/account")
        assert (answer.status, answer.location) == refused, path
    assert world.rows() == before
