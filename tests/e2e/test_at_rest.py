"""Nothing that anybody said, wrote or was called can be read in any file under a home.

Everything in this house is named after something that stands nowhere else. It is put through the
real pipeline and desk, failures included, and then looked for in the raw bytes of every file.
`tests/leaks` shows that what is planted is found, and puts 500 more through every error there is.
"""

from __future__ import annotations

import io
import re
import struct
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import APIResponse, Browser, BrowserContext

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home, open_home
from tests.leaks.needles import Needles

if TYPE_CHECKING:
    from tests.e2e.conftest import House, Running

SPEECH = (
    "This is a case note for Thaddeus. I saw him at the aquarium in Tolworth on Tuesday. "
    "He told me that a purple accordion frightened him near the roundabout. "
    "He said the catamaran belonged to somebody from the orchestra. "
    "I will telephone the cartographer about his umbrella tomorrow."
)
MUST_HEAR = {"aquarium", "accordion", "roundabout", "catamaran", "orchestra", "umbrella"}
NAMES = {
    "practitioner": "Quillon Abervosk",
    "supervisor": "Perpetua Zimmerlich",
    "young person": "Thaddeus Wyrmwood",
    "peer": "Oswinkle",
    "parent": "Grizeldine",
}
HANDLES = {"practitioner": "quillonav", "supervisor": "perpetuaz", "young person": "thadwyrm"}
CASE, MOSAIC_ID, USERNAME = "KESTREL-77", "904417733", "abervosk.q"
UNKNOWN_CASE, NOBODY = "PUFFIN-UNKNOWN", "stranger-lemur"
FILES = {
    "voice": "marmalade-visit.wav",
    "again": "copy-of-tortoise.wav",
    "drawing": "pangolin-drawing.jpg",
    "unassigned": "flamingo-photo.png",
    "silent": "narwhal-silence.wav",
    "undecodable": "capybara-broken.wav",
    "cut": "hedgehog-cut.wav",
    "playlist": "ocelot-playlist.mp4",
    "misnamed": "axolotl-sound.jpg",
    "letter": "wombat-letter.txt",
    "nobody's": "lemur-clip.wav",
}
LETTER = "the Ptarmigan correspondence is enclosed"
EDITED = "He described the xylophone lesson at Bramblewick in his own words."
ADDED = "We rehearsed what to say if Oswinkle mentions the zeppelin."
REASON = "Please clarify the trampoline incident at Nettlecombe."
REPLY = "The velociraptor joke was Oswinkle's, not mine."
TYPED = {EDITED, ADDED, REASON, REPLY}


def test_no_canary_is_found_in_any_file(
    house: Callable[[str], House],
    start: Callable[[House], Running],
    chromium: Browser,
    tmp_path: Path,
) -> None:
    made = _enrolled(house("atrest"))
    _a_stage_raises(made, start, tmp_path)
    running = start(made)
    _files_of_every_fate_arrive(made, tmp_path)
    secrets = _people_work(made, chromium, tmp_path) | {USERNAME}  # which is in no record
    found = open_home(made.home)
    try:
        canaries = _in_the_record(found)
    finally:
        found.close()
    assert len(canaries | secrets) >= 50
    assert _leaks(made, canaries | secrets) == set()
    assert (made.home / "recorder.db-wal").exists()
    assert running.stop() == 0
    assert _leaks(made, canaries | secrets) == set()


# --- looking ---


def _leaks(house: House, canaries: set[str]) -> set[str]:
    """Files under the home or among logs and temporary files that hold or are named a canary."""
    needles = Needles(canaries)
    # These hold what people put there or took out, and who is called what in Mosaic.
    left_out = ("intake", "export", "mosaic.toml")
    return {*needles.under(house.home, left_out), *needles.under(house.scratch)}


def _in_the_record(home: Home) -> set[str]:
    """Every canary, each seen in the decrypted record first: so that looking for it can fail."""
    store, parts = home.store, []
    parts += [f"{each.handle} {each.name} {each.username}" for each in store.people.all()]
    parts += [str(each.details) for each in store.cases.all()]
    parts += [f"{each.path} {each.sentence}" for each in store.journal.recent()]
    heard = [store.recordings.transcript(each.id) for each in store.recordings.all()]
    spoken = [s.text for each in heard if each for s in decode_transcript(each).segments]
    for note in store.notes.all():
        versions = (store.notes.version(note.id, n + 1) for n in range(note.number))
        drafts = [decode_draft(each.payload) for each in versions]
        parts += [statement.text for draft in drafts for statement in draft.statements]
        entries = (*store.notes.decisions(note.id), *store.notes.replies(note.id))
        parts += [entry.payload.decode() for entry in entries]
    record = "\n".join([*parts, *spoken])
    canaries = {*NAMES.values(), *HANDLES.values(), *FILES.values(), *TYPED, *_phrases(spoken)}
    canaries |= {CASE, MOSAIC_ID, UNKNOWN_CASE, NOBODY}
    assert [canary for canary in canaries if canary not in record] == []
    words = {word for word in re.findall(r"[a-z]+", " ".join(spoken).lower()) if len(word) > 6}
    assert len(words & MUST_HEAR) >= 3, words
    # The letter was refused unread; it lies in the intake folder and nowhere else.
    return canaries | (words & MUST_HEAR) | {LETTER}


def _phrases(spoken: list[str]) -> set[str]:
    """Three words in a row, everywhere in what was heard."""
    found = set()
    for text in spoken:
        ends = [match.span() for match in re.finditer(r"\S+", text)]
        triples = zip(ends, islice(ends, 2, None), strict=False)
        found |= {text[first[0] : last[1]] for first, last in triples}
    assert len(found) >= 20
    return found


# --- living ---


def _enrolled(house: House) -> House:
    house.said("init")
    for role in ("practitioner", "supervisor"):
        house.said("people", "add", HANDLES[role], "--name", NAMES[role], "--role", role)
    codes = (
        f'[note_types]\ncase_note = "EVOLVE"\n[workers]\n{HANDLES["practitioner"]} = "{USERNAME}"'
    )
    house.home.joinpath("mosaic.toml").write_text(codes, encoding="utf-8")
    around = [f"--person={NAMES[role]}={role}" for role in ("peer", "parent")]
    mosaic = ("--mosaic-id", MOSAIC_ID, *around)
    by = ("--by", HANDLES["practitioner"])
    house.said("cases", "add", CASE, "--name", NAMES["young person"], *by, *mosaic)
    young = ("--name", NAMES["young person"], "--role", "young_person", "--case", CASE)
    house.said("people", "add", HANDLES["young person"], *young)
    return house


def _a_stage_raises(house: House, start: Callable[[House], Running], tmp_path: Path) -> None:
    """The speech model is not where it should be, so hearing the voice note fails."""
    _speak(tmp_path / "speech.wav")
    broken = replace(house, environ=house.environ | {"RECORDER_MODEL": str(tmp_path / "none")})
    running = start(broken)
    _folder(house).joinpath(FILES["voice"]).write_bytes((tmp_path / "speech.wav").read_bytes())
    house.until(lambda: "stage failed" in running.err.read_text(), "the stage to fail")
    assert running.stop() == 0
    running.err.rename(running.err.with_name("first.err"))


def _files_of_every_fate_arrive(house: House, tmp_path: Path) -> None:
    speech = (tmp_path / "speech.wav").read_bytes()
    folder, intake = _folder(house), house.home / "intake"
    contents = {
        folder / FILES["again"]: speech,
        folder / FILES["drawing"]: _sampled("drawing.jpg"),
        folder / FILES["silent"]: _wav(1, bytes(16_000 * 2 * 3)),
        folder / FILES["undecodable"]: _wav(0x7777, bytes(range(256)) * 200),
        folder / FILES["cut"]: speech[: len(speech) // 2],
        folder / FILES["playlist"]: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        folder / FILES["misnamed"]: speech[:-2],
        folder / FILES["letter"]: LETTER.encode(),
        folder.parent / UNKNOWN_CASE / FILES["unassigned"]: _png(),
        intake / NOBODY / FILES["nobody's"]: speech,
    }
    for path, content in contents.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    house.until(lambda: _settled(house), "every file to meet its fate")


def _settled(house: House) -> bool:
    fates = {"drafted": 3, "quarantined": 2}
    if house.states() != fates:
        return False
    now = house.json("status")
    places = " ".join([*now["arriving"], *(each["what"] for each in now["attention"])])
    waiting = ("cut", "playlist", "misnamed", "letter", "nobody's")
    sealed = not (house.home / "intake" / NOBODY / FILES["nobody's"]).exists()
    return now["recordings"] == fates and sealed and all(FILES[each] in places for each in waiting)


class _Visit:
    """Somebody at the desk, through the pages."""

    def __init__(self, house: House, chromium: Browser, handle: str) -> None:
        link, _, numbers = house.link(handle).partition("\n")
        where, _, secret = link.partition("#")
        self._home = where.rpartition("/")[0]
        self._context: BrowserContext = chromium.new_context()
        sent: dict[str, str | float | bool] = (
            {"secret": secret, "pin": numbers} if numbers else {"code": secret}
        )
        self.first = self._done(self._context.request.post(where, form=sent))
        tokens = {cookie["value"] for cookie in self._context.cookies()}
        self.secrets = {secret, *tokens, self._csrf(self.first)}

    def get(self, path: str) -> str:
        return self._done(self._context.request.get(f"{self._home}{path}"))

    def post(self, path: str, fields: Mapping[str, str | float | bool]) -> str:
        form = {"csrf": self._csrf(self.first), **fields}
        return self._done(self._context.request.post(f"{self._home}{path}", form=form))

    def fails(self, path: str) -> None:
        assert self._context.request.get(f"{self._home}{path}").status >= 400

    def _done(self, answer: APIResponse) -> str:
        assert answer.ok, answer.status
        return answer.text() if "html" in answer.headers["content-type"] else ""

    def _csrf(self, page: str) -> str:
        return _first(r'name="csrf" value="([^"]+)"', page)


def _people_work(house: House, chromium: Browser, tmp_path: Path) -> set[str]:
    """Draft, edit, return, approve, share, reply, export; the secrets that were used on the way."""
    worker, supervisor, young = (_Visit(house, chromium, handle) for handle in HANDLES.values())
    note = _spoken_note(house)
    page = worker.get(f"/notes/{note}")
    for recording in set(re.findall(r"/recordings/(\w+)", worker.get("/work") + page)):
        worker.get(f"/recordings/{recording}")
    voice, sentence = _first(r'data-play="(\w+)"', page), _first(r'id="s-([^"]+)"', page)
    worker.get(f"/recordings/{voice}/media")
    edited = {f"text-{sentence}": EDITED, "text-new-worry": ADDED}
    worker.post(f"/notes/{note}/edit", {"number": _version(house, note), **edited})
    number = _version(house, note)
    assert note in worker.post("/search", {"text-words": f'"{EDITED[-14:-1]}" zeppelin'})
    worker.post(f"/notes/{note}/submit", {"number": number})
    supervisor.get(f"/notes/{note}")
    supervisor.post(f"/notes/{note}/return", {"number": number, "text-reason": REASON})
    worker.post(f"/notes/{note}/submit", {"number": number})
    supervisor.post(f"/notes/{note}/approve", {"number": number})
    line = _first(r'name="line"[^>]*value="([^"]+)"', worker.get(f"/notes/{note}/share"))
    worker.post(f"/notes/{note}/share", {"number": number, "line": line})
    waits = _first(r'name="prepared"[^>]*value="([^"]+)"', supervisor.get(f"/notes/{note}/release"))
    supervisor.post(f"/notes/{note}/release", {"number": number, "prepared": waits})
    young.get("/summary")
    assert REPLY.partition("'")[0] in young.post(f"/summary/{note}/reply", {"text-reply": REPLY})
    worker.fails(f"/notes/{NAMES['peer']}")
    worker.fails(f"/recordings/{FILES['voice']}")
    house.refused("notes", "show", NAMES["peer"], "--by", HANDLES["supervisor"])
    house.refused("erase", "case", UNKNOWN_CASE, "--yes")
    assert house.json("export", "mosaic", "--to", tmp_path / "pack")["written"]
    return worker.secrets | supervisor.secrets | young.secrets


def _spoken_note(house: House) -> str:
    """The note that was made from the voice; pictures may stand in notes of their own."""
    by = ("--by", HANDLES["practitioner"])
    listed = [str(each["id"]) for each in house.json("notes", "list", *by)]
    (found,) = [
        each for each in listed if house.json("notes", "show", each, *by)["transcript"]["segments"]
    ]
    return found


def _version(house: House, note: str) -> int:
    by = ("--by", HANDLES["practitioner"])
    (found,) = [each["version"] for each in house.json("notes", "list", *by) if each["id"] == note]
    return int(found)


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


# --- making ---


def _folder(house: House) -> Path:
    return house.home / "intake" / HANDLES["practitioner"] / CASE


def _speak(target: Path) -> None:
    command = ["espeak-ng", "-v", "en-gb", "-s", "140", "-w", str(target), SPEECH]
    subprocess.run(command, check=True)


def _sampled(name: str) -> bytes:
    return (resources.files("recorder.sample") / name).read_bytes()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return out.getvalue()


def _wav(codec: int, sound: bytes) -> bytes:
    """A whole WAV file of 16 kHz, one channel, 16 bits; codec 1 is plain PCM."""
    described = struct.pack("<HHIIHH", codec, 1, 16_000, 32_000, 2, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + described + b"data"
    body = b"WAVE" + chunks + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body
