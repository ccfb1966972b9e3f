"""Azure's and an S3 server, started on this machine for tests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
from filelock import FileLock

from recorder.config import cache_folder

_PINNED = Path(__file__).parents[1] / "tools" / "azurite"
ACCOUNT = "devstoreaccount1"
# Azurite's own key for its own account, as its manual prints it.
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
S3_KEY, S3_SECRET = "recorder", "not-a-secret"
BUCKET = "blobs"
_ENVIRONMENT = dict(os.environ)  # as it was before a test changed it


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """Azure Blob Storage with an empty container BUCKET; its address with the account."""
    argv = ["node", str(_azurite()), "--blobHost", "127.0.0.1", "--blobPort", "0"]
    argv += ["--location", str(folder), "--disableTelemetry", "--skipApiVersionCheck"]
    with _running(argv, r"listens on (http://127\.0\.0\.1:\d+)") as address:
        _make_container(address)
        yield f"{address}/{ACCOUNT}"


@contextmanager
def s3(folder: Path) -> Iterator[str]:
    """An S3 server with an empty bucket BUCKET; its address."""
    (folder / BUCKET).mkdir(parents=True)
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    argv = [program, "serve", "s3", "--addr", "127.0.0.1:0", "--config", os.devnull]
    argv += ["--auth-key", f"{S3_KEY},{S3_SECRET}", "--vfs-cache-mode", "off", str(folder)]
    with _running(argv, r"(http://127\.0\.0\.1:\d+)") as address:
        yield address


@contextmanager
def _running(argv: list[str], ready: str) -> Iterator[str]:
    """A program, from when it says that it is `ready` until the block ends; what it said."""
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if found := re.search(ready, line):
                break
        else:
            pytest.fail(f"{argv[0]} did not start: {said}")
        yield found[1]
    finally:
        process.kill()
        process.communicate()


def _azurite() -> Path:
    """Azurite's program, installed as pinned where this user has not got it yet."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Azurite needs node and npm: install the packages nodejs and npm")
    lock = (_PINNED / "package-lock.json").read_bytes()
    folder = cache_folder() / f"azurite-{hashlib.sha256(lock).hexdigest()[:12]}"
    program = folder / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "whole").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(_PINNED / name, folder)
            argv = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(
                argv, cwd=folder, env=_ENVIRONMENT, check=False, capture_output=True, text=True
            )
            assert done.returncode == 0, f"Azurite could not be installed: {done.stderr}"
            (folder / "whole").touch()
    return program


def _make_container(address: str) -> None:
    when, version = formatdate(usegmt=True), "2021-08-06"
    resource = f"/{ACCOUNT}/{ACCOUNT}/{BUCKET}\nrestype:container"
    signed = "PUT" + "\n" * 12 + f"x-ms-date:{when}\nx-ms-version:{version}\n{resource}"
    mac = hmac.digest(base64.b64decode(ACCOUNT_KEY), signed.encode(), "sha256")
    headers = {
        "x-ms-date": when,
        "x-ms-version": version,
        "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(mac).decode()}",
    }
    url = f"{address}/{ACCOUNT}/{BUCKET}?restype=container"
    with urllib.request.urlopen(  # noqa: S310 - an address on this machine
        urllib.request.Request(url, method="PUT", headers=headers)  # noqa: S310 - likewise
    ) as answer:
        assert answer.status == 201
