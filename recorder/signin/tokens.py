"""ID tokens (OpenID Connect Core 3.1.3.7): who a provider says came, and whether it was that provider.

Signatures and keys by joserfc, claims by Authlib.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from recorder.signin.refusals import RefusedError

ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""Signatures by a key that only the provider has. One that both sides know proves nothing: none is taken."""

LEEWAY = 60  # seconds by which clocks may differ
AGE = 600  # seconds since a token was made: nobody types that long

_KEYS: dict[str, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_SECRET_PARTS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_CLAIMS = {"iss", "aud", "azp", "nonce", "iat", "nbf", "at_hash"}  # that a log may name
_LEAST_BITS = 2048
_LONGEST = 255  # characters of a subject, as the standard has it
_LONGEST_EMAIL = 320


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an ID token must say."""

    issuer: str
    client_id: str
    subject: str  # the claim that names a person for ever: sub, or Entra's oid
    acr: tuple[str, ...]  # one of these; empty: any
    amr: tuple[str, ...]  # all of these
    algorithms: tuple[str, ...] = ALGORITHMS


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, as a provider knows them."""

    subject: str
    email: str | None = None  # only one that it says it has verified


class UnknownKeyError(Exception):
    """Signed by a key that we do not know yet."""


def keys_in(published: object) -> KeySet:
    """The keys that may sign, of a provider's JWK set. What cannot be used is left out."""
    found = published.get("keys") if isinstance(published, dict) else None
    said = found if isinstance(found, list) else []
    keys = [_key(each) for each in said if isinstance(each, dict)]
    return KeySet([each for each in keys if each is not None])


def read(token: str, keys: KeySet, wanted: Wanted, nonce: str, access_token: str) -> Identity:
    """Who came. RefusedError; UnknownKeyError where the provider's keys should be asked for anew."""
    registry = JWSRegistry(algorithms=wanted.algorithms, strict_check_header=False)
    try:
        found = jwt.decode(token, keys, registry=registry)
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise RefusedError("signature") from error
    if str(found.header.get("typ", "JWT")).upper() != "JWT":  # an access token, or of a sign-out
        raise RefusedError("type")
    claims = found.claims
    _check(found, wanted, nonce, access_token)
    _check_how(claims, wanted)
    subject = claims.get(wanted.subject)
    if (
        not isinstance(subject, str)
        or not 0 < len(subject) <= _LONGEST
        or not subject.isprintable()
    ):
        raise RefusedError("subject")
    return Identity(subject, _email(claims))


def _check(found: jwt.Token, wanted: Wanted, nonce: str, access_token: str) -> None:
    """Whose it is, for whom, for which sign-in, and when."""
    options = {
        "iss": {"essential": True, "value": wanted.issuer},
        "aud": {"essential": True, "value": wanted.client_id},
    }
    params = {"nonce": nonce, "client_id": wanted.client_id, "access_token": access_token}
    now = int(time.time())
    try:
        CodeIDToken(found.claims, found.header, options, params).validate(now, LEEWAY)
    except ExpiredTokenError as error:
        raise RefusedError("expired") from error
    except InvalidClaimError as error:
        raise RefusedError(error.claim if error.claim in _CLAIMS else "claims") from error
    except (JoseError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise RefusedError("claims") from error
    if found.claims["aud"] not in (wanted.client_id, [wanted.client_id]):
        raise RefusedError("aud")  # made for others as well
    if found.claims["iat"] < now - AGE - LEEWAY:
        raise RefusedError("old")


def _check_how(claims: Mapping[str, Any], wanted: Wanted) -> None:
    """Whether they proved themselves as strongly as the settings ask."""
    said = [claims.get("acr"), *_texts(claims.get("acrs"))]  # the second is Entra's
    if wanted.acr and not any(each in said for each in wanted.acr):
        raise RefusedError("acr")
    if not set(wanted.amr) <= set(_texts(claims.get("amr"))):
        raise RefusedError("amr")


def _email(claims: Mapping[str, Any]) -> str | None:
    email = claims.get("email")
    fits = isinstance(email, str) and 0 < len(email) <= _LONGEST_EMAIL and email.isprintable()
    return email if fits and claims.get("email_verified") is True else None


def _texts(value: object) -> Collection[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _key(said: Mapping[str, Any]) -> RSAKey | ECKey | None:
    kind = _KEYS.get(str(said.get("kty")))
    if kind is None or said.get("use", "sig") != "sig" or _SECRET_PARTS & said.keys():
        return None
    # Looked at first: the library warns of a weak one, and takes it.
    if kind is RSAKey and len(str(said.get("n"))) * 6 < _LEAST_BITS:
        return None
    try:
        return kind.import_key(dict(said))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
