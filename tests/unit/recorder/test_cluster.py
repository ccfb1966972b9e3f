from __future__ import annotations

from pathlib import Path

import pytest

from recorder.cluster import _parts, _security
from recorder.config import Settings
from recorder.errors import ConfigError


def test_an_address_is_taken_apart() -> None:
    assert _parts("tls://10.0.0.5:8786") == ("tls", "10.0.0.5", 8786)
    assert _parts("tcp://127.0.0.1:8786") == ("tcp", "127.0.0.1", 8786)


@pytest.mark.parametrize(
    "address", ["", "10.0.0.5:8786", "http://10.0.0.5:8786", "tls://10.0.0.5", "tls://x:99999"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="looks like"):
        _parts(address)


@pytest.mark.parametrize("host", ["10.0.0.5", "0.0.0.0", "workers.example"])  # noqa: S104 - refused
def test_other_machines_are_never_spoken_to_in_clear(host: str) -> None:
    with pytest.raises(ConfigError, match="need TLS"):
        _parts(f"tcp://{host}:8786")


def test_tls_without_certificates_is_refused(tmp_path: Path) -> None:
    settings = Settings(cluster_ca=tmp_path / "none.pem")
    with pytest.raises(ConfigError, match="certificate is missing"):
        _security("tls://10.0.0.5:8786", settings)
    assert _security("tcp://127.0.0.1:8786", settings) is None
