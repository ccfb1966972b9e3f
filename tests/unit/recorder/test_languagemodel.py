"""Where a language model may be: what was said goes nowhere else."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from recorder.config import Settings
from recorder.errors import ConfigError
from recorder.home import create_home, open_home
from recorder.languagemodel import LanguageModel, language_model, looked_at
from recorder.modeladdress import require_private
from transcribe.draft.llm import NoAnswerError


def at(url: str, model: str = "m") -> Settings:
    return Settings(llm_url=url, llm_model=model)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/v1",
        "http://127.8.8.8/v1",
        "http://[::1]:11434/v1",
        "http://localhost:8080",
        "https://10.0.0.5/v1",
        "https://172.31.0.9:8443/v1",
        "https://192.168.1.20/v1",
        "https://[fd00::5]/v1",
    ],
)
def test_this_machine_and_private_networks_are_let_be(url: str) -> None:
    require_private(at(url))
    assert language_model(at(url)) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://8.8.8.8/v1",
        "http://8.8.8.8/v1",
        "https://172.32.0.1/v1",
        "https://169.254.169.254/v1",  # where clouds answer
        "https://100.64.0.1/v1",
        "https://0.0.0.0/v1",
        "https://192.0.2.1/v1",
        "https://224.0.0.1/v1",
        "https://[2001:4860:4860::8888]/v1",
        "https://[::ffff:8.8.8.8]/v1",
        "https://[fe80::1]/v1",
        "https://[::]/v1",
        "https://134744072/v1",  # 8.8.8.8 as one number
    ],
)
def test_an_address_outside_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ConfigError, match="leads out of this machine") as refused:
        require_private(at(url))
    assert url not in refused.value.sentence
    with pytest.raises(NoAnswerError):
        LanguageModel(url, "m").ask("x", "y", {})


def test_a_name_that_leads_outside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("10.0.0.1", 80)), (2, 1, 6, "", ("8.8.8.8", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(ConfigError, match="leads out of this machine"):
        require_private(at("https://models.example/v1"))


def test_another_machine_is_not_spoken_to_in_the_open() -> None:
    with pytest.raises(ConfigError, match="set an https:// address"):
        require_private(at("http://10.0.0.5/v1"))
    with pytest.raises(NoAnswerError):
        LanguageModel("http://10.0.0.5/v1", "m").ask("x", "y", {})


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8080",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "http://",
        "http://me:secret@127.0.0.1/v1",
        "http://127.0.0.1/v1?key=secret",
        "http://127.0.0.1/v1#x",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1/v 1",
        "http://127.0.0.1/v1\r\nX: y",
        "http://127.0.0.1/é",
        "http://[::1/v1",
        "http://a..b/v1",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="looks like http://127") as refused:
        require_private(at(url))
    assert "secret" not in refused.value.sentence


def test_without_an_address_none_is_asked() -> None:
    assert language_model(Settings()) is None
    require_private(Settings())
    assert looked_at(Settings()) == "none is set: sentences stand as they were said"


def test_an_address_needs_the_name_of_a_model() -> None:
    with pytest.raises(ConfigError, match="set 'llm_model'"):
        require_private(at("http://127.0.0.1/v1", ""))


def test_a_home_with_an_address_outside_does_not_open(tmp_path: Path) -> None:
    create_home(tmp_path / "home").close()
    config = tmp_path / "home" / "config.toml"
    added = {"llm_url": "https://8.8.8.8/v1", "llm_model": "m"}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in added.items())
    config.write_text(config.read_text(encoding="utf-8") + lines, encoding="utf-8")
    with pytest.raises(ConfigError, match="leads out of this machine"):
        open_home(tmp_path / "home")


def test_a_name_with_several_addresses_is_reached_at_the_one_that_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As localhost has: many servers listen at one of its two addresses only."""
    real = socket.create_connection

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == "::1":  # these tests may not even try it
            raise ConnectionRefusedError
        return real(address, timeout)

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        both = [(2, 1, 6, "", (host, port)) for host in ("::1", "127.0.0.1")]
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *_, **__: both if host == "localhost" else both[1:]
        )
        monkeypatch.setattr(socket, "create_connection", connect)
        assert looked_at(at(f"http://localhost:{port}/v1")) == "m, and its server lets us connect"


def test_whether_a_server_is_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        assert looked_at(at(url)) == "m, and its server lets us connect"
    with pytest.raises(ConfigError, match="cannot be reached"):
        looked_at(at(url))
