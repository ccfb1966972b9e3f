"""What an object store's failures come to: plain sentences, no blob, and no address in sight."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from store.errors import NotFoundError, StoreError
from store.vault import Bucket, BucketVault, Vault, new_id, open_vault
from tests.integration.vault.conftest import REMOTE
from tests.relay import Relay

MIB = 1024 * 1024
TRIES = 6
BucketOf = Callable[..., Bucket]
Use = Callable[[Vault, str], object]

pytestmark = pytest.mark.parametrize("kind", REMOTE, indirect=True)

USES: dict[str, Use] = {
    "put": lambda vault, blob: vault.put(blob, repeat(bytes(MIB), 20)),
    "size": lambda vault, blob: vault.size(blob),
    "read": lambda vault, blob: vault.read_at(blob, 0, 1),
    "delete": lambda vault, blob: vault.delete(blob),
    "list": lambda vault, _: list(vault.ids()),
}
every_use = pytest.mark.parametrize("use", USES.values(), ids=USES.keys())


def _said(use: Use, vault: Vault, blob: str) -> str:
    """What the StoreError of a use says; nothing of the address is in it or behind it."""
    with pytest.raises(StoreError) as caught:
        use(vault, blob)
    error: BaseException | None = caught.value
    text = str(error)
    while error is not None:
        assert "http" not in str(error)
        assert "127.0.0.1" not in str(error)
        assert "Debug source" not in str(error)
        error = error.__cause__ or error.__context__
    return text


@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("status", [500, 503])
def test_what_fails_for_a_moment_is_tried_again(
    vault: Vault, relay: Relay, method: str, status: int
) -> None:
    relay.failing[method] = [status, status]
    blob = new_id()
    assert vault.put(blob, [bytes(MIB)] * 10) == 10 * MIB
    assert vault.read_at(blob, 9 * MIB, 2 * MIB) == bytes(MIB)
    assert list(vault.ids()) == [blob]
    vault.delete(blob)
    assert list(vault.ids()) == []
    assert not relay.failing[method] or method not in " ".join(relay.asked)


@every_use
def test_a_store_that_goes_on_failing_is_said_to(vault: Vault, relay: Relay, use: Use) -> None:
    relay.failing |= {
        method: [503] * TRIES * 10 for method in ("PUT", "GET", "HEAD", "POST", "DELETE")
    }
    assert _said(use, vault, new_id()).endswith("the object store answered 503")


@every_use
def test_a_store_that_is_not_there_is_said_to_be_out_of_reach(
    bucket_of: BucketOf, use: Use
) -> None:
    nobody = "http://127.0.0.1:9"
    said = _said(use, open_vault(bucket_of(endpoint=nobody)), new_id())
    assert said.endswith("the object store cannot be reached, or made no sense")


@every_use
def test_credentials_that_are_refused_are_said_to_be(
    bucket_of: BucketOf, kind: str, use: Use
) -> None:
    wrong = {
        "s3": {"access_key_id": "recorder", "secret_access_key": "wrong"},
        "azure": {"account_key": "d3Jvbmc="},
    }
    said = _said(use, open_vault(bucket_of(credentials=wrong[kind])), new_id())
    assert said.endswith("the object store refuses the credentials it was given")


@pytest.mark.parametrize("use", [USES["put"], USES["list"]], ids=["put", "list"])
def test_a_bucket_that_is_not_there_is_no_missing_blob(bucket_of: BucketOf, use: Use) -> None:
    vault = open_vault(bucket_of(name="another"))
    said = _said(use, vault, new_id())
    assert "there is no such bucket or container" in said


@pytest.mark.parametrize("pieces", [1, 40])
def test_an_upload_whose_source_fails_is_given_up(
    vault: Vault, relay: Relay, kind: str, pieces: int
) -> None:
    def failing() -> Iterator[bytes]:
        yield from repeat(bytes(MIB), pieces)
        raise OSError("the card was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        vault.put(new_id(), failing())
    if kind == "s3":
        assert sum("DELETE" in asked and "uploadId=" in asked for asked in relay.asked) == 1
    else:  # blocks that were never listed are dropped by Azure itself, after a week
        assert not any("comp=blocklist" in asked for asked in relay.asked)


def test_an_upload_that_fails_stops_its_source_and_leaves_no_thread(
    vault: Vault, relay: Relay
) -> None:
    drawn = 0

    def endless() -> Iterator[bytes]:
        nonlocal drawn
        while True:
            drawn += 1
            yield bytes(MIB)

    relay.failing["PUT"] = [400] * 100
    with pytest.raises(StoreError, match="answered 400"):
        vault.put(new_id(), endless())
    assert drawn < 100
    assert not [each for each in threading.enumerate() if each.name.startswith("source")]


def test_a_blob_that_is_shorter_than_what_was_sent_is_found(bucket_of: BucketOf) -> None:
    class Short(BucketVault):
        def size(self, blob_id: str) -> int:
            return super().size(blob_id) - 1

    with pytest.raises(StoreError, match="was not written whole"):
        Short(bucket_of()).put(new_id(), [b"abc"])


def test_a_blob_may_be_filled_from_another_bucket(vault: Vault, bucket_of: BucketOf) -> None:
    other = open_vault(bucket_of())
    blob = new_id()
    other.put(blob, [b"abc", b"def"])
    vault.put(blob, (other.read_at(blob, at, 2) for at in range(0, 6, 2)))
    assert vault.read_at(blob, 0, 9) == b"abcdef"


def test_what_else_lies_in_the_bucket_is_no_blob(
    vault: Vault, location: Bucket, bucket_of: BucketOf
) -> None:
    nested = open_vault(bucket_of(prefix=f"{location.prefix}/ab"))
    nested.put(new_id(), [b"x"])  # lies at ab/cd/... for the outer one
    assert list(vault.ids()) == []


def test_one_vault_does_not_see_another_in_the_same_bucket(
    vault: Vault, bucket_of: BucketOf
) -> None:
    blob = new_id()
    open_vault(bucket_of()).put(blob, [b"x"])
    assert list(vault.ids()) == []
    with pytest.raises(NotFoundError):
        vault.size(blob)
