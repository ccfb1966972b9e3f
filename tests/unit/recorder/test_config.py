from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from platform import libc_ver

import pytest

from recorder.config import cache_folder, demo_folder, home_folder, load
from recorder.errors import ConfigError
from recorder.home import create_home, open_home


def _home(tmp_path: Path, text: str) -> Path:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_paths_are_taken_from_the_home_and_absolute_ones_kept(tmp_path: Path) -> None:
    found = load(_home(tmp_path, 'intake = "/srv/synced"\n'), {})
    assert found.intake == Path("/srv/synced")
    assert found.vault == str(tmp_path / "vault")
    assert found.database == f"sqlite:///{tmp_path / 'recorder.db'}"


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    environ = {"RECORDER_PORT": "9000", "RECORDER_GLOSSARY": "MASH,NRM", "OTHER": "x"}
    found = load(_home(tmp_path, "port = 8000\n"), environ)
    assert found.port == 9000
    assert found.glossary == ("MASH", "NRM")


@pytest.mark.parametrize(
    ("given", "wanted"), [("audio, video", ("audio", "video")), ("", ()), (" ,audio,", ("audio",))]
)
def test_a_list_in_the_environment_may_have_spaces_or_nothing_in_it(
    tmp_path: Path, given: str, wanted: tuple[str, ...]
) -> None:
    assert load(_home(tmp_path, ""), {"RECORDER_AGREEMENT": given}).agreement == wanted


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('port = "many"', "port"),
        ('after_intake = "burn"', "after_intake"),
        ("colour = 1", "colour"),
        ("port = [", "TOML"),
        ("intake = 5", "intake"),
        ('agreement = ["audio", "vidoe"]', "agreement"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        load(_home(tmp_path, text), {})


def test_a_folder_that_is_no_home_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="recorder init"):
        load(tmp_path, {})


def test_the_home_is_the_option_or_the_environment_or_the_users_own(tmp_path: Path) -> None:
    assert home_folder(tmp_path, {"RECORDER_HOME": "/elsewhere"}) == tmp_path
    assert home_folder(None, {"RECORDER_HOME": "/elsewhere"}) == Path("/elsewhere")
    assert home_folder(None, {}).name == "recorder"
    assert demo_folder(None, {}) != home_folder(None, {})
    assert demo_folder(tmp_path, {}) == tmp_path
    assert cache_folder({"RECORDER_CACHE": "/c"}) == Path("/c")


def test_a_home_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    create_home(folder, 'The "best" team').close()
    assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ConfigError, match="already"):
        create_home(folder)
    folder.chmod(0o755)
    with pytest.raises(ConfigError, match="chmod 700"):
        open_home(folder)


def test_a_home_without_its_key_says_so(tmp_path: Path) -> None:
    create_home(tmp_path / "home").close()
    (key,) = (tmp_path / "home" / "keys").glob("*.key")
    key.unlink()
    with pytest.raises(ConfigError, match="root key"):
        open_home(tmp_path / "home")


_IN_THREADS = """
import ctypes, sys, threading
from recorder.config import keep_memory_together
keep_memory_together()
asked, told = threading.Barrier(9), threading.Event()
def ask():
    held = [bytearray(1000) for _ in range(2000)]
    asked.wait()
    told.wait()
threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
for thread in threads:
    thread.start()
asked.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
told.set()
"""


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="only glibc keeps memory by threads")
def test_eight_threads_that_ask_for_memory_share_two_pools(tmp_path: Path) -> None:
    found = tmp_path / "pools.xml"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _IN_THREADS, str(found)]
    subprocess.run(command, check=True, env=environment, timeout=60)
    assert found.read_text(encoding="utf-8").count("<heap nr=") == 2
