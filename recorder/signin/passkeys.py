"""Passkeys (WebAuthn level 2) by `webauthn`: its one owner."""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from recorder.errors import NotAllowedError

LONGEST = 20_000
"""Characters in a browser's answer; a real one has some two thousand."""

Spend = Callable[[str], bool]
"""Whether a challenge was ours and is spent by this."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in: a passkey is good there only."""

    host: str  # without a port
    origin: str  # scheme, host and port

    @property
    def takes_passkeys(self) -> bool:
        """Browsers make them for names, and for no number."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Key:
    """A passkey as it is kept."""

    id: str  # base64url, as browsers write it
    public_key: str  # base64url of the COSE key
    count: int  # how often it says that it was used; 0 for those that do not count
    name: str  # what its owner calls it


def to_make(door: Door, who: tuple[str, str, str], known: Sequence[str], challenge: str) -> str:
    """What a browser is asked to make one from (JSON); `who` is id, handle and name."""
    person_id, handle, name = who
    options = webauthn.generate_registration_options(
        rp_id=door.host,
        rp_name="Recorder",
        user_id=person_id.encode(),
        user_name=handle,
        user_display_name=name,
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(webauthn.base64url_to_bytes(each)) for each in known
        ],
    )
    return webauthn.options_to_json(options)


def made(door: Door, answer: str, spend: Spend, name: str) -> Key:
    """The passkey that a browser made; NotAllowedError if its answer does not hold."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=_challenge(answer, spend),
            expected_rp_id=door.host,
            expected_origin=door.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotAllowedError("the passkey was not made: try again") from error
    key = _text(found.credential_public_key)
    return Key(_text(found.credential_id), key, found.sign_count, name)


def to_show(door: Door, challenge: str) -> str:
    """What a browser is asked to prove a passkey by (JSON): any that it has for us."""
    options = webauthn.generate_authentication_options(
        rp_id=door.host,
        challenge=challenge.encode(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def id_in(answer: str) -> str:
    """The id of the passkey that an answer is of; empty if it says none."""
    found = _read(answer).get("id")
    return found if isinstance(found, str) else ""


def shown(door: Door, answer: str, spend: Spend, key: Key) -> int:
    """How often the passkey was used by now; NotAllowedError if the answer does not prove it."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=_challenge(answer, spend),
            expected_rp_id=door.host,
            expected_origin=door.origin,
            credential_public_key=webauthn.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotAllowedError from error
    return found.new_sign_count


def _challenge(answer: str, spend: Spend) -> bytes:
    """The challenge that an answer was made for, spent; ValueError if it was not ours to spend."""
    response = _read(answer).get("response")
    client = json.loads(webauthn.base64url_to_bytes(response["clientDataJSON"])) if response else {}
    challenge = webauthn.base64url_to_bytes(str(client.get("challenge", "")))
    if not spend(challenge.decode("ascii", "replace")):
        raise ValueError("no challenge of ours")
    return challenge


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        return {}
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
