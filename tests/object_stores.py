"""Azure's and an S3 server, started on this machine for tests."""

from __future__ import annotations

import base64
import hmac
import os
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

from tests.programs import installed, running

ACCOUNT = "devstoreaccount1"
# Azurite's own key for its own account, as its manual prints it.
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
S3_KEY, S3_SECRET = "recorder", "not-a-secret"
BUCKET = "blobs"


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """Azure Blob Storage with an empty container BUCKET; its address with the account."""
    argv = ["node", str(_azurite()), "--blobHost", "127.0.0.1", "--blobPort", "0"]
    argv += ["--location", str(folder), "--disableTelemetry", "--skipApiVersionCheck"]
    with running(argv, r"listens on (http://127\.0\.0\.1:\d+)") as address:
        _make_container(address)
        yield f"{address}/{ACCOUNT}"


@contextmanager
def s3(folder: Path) -> Iterator[str]:
    """An S3 server with an empty bucket BUCKET; its address."""
    (folder / BUCKET).mkdir(parents=True)
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    argv = [program, "serve", "s3", "--addr", "127.0.0.1:0", "--config", os.devnull]
    argv += ["--auth-key", f"{S3_KEY},{S3_SECRET}", "--vfs-cache-mode", "off", str(folder)]
    with running(argv, r"(http://127\.0\.0\.1:\d+)") as address:
        yield address


def _azurite() -> Path:
    return installed("azurite") / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


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
