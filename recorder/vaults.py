"""From the setting `vault` to where blobs lie: a folder, or a bucket with its credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from recorder.config import Settings, cloud_credentials
from recorder.errors import ConfigError
from store.vault import Bucket, Location

_S3 = re.compile(r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,62})/?(?P<prefix>[\w./-]*)", re.ASCII)
_AZURE = re.compile(
    r"azure://(?P<account>[a-z0-9]{3,24})/(?P<name>[a-z0-9][a-z0-9-]{2,62})/?(?P<prefix>[\w./-]*)",
    re.ASCII,
)
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}

# By the names of variables, those that the store's library has for them. Any one set is enough.
_S3_CREDENTIALS = (
    {"AWS_ACCESS_KEY_ID": "access_key_id", "AWS_SECRET_ACCESS_KEY": "secret_access_key"},
)
_AZURE_IDENTITY = {"AZURE_CLIENT_ID": "client_id", "AZURE_TENANT_ID": "tenant_id"}
_AZURE_CREDENTIALS = (
    {"AZURE_STORAGE_ACCOUNT_KEY": "account_key"},
    {"AZURE_STORAGE_SAS_TOKEN": "sas_key"},
    _AZURE_IDENTITY | {"AZURE_CLIENT_SECRET": "client_secret"},
    _AZURE_IDENTITY | {"AZURE_FEDERATED_TOKEN_FILE": "federated_token_file"},
)


def location(settings: Settings, environ: Mapping[str, str] | None = None) -> Location:
    """Where blobs lie; ConfigError says what is amiss.

    Credentials are taken from the environment, and never from a file of settings.
    """
    if "://" not in settings.vault:
        return Path(settings.vault)
    given = cloud_credentials(environ)
    if found := _S3.fullmatch(settings.vault):
        return _s3(settings, found, given)
    if found := _AZURE.fullmatch(settings.vault):
        return _azure(settings, found, given)
    raise ConfigError(
        "the setting vault is neither a folder nor s3://BUCKET/PREFIX nor "
        "azure://ACCOUNT/CONTAINER/PREFIX"
    )


def _s3(settings: Settings, found: re.Match[str], given: Mapping[str, str]) -> Bucket:
    region = settings.vault_region
    if not region and not settings.vault_endpoint:
        raise ConfigError('the vault is in S3: set vault_region, for example "eu-west-2"')
    credentials = _credentials(settings, _S3_CREDENTIALS, given)
    if credentials and given.get("AWS_SESSION_TOKEN"):
        credentials["session_token"] = given["AWS_SESSION_TOKEN"]
    return Bucket(
        kind="s3",
        name=found["name"],
        prefix=found["prefix"].strip("/"),
        endpoint=_endpoint(settings) or f"https://s3.{region}.amazonaws.com",
        region=region or "us-east-1",  # what servers that know no regions answer to
        credentials=credentials,
    )


def _azure(settings: Settings, found: re.Match[str], given: Mapping[str, str]) -> Bucket:
    return Bucket(
        kind="azure",
        name=found["name"],
        prefix=found["prefix"].strip("/"),
        endpoint=_endpoint(settings) or f"https://{found['account']}.blob.core.windows.net",
        account=found["account"],
        credentials=_credentials(settings, _AZURE_CREDENTIALS, given),
    )


def _credentials(
    settings: Settings, sets: tuple[dict[str, str], ...], given: Mapping[str, str]
) -> dict[str, str]:
    """The first whole set that the environment has; none where the machine's identity is asked for."""
    if settings.vault_identity == "machine":
        return {}
    for names in sets:
        if all(given.get(name) for name in names):
            return {key: given[name] for name, key in names.items()}
    ways = ", or ".join(" and ".join(names) for names in sets)
    raise ConfigError(
        "the vault is in an object store, and the environment has no credentials for it: set "
        f'{ways}; or vault_identity = "machine" where the platform gives this machine an identity'
    )


def _endpoint(settings: Settings) -> str:
    endpoint = settings.vault_endpoint.rstrip("/")
    if not endpoint:
        return ""
    parts = urlsplit(endpoint)
    local = parts.hostname in _THIS_MACHINE
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ConfigError("vault_endpoint begins with https://, unless it is on this very machine")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ConfigError("vault_endpoint is an address and nothing else: no name, key or token")
    return endpoint
