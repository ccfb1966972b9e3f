"""An OpenID Connect provider: where people are sent, and what is made of what they come back with.

The authorization code flow with PKCE, by Authlib. No token outlives the sign-in that it is for.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar
from urllib.parse import urlencode

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.discovery import get_well_known_url
from joserfc.jwk import KeySet

from recorder.signin import tokens
from recorder.signin.origins import origin_of
from recorder.signin.refusals import RefusedError, SilentError
from recorder.signin.tokens import ALGORITHMS, Identity, UnknownKeyError, Wanted
from recorder.signin.wire import Wire

METADATA_SECONDS, KEYS_SECONDS = 3600, 900
"""How long what a provider published is taken as it was: a key that it withdrew ends with the second."""

_AGAIN_SECONDS = 30  # between looks for a key that is not known: nobody makes us ask all the time
_LONGEST = 4096  # characters of a code
_OK, _BROKEN = 200, 500
_METHODS = ("client_secret_post", "client_secret_basic")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed with a provider, as it is set."""

    name: str  # on the button
    issuer: str
    client_id: str
    redirect: str  # exactly as it is registered there
    home: str  # where it sends people who signed out there, likewise registered
    secret: str = field(default="", repr=False)  # empty: PKCE alone
    origins: tuple[str, ...] = ()  # where it may be asked, beside the issuer's own
    subject: str = "sub"
    prompt: str = ""  # what it asks people for although they are signed in there
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """One sign-in on its way: what is ours of it, good once."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class _Metadata(msgspec.Struct, frozen=True):
    """What is read of a discovery document (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    authorization_response_iss_parameter_supported: bool = False


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, object]]


class Provider:
    """Asks one provider. SilentError where it does not answer; RefusedError for what does not hold."""

    def __init__(self, agreed: Agreed, wire: Wire | None = None) -> None:
        self.agreed = agreed
        self._origins = frozenset({origin_of(agreed.issuer), *agreed.origins} - {""})
        self._wire = wire or Wire(self._origins)
        self._lock = threading.Lock()
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.agreed.name

    def way(self, going: Going, *, email: bool = False) -> str:
        """Where somebody is sent to prove who they are; `email` asks for their address as well."""
        metadata = self._known()
        # `oid` is told to who asks for the profile alone.
        wanted = {"openid": True, "profile": self.agreed.subject != "sub", "email": email}
        with self._client(metadata) as client:
            found, _ = client.create_authorization_url(
                metadata.authorization_endpoint,
                state=going.state,
                code_verifier=going.verifier,
                nonce=going.nonce,
                scope=" ".join(scope for scope, asked in wanted.items() if asked),
                response_mode="query",
                prompt=self.agreed.prompt or None,
                acr_values=" ".join(self.agreed.acr) or None,
            )
        return str(found)

    def arrived(self, going: Going, said: Mapping[str, str]) -> Identity:
        """Who came back; `said` is the query that they came with, whose state was looked at."""
        metadata = self._known()
        # RFC 9207: an answer of another provider's must not be taken to this one's doors.
        named = said.get("iss")
        if named is None and metadata.authorization_response_iss_parameter_supported:
            raise RefusedError("iss")
        if named is not None and named != self.agreed.issuer:
            raise RefusedError("iss")
        if "error" in said:  # its words are another's: they are not passed on
            raise RefusedError("sent_back")
        code = said.get("code", "")
        if not 0 < len(code) <= _LONGEST:
            raise RefusedError("code")
        token, access = self._exchanged(metadata, code, going.verifier)
        return self._read(metadata, token, access, going.nonce)

    def leaving(self) -> str:
        """Where somebody can sign out there as well; empty where that is not known. Asks nothing."""
        with self._lock:
            known = self._metadata
        if known is None or not known[1].end_session_endpoint:
            return ""
        asked = {"client_id": self.agreed.client_id, "post_logout_redirect_uri": self.agreed.home}
        end = known[1].end_session_endpoint
        return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}"

    def look(self) -> int:
        """Ask for what it publishes; how many of its keys can be used."""
        return len(self._published(self._asked_metadata()).keys)

    # --- what it publishes --------------------------------------------------------------------

    def _known(self) -> _Metadata:
        with self._lock:
            known = self._metadata
        if known is not None and monotonic() < known[0] + METADATA_SECONDS:
            return known[1]
        return self._asked_metadata()

    def _asked_metadata(self) -> _Metadata:
        found = self._get(get_well_known_url(self.agreed.issuer, external=True), _Metadata)
        if found.issuer != self.agreed.issuer:
            raise RefusedError("issuer")
        asked = (found.token_endpoint, found.jwks_uri)
        shown = (found.authorization_endpoint, found.end_session_endpoint or self.agreed.issuer)
        if not all(origin_of(each) in self._origins for each in (*asked, *shown)):
            raise RefusedError("host")
        if not set(found.id_token_signing_alg_values_supported) & set(ALGORITHMS):
            raise RefusedError("algorithms")
        if "S256" not in found.code_challenge_methods_supported:
            raise RefusedError("pkce")
        with self._lock:
            self._metadata = (monotonic(), found)
        return found

    def _published(self, metadata: _Metadata, older: float = KEYS_SECONDS) -> KeySet:
        """Its keys, asked for anew where what is known is `older` than that (seconds)."""
        with self._lock:
            known = self._keys
        if known is not None and monotonic() < known[0] + older:
            return known[1]
        found = tokens.keys_in(msgspec.to_builtins(self._get(metadata.jwks_uri, _Keys)))
        with self._lock:
            self._keys = (monotonic(), found)
        return found

    def _get(self, url: str, kind: type[_T]) -> _T:
        with httpx2.Client(transport=self._wire, trust_env=False) as client:
            answer = client.get(url, headers={"Accept": "application/json"})
        if answer.status_code != _OK:  # a redirect is followed nowhere
            raise SilentError("status")
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise SilentError("nonsense") from error

    # --- what somebody came back with ---------------------------------------------------------

    def _exchanged(self, metadata: _Metadata, code: str, verifier: str) -> tuple[str, str]:
        """The ID token and the access token for a code."""
        try:
            with self._client(metadata) as client:
                found = client.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self.agreed.redirect,
                    code_verifier=verifier,
                )
        except OAuthError as error:
            raise RefusedError("code") from error
        except httpx2.HTTPStatusError as error:
            broken = error.response.status_code >= _BROKEN
            raise (SilentError if broken else RefusedError)("status") from error
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise SilentError("nonsense") from error
        token, access = found.get("id_token"), found.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access, str):
            raise RefusedError("token")
        return token, access

    def _read(self, metadata: _Metadata, token: str, access: str, nonce: str) -> Identity:
        agreed = self.agreed
        signs = set(metadata.id_token_signing_alg_values_supported)
        allowed = tuple(each for each in ALGORITHMS if each in signs)
        wanted = Wanted(
            agreed.issuer, agreed.client_id, agreed.subject, agreed.acr, agreed.amr, allowed
        )
        try:
            return tokens.read(token, self._published(metadata), wanted, nonce, access)
        except UnknownKeyError:
            pass  # it may have come since
        try:
            newer = self._published(metadata, _AGAIN_SECONDS)
            return tokens.read(token, newer, wanted, nonce, access)
        except UnknownKeyError as error:
            raise RefusedError("key") from error

    def _client(self, metadata: _Metadata) -> OAuth2Client:
        method = next(
            (e for e in _METHODS if e in metadata.token_endpoint_auth_methods_supported),
            _METHODS[-1],
        )
        return OAuth2Client(
            client_id=self.agreed.client_id,
            client_secret=self.agreed.secret or None,
            token_endpoint_auth_method=method if self.agreed.secret else "none",
            code_challenge_method="S256",
            redirect_uri=self.agreed.redirect,
            transport=self._wire,
            trust_env=False,
        )
