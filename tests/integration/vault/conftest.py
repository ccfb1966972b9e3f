"""One vault of each kind, on real servers of this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from store.vault import Bucket, Location, Vault, bucket, open_vault
from tests import object_stores
from tests.object_stores import ACCOUNT, ACCOUNT_KEY, BUCKET, S3_KEY, S3_SECRET
from tests.relay import Relay, relayed

KINDS = ["local", "azure", "s3"]
REMOTE = ["azure", "s3"]


@pytest.fixture(scope="session")
def gate() -> Iterator[Relay]:
    """Where requests to anywhere else than this machine end up: pytest cannot see them leave."""
    with relayed("http://127.0.0.1:9") as made, pytest.MonkeyPatch.context() as patch:
        made.failing["CONNECT"] = [403] * 1000
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, made.url)
            patch.setenv(name.lower(), made.url)
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1")
        yield made


@pytest.fixture(autouse=True)
def nothing_leaves(gate: Relay) -> Iterator[None]:
    yield
    assert gate.asked == []


@pytest.fixture(scope="session")
def azure_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with (
        object_stores.azurite(tmp_path_factory.mktemp("azurite")) as address,
        relayed(address.removesuffix(f"/{ACCOUNT}")) as relay,
    ):
        yield relay


@pytest.fixture(scope="session")
def s3_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with object_stores.s3(tmp_path_factory.mktemp("s3")) as address, relayed(address) as relay:
        yield relay


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Which kind of vault; each test says of which it speaks."""
    found: str = request.param
    return found


@pytest.fixture
def relay(kind: str, request: pytest.FixtureRequest) -> Iterator[Relay]:
    """The relay before the server of this kind."""
    found: Relay = request.getfixturevalue(f"{kind}_relay")
    found.asked.clear()
    yield found
    found.failing.clear()


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as ever, with hardly a pause between them."""
    pauses = {"init_backoff": timedelta(milliseconds=1), "max_backoff": timedelta(milliseconds=5)}
    monkeypatch.setitem(bucket._RETRY, "backoff", {**pauses, "base": 2})


@pytest.fixture
def location(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """A place of this kind that nothing else uses."""
    if kind == "local":
        return tmp_path / "vault"
    return bucket_at(kind, request.getfixturevalue(f"{kind}_relay").url)


@pytest.fixture
def vault(location: Location) -> Vault:
    return open_vault(location)


@pytest.fixture
def bucket_of(kind: str, relay: Relay) -> Callable[..., Bucket]:
    """Makes places of this kind, with whatever is to differ."""
    return lambda **changes: bucket_at(kind, relay.url, **changes)


def bucket_at(kind: str, address: str, **changes: object) -> Bucket:
    fields: dict[str, object] = {"name": BUCKET, "prefix": f"tests/{secrets.token_hex(8)}"}
    if kind == "s3":
        credentials = {"access_key_id": S3_KEY, "secret_access_key": S3_SECRET}
        fields |= {"endpoint": address, "region": "us-east-1", "credentials": credentials}
    else:
        credentials = {"account_key": ACCOUNT_KEY}
        fields |= {"endpoint": f"{address}/{ACCOUNT}", "account": ACCOUNT}
        fields |= {"credentials": credentials}
    return Bucket(kind=kind, **(fields | changes))  # type: ignore[arg-type]  # named one by one above
