"""Who an object store is told that we are, and what is never asked or shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.errors import StoreError
from store.vault import new_id, open_vault
from tests.integration.vault.conftest import bucket_at
from tests.relay import Relay, relayed


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """Stands where a cloud's machines find out who they are; it says nothing of use."""
    with relayed("http://127.0.0.1:9") as made:
        made.failing = {method: [404] * 100 for method in ("GET", "PUT")}
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", made.url)
        monkeypatch.setenv("AZURE_MSI_ENDPOINT", f"{made.url}/metadata/identity/oauth2/token")
        yield made


@pytest.mark.parametrize("kind", ["azure", "s3"])
def test_the_platform_is_asked_for_an_identity_only_where_that_is_set(
    kind: str, platform: Relay, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(f"{kind}_relay").url
    with_credentials, without = bucket_at(kind, address), bucket_at(kind, address, credentials={})
    open_vault(with_credentials).put(new_id(), [b"x"])
    assert platform.asked == []
    with pytest.raises(StoreError):
        open_vault(without).size(new_id())
    assert platform.asked


@pytest.mark.parametrize("kind", ["azure", "s3"])
def test_an_endpoint_in_the_environment_changes_nothing(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay: Relay = request.getfixturevalue(f"{kind}_relay")
    for name in ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("AWS_SKIP_SIGNATURE", "AZURE_SKIP_SIGNATURE", "AZURE_STORAGE_USE_EMULATOR"):
        monkeypatch.setenv(name, "true")
    vault, blob = open_vault(bucket_at(kind, relay.url)), new_id()
    vault.put(blob, [b"x"])
    assert vault.read_at(blob, 0, 1) == b"x"


def test_a_signed_address_is_shown_to_nobody(azure_relay: Relay) -> None:
    signed = {"sas_key": "sv=2021-08-06&sr=c&sp=rl&se=2030-01-01&sig=c2VjcmV0LXNpZ25hdHVyZQ%3D%3D"}
    place = bucket_at("azure", azure_relay.url, credentials=signed)
    assert "c2VjcmV0" not in repr(place)
    azure_relay.asked.clear()
    with pytest.raises(StoreError) as caught:
        open_vault(place).read_at(new_id(), 0, 1)
    assert any("sig=c2VjcmV0" in asked for asked in azure_relay.asked)
    assert "the object store refuses the credentials" in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None  # an error behind it would have the address


@pytest.mark.parametrize("kind", ["azure", "s3"])
def test_what_is_asked_beyond_this_machine_ends_at_the_gate(kind: str, gate: Relay) -> None:
    with pytest.raises(StoreError):
        open_vault(bucket_at(kind, "https://store.example")).size(new_id())
    assert set(gate.asked) == {"CONNECT store.example:443"}
    gate.asked.clear()
