"""The repository held to its own rules."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from recorder import errors
from recorder.config import Settings
from recorder.errors import RecorderError
from recorder.review.states import State

ROOT = Path(__file__).parents[2]
PACKAGES = ("recorder", "transcribe", "store", "templates")
MAX_FILE, MAX_FUNCTION = 400, 60  # lines; a function's docstring is not counted


def _modules() -> list[Path]:
    found = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    assert len(found) > 50, "the packages were not found"
    return [path for path in found if "migrations" not in path.parts]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_its_budget(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE
    for node in _functions(path):
        doc = len((ast.get_docstring(node, clean=False) or "").splitlines())
        assert (node.end_lineno or 0) - node.lineno + 1 - doc <= MAX_FUNCTION, node.name


def test_every_error_stands_under_one_root_and_speaks_in_a_sentence() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    own = [each for each in classes if each.__module__ == errors.__name__]
    assert len(own) > 10
    for each in own:
        assert issubclass(each, RecorderError)
        assert each().sentence.endswith(".")
    assert errors.sentence_for("NoSpeech") == errors.NoSpeech.default
    assert errors.sentence_for("no such code") == errors.TooManyTries.default


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == {field.name for field in msgspec.structs.fields(Settings)}


@pytest.mark.parametrize(("name", "least"), [("azurite", 300), ("oidc-provider", 35)])
def test_a_lock_says_what_is_installed_and_not_from_where(name: str, least: int) -> None:
    lock = (ROOT / "tools" / name / "package-lock.json").read_text(encoding="utf-8")
    assert lock.count('"integrity"') > least
    assert '"resolved"' not in lock


def test_every_state_of_a_note_is_documented() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert all(f"`{state.value}`" in text for state in State)


def test_coverage_measures_our_own_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert tuple(project["tool"]["coverage"]["run"]["source"]) == PACKAGES


def test_one_outside_thing_has_one_owner() -> None:
    owners = {
        "faster_whisper": {"transcribe/engine.py", "transcribe/scoring.py"},
        "subprocess": {"recorder/sandbox/child.py", "recorder/sandbox/undertaker.py"},
        "ctypes": {
            "recorder/config.py",
            "recorder/sandbox/confine.py",
            "recorder/sandbox/syscalls.py",
        },
        "PIL": {"recorder/media/decoder.py"},
        "ffmpeg": {"recorder/media/ffmpeg.py"},
        "cv2": {"recorder/media/pagefinder.py"},
        "pillow_heif": {"recorder/media/decoder.py"},
        "watchdog": {"recorder/intake/wake.py"},
        "obstore": {"store/vault/bucket.py"},
        "docxtpl": {"recorder/export/docx_note.py"},
        "http": {"recorder/languagemodel.py"},
        "argon2": {"recorder/signin/passwords.py"},
        "zxcvbn": {"recorder/signin/passwords.py"},
        "pyotp": {"recorder/signin/codes.py"},
        "segno": {"recorder/signin/codes.py"},
        "python_multipart": {"recorder/review/web/multipart.py"},
        "webauthn": {"recorder/signin/passkeys.py"},
        "authlib": {"recorder/signin/provider.py", "recorder/signin/tokens.py"},
        "joserfc": {"recorder/signin/provider.py", "recorder/signin/tokens.py"},
        "httpx2": {"recorder/signin/provider.py", "recorder/signin/wire.py"},
        "ssl": {"recorder/languagemodel.py", "recorder/signin/wire.py"},
        "holidays": {"recorder/workdays.py"},
        "textstat": {"recorder/review/plainer.py"},
        "spacy": {"recorder/review/recognising.py"},
    }
    users: dict[str, set[str]] = {name: set() for name in owners}
    for path in _modules():
        for name in _imported(path) & owners.keys():
            users[name].add(str(path.relative_to(ROOT)))
    assert users == owners


def test_only_the_configuration_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in _modules()
        if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= {"recorder/config.py"}


def test_importing_everything_reads_no_setting_and_makes_no_file(tmp_path: Path) -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in _modules()]
    script = "import importlib\nfor name in {!r}: importlib.import_module(name)".format(
        [name.removesuffix(".__init__") for name in names]
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=True, env=environment, cwd=tmp_path
    )
    assert list(tmp_path.iterdir()) == []


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            # `from recorder.media import ffmpeg` is our own module, not the library.
            found.add(node.module.split(".")[0])
    return found
