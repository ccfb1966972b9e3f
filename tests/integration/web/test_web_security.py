from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import BaseModel
from starlette.requests import Request
from starlette.testclient import TestClient

from recorder.errors import MediaError, RecorderError, UnknownError
from recorder.review.web.security import (
    API,
    DOORS,
    MAX_BODY,
    MAX_PIECE,
    MAX_SENT,
    TUS,
    Door,
    door_of,
)
from recorder.review.web.session import AnyStaff, Called
from store.errors import ConflictError, ErasedError, NotFoundError, TamperedError
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.e2e.mistakes import BUTTONS, BY_SCRIPT, ELSEWHERE, MISTAKES
from tests.integration.web.matrix import World, browser, routes

Form = Callable[..., dict[str, str]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)


def check_headers(headers: object) -> None:
    assert hasattr(headers, "get")
    assert headers.get("content-security-policy") == POLICY
    assert headers.get("x-content-type-options") == "nosniff"
    assert headers.get("referrer-policy") == "no-referrer"
    assert headers.get("cross-origin-opener-policy") == "same-origin"
    assert headers.get("cross-origin-resource-policy") == "same-origin"
    assert headers.get("cache-control") == "no-store"
    assert "microphone=()" in headers.get("permissions-policy")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/work", "/nowhere", "/static/nothing.js"])
def test_every_answer_to_a_stranger_carries_the_headers(stranger: TestClient, path: str) -> None:
    check_headers(stranger.get(path).headers)


def test_every_kind_of_answer_carries_the_headers(
    amara: TestClient, note: Note, voice: object, form: Form
) -> None:
    assert voice is not None
    paths = [
        "/work",
        f"/notes/{note.id}",
        f"/notes/{note.id}/edit",
        "/queue",
        "/notes/x",
        "/search",
    ]
    for path in paths:
        check_headers(amara.get(path).headers)
    check_headers(amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1")).headers)
    check_headers(amara.post("/sign-out", data={"csrf": "wrong"}).headers)
    check_headers(amara.get("/work", headers={"host": "elsewhere.example"}).headers)
    check_headers(amara.post("/work", content=b"{}").headers)


def test_our_own_files_may_be_kept(stranger: TestClient) -> None:
    answer = stranger.get("/static/recorder.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )


@pytest.mark.parametrize("name", ["../web/app.py", "%2e%2e/web/app.py", "..%2fweb%2fapp.py"])
def test_nothing_but_our_own_files_is_served(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8400", "localhost", "recorder.example"])
def test_known_hosts_are_answered(stranger: TestClient, host: str) -> None:
    assert stranger.get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1"])
def test_other_hosts_are_refused(stranger: TestClient, host: str) -> None:
    assert stranger.get("/sign-in", headers={"host": host}).status_code == 400


def posts(app: FastAPI) -> list[str]:
    return [path for method, path in routes(app) if method == "POST" and not path.startswith(API)]


def calls_of(app: FastAPI) -> list[tuple[str, str]]:
    """What scripts send."""
    found = [(method, path) for method, path in routes(app) if path.startswith(API)]
    return [each for each in found if each[0] not in {"GET", "HEAD", "OPTIONS"}]


OPEN = [
    "/r",
    "/sign-in",
    "/sign-in/account",
    "/sign-in/passkey",
    "/sign-in/passkey/ask",
    "/sign-in/provider",
]
PROTECTED = [
    "/account/everywhere",
    "/account/passkeys",
    "/account/passkeys/ask",
    "/account/passkeys/{key_id}/remove",
    "/account/password",
    "/account/provider",
    "/arrived/{file_id}/again",
    "/attempts/new",
    "/calls/{call_id}/seen",
    "/cases",
    "/cases/{case_id}/access/give",
    "/cases/{case_id}/access/lift",
    "/cases/{case_id}/access/name",
    "/cases/{case_id}/access/restrict",
    "/cases/{case_id}/access/unname",
    "/cases/{case_id}/done",
    "/cases/{case_id}/invite",
    "/cases/{case_id}/invite/cancel",
    "/cases/{case_id}/stories",
    "/cases/{case_id}/together",
    "/cases/{case_id}/undone",
    "/emergency",
    "/emergency/{emergency_id}/end",
    "/keys",
    "/listen-again/{note_id}",
    "/cases/{case_id}/chronology",
    "/cases/{case_id}/chronology/summary",
    "/mosaic/cases/{case_id}/entered",
    "/mosaic/cases/{case_id}/sure",
    "/mosaic/{note_id}/let-be",
    "/mosaic/{note_id}/receipt",
    "/mosaic/{note_id}/sure",
    "/notes/{note_id}/approve",
    "/notes/{note_id}/assign",
    "/notes/{note_id}/confirm",
    "/notes/{note_id}/disagree",
    "/notes/{note_id}/drawings/{recording_id}",
    "/notes/{note_id}/drawings/{recording_id}/move",
    "/notes/{note_id}/drawings/{recording_id}/remove",
    "/notes/{note_id}/edit",
    "/notes/{note_id}/facts",
    "/notes/{note_id}/facts/unsaved",
    "/notes/{note_id}/followed",
    "/notes/{note_id}/heard",
    "/notes/{note_id}/members",
    "/notes/{note_id}/merge",
    "/notes/{note_id}/nobody",
    "/notes/{note_id}/pictures/{recording_id}",
    "/notes/{note_id}/pictures/{recording_id}/words",
    "/notes/{note_id}/release",
    "/notes/{note_id}/replies/read",
    "/notes/{note_id}/return",
    "/notes/{note_id}/risk",
    "/notes/{note_id}/sentences/{statement_id}/move",
    "/notes/{note_id}/sentences/{statement_id}/remove",
    "/notes/{note_id}/share",
    "/notes/{note_id}/sign",
    "/notes/{note_id}/split",
    "/notes/{note_id}/submit",
    "/notes/{note_id}/unsaved",
    "/notes/{note_id}/unshare",
    "/notes/{note_id}/worker",
    "/handing",
    "/handing/{case_id}/entries/{number}",
    "/oversight/trail",
    "/work/wiped",
    "/oversight/{emergency_id}/end",
    "/oversight/{emergency_id}/looked-into",
    "/people/join",
    "/notes/{note_id}/said/{said_id}/answer",
    "/people/leave",
    "/people/teams",
    "/people/teams/remove",
    "/record/{upload_id}/finish",
    "/record/{upload_id}/remove",
    "/recordings/{recording_id}/again",
    "/recordings/{recording_id}/agreement",
    "/recordings/{recording_id}/agreement/ask",
    "/recordings/{recording_id}/agreement/seen",
    "/recordings/{recording_id}/agreement/withdraw",
    "/recordings/{recording_id}/cancel",
    "/recordings/{recording_id}/copies",
    "/recordings/{recording_id}/go-on",
    "/recordings/{recording_id}/voices",
    "/recordings/{recording_id}/voices/again",
    "/recordings/{recording_id}/words",
    "/search",
    "/send/drawings/{note_id}",
    "/send/recording",
    "/send/said/{note_id}",
    "/sign-out",
    "/stories/{story_id}/approve",
    "/stories/{story_id}/down",
    "/summary/agreed/{recording_id}/back",
    "/summary/more",
    "/summary/name",
    "/summary/things/{thing_id}/drop",
    "/summary/view",
    "/summary/wall/{story_id}",
    "/summary/{note_id}/feedback",
    "/summary/{note_id}/keep",
    "/summary/{note_id}/reply",
    "/summary/{note_id}/said/{said_id}/back",
    "/summary/{note_id}/said/{said_id}/words",
    "/typed/new",
    "/typed/unsaved",
    "/unclaimed/{file_id}/give",
    "/unclaimed/{file_id}/refuse",
]


CALLS: list[tuple[str, str]] = [
    ("DELETE", "/api/uploads/{upload_id}"),
    ("PATCH", "/api/uploads/{upload_id}"),
    ("POST", "/api/notes/{note_id}/heard"),
    ("POST", "/api/uploads"),
    ("PUT", "/api/notes/{note_id}/unsaved"),
    ("PUT", "/api/typed/unsaved"),
]


def test_every_call_of_a_script_is_tested_below(app: FastAPI) -> None:
    assert calls_of(app) == sorted(CALLS)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_without_this_sessions_token_or_from_elsewhere_is_refused(
    store: Store, ruth: TestClient, jordan: TestClient, note: Note, method: str, path: str
) -> None:
    where = path.format(note_id=note.id, upload_id=note.id)
    door = door_of(where, method)
    assert door is not None
    kind = {"content-type": door.kind, "tus-resumable": TUS, "upload-offset": "0"}
    others = store.access.csrf(jordan.cookies["session"])
    own = {"x-csrf-token": store.access.csrf(ruth.cookies["session"])}
    for headers in ({}, {"x-csrf-token": others}, own | {"sec-fetch-site": "cross-site"}):
        content = b"{}" if door.kind else b""
        answer = ruth.request(method, where, content=content, headers=kind | headers)
        assert (answer.status_code, list(answer.json())) == (403, ["problem"])


def posted(
    browser: TestClient, where: str, fields: dict[str, str], headers: dict[str, str]
) -> Response:
    """A form as a page sends it: with a file, where it takes files."""
    if not where.startswith("/send/"):
        return browser.post(where, data=fields, headers=headers)
    parts = [(name, (None, value)) for name, value in fields.items()]
    return browser.post(where, files=[*parts, ("file", ("a.jpg", b"x"))], headers=headers)


def test_every_form_of_the_app_is_tested_below(app: FastAPI) -> None:
    assert posts(app) == sorted([*PROTECTED, *OPEN])


def test_of_every_form_it_is_said_what_people_get_wrong_in_it() -> None:
    said = {each.path for each in MISTAKES} | BUTTONS | BY_SCRIPT | ELSEWHERE
    forms = {path for path in (*PROTECTED, *OPEN) if not path.startswith(API)}
    assert sorted(forms ^ said) == [], "say it in tests/e2e/mistakes.py"


@pytest.fixture(scope="module")
def send(world: World) -> Callable[..., Response]:
    """Posts a form to an address of whatever there is, with somebody's session."""
    client, ids = browser(world.app), world.sides[0].ids | {"statement_id": "s1", "number": "1"}
    ids["recording_id"] = ids["voice"]
    ids["upload_id"] = ids["begun"]

    def sent(who: str, path: str, fields: dict[str, str], **headers: str) -> Response:
        own = {"cookie": f"session={world.tokens[who]}"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        return posted(client, path.format_map(ids), fields, own)

    return sent


ASKS = {
    "said": "jordan",
    "summary": "jordan",
    "oversight": "data_protection",
    "handing": "data_protection",
    "people": "administrator",
}


@pytest.mark.parametrize("path", PROTECTED)
def test_a_form_without_this_sessions_token_is_refused(
    world: World, send: Callable[..., Response], path: str
) -> None:
    who = ASKS.get(path.removeprefix("/send").split("/")[1], "ruth")
    others = world.store.access.csrf(world.tokens["amara"])
    before = world.rows()
    for token in ("", "wrong", "é", others):
        sent = {"csrf": token, "number": "1", "text-reason": "x"}
        assert send(who, path, sent).status_code == 403
    assert world.rows() == before
    assert world.store.access.open_sessions(world.people[who].id)  # still signed in


@pytest.mark.parametrize("path", [*PROTECTED, *OPEN])
def test_a_form_sent_from_elsewhere_is_refused(
    world: World, send: Callable[..., Response], path: str
) -> None:
    own, before = {"csrf": world.store.access.csrf(world.tokens["ruth"])}, world.rows()
    for site in ("cross-site", "same-site", "none"):
        answer = send("ruth", path, own, sec_fetch_site=site)
        assert answer.status_code == 403
        assert "sent from somewhere else" in answer.text
    assert world.rows() == before


def test_a_form_sent_from_here_is_taken(amara: TestClient, form: Form) -> None:
    answer = amara.post("/sign-out", data=form(amara), headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]
)
def test_only_forms_are_taken(amara: TestClient, kind: str) -> None:
    answer = amara.post("/sign-out", content=b"csrf=x", headers={"content-type": kind})
    assert answer.status_code == 415


def test_too_long_a_form_is_refused_before_and_while_it_comes(amara: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    announced = {"content-length": str(MAX_BODY + 1)}
    assert amara.post("/sign-out", content=b"", headers=kind | announced).status_code == 413

    def pieces() -> object:
        for _ in range(MAX_BODY // 65_536 + 1):
            yield b"x" * 65_536

    answer = amara.post("/sign-out", content=pieces(), headers=kind)  # type: ignore[arg-type]  # a generator of bytes
    assert answer.status_code == 413


# --- what scripts send ---

UPLOAD = "application/offset+octet-stream"
ANSWERS = {"/api/uploads": UPLOAD, "/api/asked": "application/json"}


class Asked(BaseModel):
    """What the route below takes."""

    words: str


@pytest.fixture
def calls(app: FastAPI) -> list[bytes]:
    """What came through to two routes of scripts, of the kinds that there are."""
    came: list[bytes] = []

    async def piece(request: Request, _found: AnyStaff, _called: Called) -> dict[str, int]:
        size = 0
        async for each in request.stream():
            size += len(each)
        came.append(b"%d" % size)
        return {"size": size}

    def asked(body: Asked, _found: AnyStaff, _called: Called) -> dict[str, str]:
        came.append(body.words.encode())
        return {"words": body.words}

    app.add_api_route("/api/uploads/x/y", piece, methods=["PATCH"])
    app.add_api_route("/api/asked", asked, methods=["POST", "PUT", "DELETE"])
    return came


def by_script(store: Store, browser: TestClient, **headers: str) -> dict[str, str]:
    """The headers as a script of this browser's page would send them."""
    token = store.access.csrf(browser.cookies["session"])
    return {"x-csrf-token": token, "content-type": "application/json"} | {
        key.replace("_", "-"): value for key, value in headers.items()
    }


@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/work", "POST", "application/x-www-form-urlencoded"),
        ("/apiary", "POST", "application/x-www-form-urlencoded"),
        ("/api", "POST", "application/x-www-form-urlencoded"),
        ("/api/x", "PUT", "application/json"),
        ("/api/x", "PATCH", "application/json"),
        ("/api/x", "DELETE", "application/json"),
        ("/api/uploadsx", "PATCH", "application/json"),
        ("/api/uploads", "POST", ""),
        ("/api/uploads/x", "PATCH", UPLOAD),
        ("/api/uploads/x", "DELETE", ""),
        ("/api/uploads/x", "OPTIONS", ""),
        ("/api/x", "OPTIONS", None),
        ("/work", "PUT", None),
        ("/work", "PATCH", None),
        ("/work", "DELETE", None),
        ("/work", "OPTIONS", None),
        ("/work", "TRACE", None),
        ("/work", "CONNECT", None),
        ("/work", "POSTS", None),
    ],
)
def test_each_address_takes_one_kind_by_few_methods(
    path: str, method: str, kind: str | None
) -> None:
    door = door_of(path, method)
    assert (door and door.kind) == kind


def test_only_files_may_be_larger_than_a_form() -> None:
    larger = {UPLOAD: MAX_PIECE, "multipart/form-data": MAX_SENT}
    for door in DOORS:
        assert door.most <= larger.get(door.kind, MAX_BODY)


def test_whatever_is_no_form_needs_the_header_that_no_other_site_can_send() -> None:
    without = [door for door in DOORS if not door.token]
    assert [(door.prefix, sorted(door.methods)) for door in without] == [
        ("/api/uploads", ["OPTIONS"]),
        ("/send", ["POST"]),  # a form with files: its token stands before them
        ("/", ["POST"]),
    ]


@pytest.mark.parametrize(
    "door",
    [door for door in DOORS if door.prefix not in {"/", "/send"}],
    ids=lambda door: " ".join((*sorted(door.methods), door.prefix)),
)
def test_no_script_is_answered_from_elsewhere_or_about_another_kind(
    store: Store, amara: TestClient, door: Door
) -> None:
    (method, *_) = sorted(door.methods)
    headers = by_script(store, amara, content_type=door.kind)
    for change, status in [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-length": str(door.most + 1)}, 413),
        ({"content-length": "x"}, 413),
    ]:
        answer = amara.request(method, door.prefix.rstrip("/") + "/x", headers=headers | change)
        assert (answer.status_code, list(answer.json())) == (status, ["problem"]), change
        check_headers(answer.headers)


@pytest.mark.parametrize("token", [None, b"", b"wrong", "é".encode()])
def test_a_script_without_this_sessions_token_is_refused(
    store: Store, amara: TestClient, calls: list[bytes], token: bytes | None
) -> None:
    for path, kind in [("/api/uploads/x/y", UPLOAD), ("/api/asked", "application/json")]:
        sent = by_script(store, amara, content_type=kind)
        headers = {key.encode(): value.encode() for key, value in sent.items()}
        del headers[b"x-csrf-token"]
        headers |= {} if token is None else {b"x-csrf-token": token}
        method = "PATCH" if kind == UPLOAD else "POST"
        answer = amara.request(method, path, content=b'{"words": "x"}', headers=headers)
        assert (answer.status_code, list(answer.json())) == (403, ["problem"])
    assert calls == []


def test_a_script_that_is_signed_out_is_told_so(
    store: Store, amara: TestClient, calls: list[bytes]
) -> None:
    headers = by_script(store, amara)
    amara.cookies.clear()
    answer = amara.post("/api/asked", content=b'{"words": "x"}', headers=headers)
    assert (answer.status_code, list(answer.json())) == (401, ["problem"])
    assert calls == []


def test_what_a_script_sends_that_does_not_fit_is_not_said_back(
    store: Store, amara: TestClient, calls: list[bytes]
) -> None:
    headers = by_script(store, amara)
    for content in (b'{"words": 7, "name": "Tyrell"}', b"{Tyrell", b'["Tyrell"]', b"\xff", b""):
        answer = amara.post("/api/asked", content=content, headers=headers)
        assert answer.status_code in {400, 422}
        assert list(answer.json()) == ["problem"]
        assert "Tyrell" not in answer.text
    assert calls == []


def test_a_script_sends_its_words_and_a_piece_as_it_comes(
    store: Store, amara: TestClient, calls: list[bytes]
) -> None:
    headers = by_script(store, amara)
    assert amara.post("/api/asked", content=b'{"words": "x"}', headers=headers).status_code == 200

    def pieces(size: int) -> Iterator[bytes]:
        for _ in range(size // 65_536):
            yield b"x" * 65_536

    headers = by_script(store, amara, content_type=UPLOAD)
    path = "/api/uploads/x/y"
    assert amara.patch(path, content=pieces(MAX_PIECE), headers=headers).status_code == 200
    answer = amara.patch(path, content=pieces(MAX_PIECE + 65_536), headers=headers)
    assert (answer.status_code, list(answer.json())) == (413, ["problem"])
    assert calls == [b"x", b"%d" % MAX_PIECE]


@pytest.mark.parametrize(
    "path", ["/record/", "/record/x", "/recordings", "/Record", "/x/record", "/api/record", "/"]
)
def test_only_the_page_that_records_may_listen(amara: TestClient, path: str) -> None:
    check_headers(amara.get(path).headers)
    policy = amara.get("/record").headers["permissions-policy"]
    allowed = {each for each in policy.split(", ") if not each.endswith("=()")}
    assert allowed == {"microphone=(self)", "screen-wake-lock=(self)"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing(amara: TestClient, note: Note, method: str) -> None:
    assert amara.request(method, f"/notes/{note.id}").status_code in {404, 415}


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"])
def test_no_generated_documentation_is_served(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 404


# --- errors ---


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownError(), 404),
        (NotFoundError("row 7"), 404),
        (ErasedError("row 7"), 404),
        (ConflictError("row 7"), 409),
        (MediaError("This cannot be played."), 422),
        (RecorderError("no luck"), 400),
    ],
)
def test_known_errors_have_one_page_with_their_status(
    app: FastAPI, stranger: TestClient, error: Exception, status: int
) -> None:
    def fail() -> None:
        raise error

    app.add_api_route("/fails", fail)
    answer = stranger.get("/fails")
    assert answer.status_code == status
    assert "row 7" not in answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize("error", [ValueError("Jordan said no"), TamperedError("Jordan said no")])
def test_other_errors_get_a_number_and_none_of_their_words_reach_page_or_log(
    app: FastAPI, stranger: TestClient, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail() -> None:
        raise error

    app.add_api_route("/fails", fail)
    with caplog.at_level(logging.DEBUG):
        answer = stranger.get("/fails")
    assert answer.status_code == 500
    (record,) = [each for each in caplog.records if each.message == "request failed"]
    assert vars(record)["incident"] in answer.text
    assert vars(record)["error"] == type(error).__name__
    assert "fail:" in vars(record)["at"]
    assert "Jordan" not in answer.text + "".join(str(vars(each)) for each in caplog.records)


def test_what_is_not_yours_looks_like_what_is_not_there(
    ben: TestClient, jordan: TestClient, note: Note, voice: object
) -> None:
    recording = getattr(voice, "id", "")
    for other in (ben, jordan):
        for path in (
            f"/notes/{note.id}",
            f"/notes/{note.id}/edit",
            f"/notes/{note.id}/share",
            f"/notes/{note.id}/release",
            f"/notes/{note.id}/risk",
            f"/recordings/{recording}",
            f"/recordings/{recording}/media",
            f"/recordings/{recording}/picture",
            f"/summary/{note.id}",
        ):
            answer, nowhere = other.get(path), other.get(f"/{path.split('/')[1]}/nowhere/nowhere")
            assert nowhere.status_code == 404
            assert (answer.status_code, answer.content) == (404, nowhere.content), path


@pytest.mark.parametrize(
    "path",
    ["/work", "/queue", "/search", "/search/x", "/notes/x", "/summary", "/recordings/x/media"],
)
def test_a_stranger_is_sent_to_the_door(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).headers["location"] == "/sign-in"


def test_staff_see_no_summary_page_and_young_people_no_staff_page(
    amara: TestClient, jordan: TestClient, practitioner: Member
) -> None:
    assert practitioner.role == "practitioner"
    assert amara.get("/summary").status_code == 404
    assert amara.get("/queue").status_code == 404
    for path in ("/work", "/queue", "/search", "/search/x"):
        assert jordan.get(path).status_code == 404
