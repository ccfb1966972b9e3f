from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recorder.config import Settings, load
from recorder.errors import ConfigError
from recorder.vaults import location
from store.vault import Bucket

S3 = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "hush"}
AZURE = {"AZURE_STORAGE_ACCOUNT_KEY": "hush"}
SIGN_IN = {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t"}
LONDON = Settings(vault="s3://records/team", vault_region="eu-west-2")
CONTAINER = Settings(vault="azure://council/records/a/b/")


def test_a_path_stays_a_path_in_the_home(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('vault = "blobs"\n')
    assert location(load(tmp_path, {}), {}) == tmp_path / "blobs"
    (tmp_path / "config.toml").write_text('vault = "/srv/blobs"\n')
    assert location(load(tmp_path, {}), {}) == Path("/srv/blobs")


def test_a_bucket_in_s3_is_found_by_its_region(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'vault = "s3://records/team"\nvault_region = "eu-west-2"\n'
    )
    assert location(load(tmp_path, {}), S3) == Bucket(
        kind="s3",
        name="records",
        prefix="team",
        endpoint="https://s3.eu-west-2.amazonaws.com",
        region="eu-west-2",
        credentials={"access_key_id": "id", "secret_access_key": "hush"},
    )


def test_a_passing_identity_in_s3_has_a_token_as_well() -> None:
    found = location(LONDON, S3 | {"AWS_SESSION_TOKEN": "brief"})
    assert isinstance(found, Bucket)
    assert "brief" in found.credentials.values()


def test_a_server_that_speaks_s3_has_an_address_and_needs_no_region() -> None:
    found = location(Settings(vault="s3://records", vault_endpoint="https://s3.example/"), S3)
    assert isinstance(found, Bucket)
    assert (found.endpoint, found.region, found.prefix) == ("https://s3.example", "us-east-1", "")


def test_a_container_in_azure_is_found_by_its_account() -> None:
    assert location(CONTAINER, AZURE) == Bucket(
        kind="azure",
        name="records",
        prefix="a/b",
        endpoint="https://council.blob.core.windows.net",
        account="council",
        credentials={"account_key": "hush"},
    )


@pytest.mark.parametrize(
    ("environ", "keys"),
    [
        (AZURE, {"account_key"}),
        ({"AZURE_STORAGE_SAS_TOKEN": "hush"}, {"sas_key"}),
        (SIGN_IN | {"AZURE_CLIENT_SECRET": "hush"}, {"client_id", "tenant_id", "client_secret"}),
        (
            SIGN_IN | {"AZURE_FEDERATED_TOKEN_FILE": "/run/hush"},
            {"client_id", "tenant_id", "federated_token_file"},
        ),
    ],
)
def test_azure_takes_any_whole_set_of_credentials(environ: dict[str, str], keys: set[str]) -> None:
    found = location(CONTAINER, environ)
    assert isinstance(found, Bucket)
    assert found.credentials.keys() == keys
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    "environ", [{}, S3 | {"AWS_ACCESS_KEY_ID": ""}, {"AWS_ACCESS_KEY_ID": "id"}, AZURE]
)
def test_without_credentials_nothing_is_asked_and_what_is_missing_is_named(
    environ: dict[str, str],
) -> None:
    with pytest.raises(ConfigError, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") as caught:
        location(LONDON, environ)
    assert "hush" not in str(caught.value)
    with pytest.raises(ConfigError, match="AZURE_STORAGE_ACCOUNT_KEY"):
        location(CONTAINER, S3 | SIGN_IN)


@pytest.mark.parametrize("settings", [LONDON, CONTAINER])
def test_the_machines_own_identity_is_asked_for_where_that_is_set(settings: Settings) -> None:
    found = location(msgspec.structs.replace(settings, vault_identity="machine"), S3 | AZURE)
    assert isinstance(found, Bucket)
    assert found.credentials == {}


@pytest.mark.parametrize(
    "vault",
    [
        *("s3://", "s3://A", "s3://bucket/a b", "s3://key:secret@bucket", "s3://bucket?x=1"),
        *("azure://account", "azure://Account/box", "azure://account/b", "gs://bucket/prefix"),
        *("https://account.blob.core.windows.net/box", "file:///srv/vault"),
    ],
)
def test_an_address_of_no_known_form_is_refused_and_not_repeated(vault: str) -> None:
    with pytest.raises(ConfigError, match="s3://BUCKET/PREFIX") as caught:
        location(Settings(vault=vault, vault_region="x"), S3 | AZURE)
    assert "secret" not in str(caught.value)


def test_amazons_own_store_needs_a_region() -> None:
    with pytest.raises(ConfigError, match="vault_region"):
        location(Settings(vault="s3://records"), S3)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9000", "http://localhost:1", "https://a.b"])
def test_plain_http_is_for_this_machine_only(endpoint: str) -> None:
    found = location(Settings(vault="s3://records", vault_endpoint=endpoint), S3)
    assert isinstance(found, Bucket)
    assert found.endpoint == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        *("http://s3.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "s3.example"),
        *("https://key:hush@s3.example", "https://s3.example/?sig=hush", "https://"),
    ],
)
def test_an_endpoint_is_safe_and_holds_no_secret(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="vault_endpoint") as caught:
        location(Settings(vault="s3://records", vault_endpoint=endpoint), S3)
    assert "hush" not in str(caught.value)
