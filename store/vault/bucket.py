"""Blobs as objects in an S3-compatible store or in Azure Blob Storage, by obstore.

An object appears when its last part has arrived, and not before; the store then answers for it. The
keys are the paths that a `LocalVault` would use, so a vault moves by copying its files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any, TypeVar

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import AzureStore, S3Store

from store.errors import NotFoundError, VaultError
from store.vault.location import Bucket
from store.vault.model import Passing, id_of, path_of

T = TypeVar("T")

_PART = 8 * 1024 * 1024
"""Bytes sent in one request. S3 takes 10,000 parts, so a blob may have 80 GB."""
_AT_ONCE = 3  # parts on their way, each in memory until it has arrived

# A part must get through a slow line in time, and the wait for a store that is down must end.
_CLIENT = {"connect_timeout": timedelta(seconds=10), "timeout": timedelta(minutes=3)}
_RETRY = {
    "max_retries": 5,
    "retry_timeout": timedelta(minutes=3),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=10),
        "base": 2,
    },
}
_STATUS = re.compile(r"status code: (\d{3})")
_REFUSED, _ABSENT = {"401", "403"}, "404"


class _RangeError(VaultError):
    """The store would not give this range, as when it begins after the blob's end."""


class BucketVault:
    """A vault in an object store. Nothing is asked of the store until the first call."""

    def __init__(self, bucket: Bucket) -> None:
        self._objects = _objects(bucket)

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        """See `Vault`; a few parts are in memory. What had arrived of a failed one is given up."""
        passing = Passing(chunks)
        with closing(_elsewhere(passing)) as source:
            _plainly(
                f"blob {blob_id} could not be written",
                lambda: obstore.put(
                    self._objects,
                    path_of(blob_id),
                    source,
                    use_multipart=True,
                    chunk_size=_PART,
                    max_concurrency=_AT_ONCE,
                ),
                passing=passing,
            )
        if self.size(blob_id) != passing.size:
            raise VaultError(f"blob {blob_id} was not written whole")
        return passing.size

    def size(self, blob_id: str) -> int:
        """See `Vault`."""
        what = f"blob {blob_id} cannot be looked up"
        return _plainly(what, lambda: obstore.head(self._objects, path_of(blob_id)), blob_id)[
            "size"
        ]

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """See `Vault`; one request."""
        if length <= 0:
            return b""

        def ask() -> bytes:
            key = path_of(blob_id)
            return bytes(obstore.get_range(self._objects, key, start=offset, length=length))

        try:
            return _plainly(f"blob {blob_id} cannot be read at {offset}", ask, blob_id)
        except _RangeError:
            if offset < self.size(blob_id):
                raise
            return b""

    def delete(self, blob_id: str) -> None:
        """See `Vault`."""
        what = f"blob {blob_id} could not be removed"
        with suppress(NotFoundError):
            _plainly(what, lambda: obstore.delete(self._objects, path_of(blob_id)), blob_id)

    def ids(self) -> Iterator[str]:
        """See `Vault`; a page of names is in memory."""
        pages = obstore.list(self._objects, chunk_size=1000)
        while page := _plainly("the blobs could not be listed", lambda: next(pages, None)):
            yield from filter(None, (id_of(each["path"]) for each in page))


def _elsewhere(chunks: Iterable[bytes]) -> Generator[bytes]:
    """The chunks, drawn in another thread.

    In the one that the library calls us in, it cannot be called: and a source may read a bucket.
    """
    source = iter(chunks)
    with ThreadPoolExecutor(1, "source") as thread:
        while (chunk := thread.submit(next, source, None).result()) is not None:
            yield chunk


def _objects(bucket: Bucket) -> S3Store | AzureStore:
    # Plain http is for a store on this very machine; who sets an address sees to that.
    client: Any = {**_CLIENT, "allow_http": bucket.endpoint.startswith("http://")}
    # Said here, so that no variable of the environment can say otherwise.
    config: Any = {**bucket.credentials, "skip_signature": False}
    given: Any = {"prefix": bucket.prefix, "client_options": client, "retry_config": _RETRY}
    if bucket.kind == "s3":
        # Of several addresses this one has the last word.
        config |= {"aws_endpoint_url_s3": bucket.endpoint, "region": bucket.region}
        config |= {"disable_bulk_delete": True}  # not every server has it
        return S3Store(bucket.name, config=config, **given)
    config |= {"endpoint": bucket.endpoint, "account_name": bucket.account}
    config |= {"use_emulator": False}
    if not bucket.credentials:
        config["credential_type"] = "managed_identity"
    return AzureStore(bucket.name, config=config, **given)


def _plainly(
    what: str, ask: Callable[[], T], blob_id: str | None = None, *, passing: Passing | None = None
) -> T:
    """What `ask` gives. The library's errors become ours, in a sentence that begins with `what`.

    NotFoundError if there is no `blob_id`. What the source that is `passing` raised stays as it is.
    """
    try:
        return ask()
    except (BaseError, FileNotFoundError, ValueError) as error:
        failure = passing and passing.failure
        failure = failure or _failure(what, blob_id, error)
    raise failure  # out here: nobody finds behind it the request's address, which may be signed


def _failure(what: str, blob_id: str | None, error: Exception) -> NotFoundError | VaultError:
    status = _STATUS.search(str(error))
    if isinstance(error, FileNotFoundError) or (status and status[1] == _ABSENT):
        if blob_id is not None:
            return NotFoundError(f"blob {blob_id} is not in the vault")
        return VaultError(f"{what}: there is no such bucket or container")
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or (
        status and status[1] in _REFUSED
    ):
        return VaultError(f"{what}: the object store refuses the credentials it was given")
    kind = _RangeError if "Range" in str(error) else VaultError
    if status:
        return kind(f"{what}: the object store answered {status[1]}")
    return kind(f"{what}: the object store cannot be reached, or made no sense")
