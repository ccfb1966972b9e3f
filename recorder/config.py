"""One frozen Settings, from `config.toml` and the environment; the one place that touches os.environ.

`RECORDER_<NAME>` in the environment overrides `<name>` in the file. Code below the command line
gets values, not Settings.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from ctypes import CDLL
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs

from recorder.errors import ConfigError

FILE = "config.toml"
ALWAYS = "always"  # as `export_at`: as soon as something waits
_PREFIX = "RECORDER_"
_LISTS = (
    *("glossary", "careful_kinds", "agreement", "agreement_folders", "speakers"),
    *("oidc_hosts", "oidc_acr", "oidc_amr", "local_sign_in"),
)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_CLOUD = ("AWS_", "AZURE_")
_POOLS, _FEW = "MALLOC_ARENA_MAX", "2"  # glibc's name for it, as a process starts
_ARENA_MAX = -8  # and its number for it, in one that runs: M_ARENA_MAX

Kind = Literal["audio", "video", "picture"]
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]  # 0: never by itself


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every setting, with its default. Paths are relative to the home unless absolute."""

    team: str = "Our team"  # shown on pages
    database: str = ""  # SQLAlchemy URL; empty: recorder.db in the home
    vault: str = "vault"  # a folder, s3://BUCKET/PREFIX or azure://ACCOUNT/CONTAINER/PREFIX
    vault_endpoint: str = ""  # of an object store; empty: the provider's own
    vault_region: str = ""  # of S3
    vault_identity: Literal["environment", "machine"] = "environment"  # who asks an object store
    keys: Path = Path("keys")
    passphrase_file: Path = Path()  # opens the root key's passphrase wrapper unattended
    intake: Path = Path("intake")
    intake_by: Literal["run", "receive"] = "run"  # which command watches it
    export: Path = Path("export")
    export_at: str = ""  # when a pack is written by itself: HH:MM, always; empty: by hand
    checkpoints: Path = Path("checkpoints")  # of the audit log; best outside this machine
    models: Path = Path()  # joined model weights; default: the user's cache folder
    model: str = "base"  # a packaged model, or the path of a CTranslate2 folder
    careful_model: str = ""  # hears with care; empty: the same one
    careful_seconds: int = 0  # recordings no longer than this are heard with care
    careful_kinds: tuple[str, ...] = ()  # of note, whose recordings are heard with care
    speaker_model: str = "voices"  # the packaged one, or the path of a folder; empty: none
    speakers: tuple[str, ...] = (
        "supervision",
        "group_session",
    )  # kinds of note with several voices
    language: str = "en"  # ISO 639-1
    glossary: tuple[str, ...] = ()  # the team's own words, beside the built-in ones
    after_intake: Literal["remove", "keep"] = "remove"  # the source, once sealed and verified
    settle_seconds: float = 30.0  # a file must lie still this long; on a share, twice
    settle_looks: int = 3  # and look the same this many times
    scan_seconds: float = 2.0  # between looks at the intake folder
    workers: int = 1  # processes that transcribe
    threads: int = 0  # per worker; 0: one a core
    device: Literal["cpu", "cuda", "auto"] = "cpu"  # what the speech model runs on
    cluster: str = ""  # where workers on other machines are let in, e.g. tls://10.0.0.5:8786
    cluster_ca: Path = Path()  # PEM: who may speak to us
    cluster_cert: Path = Path()  # PEM: who we are
    cluster_key: Path = Path()  # PEM
    cluster_gpu: bool = False  # only workers with a GPU are given work
    host: str = "127.0.0.1"
    port: int = 8400
    timezone: str = "Europe/London"
    agreement: tuple[Kind, ...] = ("video",)  # of recording, that wait until agreed to
    agreement_folders: tuple[str, ...] = ("session",)  # sound and film in these waits likewise
    chapter_wait_minutes: int = 120  # how long a film waits for files of it that have not come
    default_kind: str = "case_note"
    note_types: Path = Path()  # a folder of TOML files, beside the built-in ones
    mosaic: Path = Path("mosaic.toml")  # what the council calls kinds of note and staff
    contact_gap_minutes: int = 120  # recordings no further apart are of one contact
    llm_url: str = ""  # of an OpenAI-compatible server that tidies sentences; empty: none does
    llm_model: str = ""  # the name that it knows the model by
    address: str = ""  # where browsers reach the pages; empty: http://HOST:PORT
    sign_in: Literal["account", "provider", "link"] = "account"  # how staff come in
    local_sign_in: tuple[str, ...] = ()  # handles with an account here beside the provider's
    oidc_issuer: str = ""  # of an identity provider; empty: none
    oidc_name: str = "your work account"  # what people call it: it stands on the button
    oidc_client_id: str = ""  # who we are there
    oidc_secret_file: Path = Path()  # how we prove it; with neither of these two by PKCE alone
    oidc_secret_keyring: bool = False  # the user's keyring holds it
    oidc_hosts: tuple[str, ...] = ()  # other hosts that the provider has its keys and tokens at
    oidc_subject: Literal["sub", "oid"] = "sub"  # the claim that names a person for ever
    oidc_prompt: Literal["", "select_account", "login"] = ""  # what it asks each time
    oidc_acr: tuple[str, ...] = ()  # how strongly they must have proved themselves: one of these
    oidc_amr: tuple[str, ...] = ()  # and by which means: all of these
    upload_gib: int = 20  # the largest file that is taken from a browser
    upload_days: int = 7  # how long one that broke off waits to be gone on with
    unfinished_minutes: int = 60  # after which a recording that broke off is finished as it is
    listen_again_percent: float = 5.0  # of approved versions; drawn by chance
    answer_days: int = 2  # working days within which what a young person says is answered
    call_minutes: int = 15  # until every supervisor is told that a young person asks for somebody
    kept_for: str = ""  # to young people: how long their record is kept, and who decides
    link_hours: int = 12  # how long a sign-in link holds
    emergency_number: str = "999"  # what a young person is told to call in danger
    helpline: str = "Childline 0800 1111"  # and at any time
    retention: bool = False  # whether what is due goes by itself; the preview shows it either way
    keep_notice_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 14  # in the preview before it
    keep_sound_days: Days = (
        30  # sound and film, from the Mosaic receipt of the last note; 0: for ever
    )
    keep_picture_days: Days = 0  # photographs, likewise
    keep_theirs_days: Days = 0  # what a young person recorded or drew beside a note, likewise
    keep_transcript_days: Days = 0  # what was heard, likewise, once the sound is gone
    keep_draft_days: Days = 30  # versions before the approved one, likewise
    keep_failed_days: Days = 90  # what could not be used, from when it was set aside
    keep_withdrawn_days: Days = 30  # what nobody agrees to any more, likewise
    keep_nobodys_days: Days = 90  # files of nobody's, from when they came in
    keep_pack_days: Days = 30  # packs in the export folder, from the last receipt
    refused_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30  # sent files that no one can use
    keep_record_years: Annotated[int, msgspec.Meta(ge=0, le=150)] = (
        0  # from birth; told of, never done
    )
    backup_keep_days: int = 35  # how long a backup is kept; 0: until somebody removes it
    backup_warn_days: int = 7  # older than this, and the last backup is too old


def load(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `home`; ConfigError names the key that is wrong."""
    given = os.environ if environ is None else environ
    path = home / FILE
    try:
        return parsed(path.read_text(encoding="utf-8"), home, given)
    except OSError as error:
        raise ConfigError(
            f"there is no Recorder home in {home}: run 'recorder init --home {home}' first"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def parsed(text: str, home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that `text` holds for `home`; ConfigError names the key that is wrong."""
    given, path = os.environ if environ is None else environ, home / FILE
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    values |= _overrides(given)
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"a setting in {path} is wrong: {error}") from error
    if settings.export_at not in {"", ALWAYS} and not _TIME.fullmatch(settings.export_at):
        raise ConfigError(
            f"'export_at' in {path} is a time of day like 18:30, or '{ALWAYS}', or empty for by"
            " hand: set it so"
        )
    return _absolute(settings, home)


def home_folder(option: Path | None, environ: Mapping[str, str] | None = None) -> Path:
    """The home asked for: the option, else RECORDER_HOME, else the user's data folder."""
    given = os.environ if environ is None else environ
    if option is not None:
        return option.absolute()
    if given.get(f"{_PREFIX}HOME"):
        return Path(given[f"{_PREFIX}HOME"]).absolute()
    return Path(platformdirs.user_data_dir("recorder"))


def demo_folder(option: Path | None, environ: Mapping[str, str] | None = None) -> Path:
    """The demo's home: never the real one unless it was named."""
    given = os.environ if environ is None else environ
    if option is not None or given.get(f"{_PREFIX}HOME"):
        return home_folder(option, given)
    return Path(platformdirs.user_data_dir("recorder-demo"))


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where joined model weights are kept between homes."""
    given = os.environ if environ is None else environ
    if given.get(f"{_PREFIX}CACHE"):
        return Path(given[f"{_PREFIX}CACHE"]).absolute()
    return Path(platformdirs.user_cache_dir("recorder"))


def credentials_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """Where systemd put this service's credentials; None when it gave none."""
    given = os.environ if environ is None else environ
    found = given.get("CREDENTIALS_DIRECTORY")
    return Path(found) if found else None


def cloud_credentials(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the environment says to S3 and Azure: their credentials are in no file of settings."""
    given = os.environ if environ is None else environ
    return {name: value for name, value in given.items() if name.startswith(_CLOUD)}


def keep_to_ourselves() -> None:
    """Switch off what libraries would send to their makers; worker processes inherit it.

    The speech engine's runtime describes this machine unless this stands before it is loaded; its
    own switch comes too late.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"


def keep_memory_together() -> None:
    """Have the C library keep two pools of freed memory, not eight a core; workers inherit it.

    Hearing frees and takes tens of megabytes at a time in many threads, and what lies free in one
    pool is of no use to another. It must be said before the second thread asks for memory. A C
    library that knows no pools is left as it is, and so is a number that somebody else has set.
    """
    if os.environ.setdefault(_POOLS, _FEW) != _FEW or os.name != "posix":
        return
    libc = CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_ARENA_MAX, int(_FEW))


def _overrides(environ: Mapping[str, str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for field in msgspec.structs.fields(Settings):
        value = environ.get(_PREFIX + field.name.upper())
        if value is not None:
            found[field.name] = _listed(value) if field.name in _LISTS else value
    return found


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def _path(kind: type, value: object) -> Path:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError("expected a path")


def _absolute(settings: Settings, home: Path) -> Settings:
    inside = ("keys", "intake", "export", "checkpoints", "mosaic")
    folders: dict[str, Path] = {name: home / getattr(settings, name) for name in inside}
    shared = cache_folder() / "models"
    folders["models"] = shared if settings.models == Path() else home / settings.models
    files = ("cluster_ca", "cluster_cert", "cluster_key", "oidc_secret_file")
    for name in ("passphrase_file", "note_types", *files):
        if getattr(settings, name) != Path():
            folders[name] = home / getattr(settings, name)
    database = settings.database or f"sqlite:///{home / 'recorder.db'}"
    vault = settings.vault if "://" in settings.vault else str(home / settings.vault)
    return msgspec.structs.replace(settings, database=database, vault=vault, **folders)
