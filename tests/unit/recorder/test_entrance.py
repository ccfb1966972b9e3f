"""How people come in, as it is set: what is refused before anybody is asked, and what a command does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from recorder.commands.people import people
from recorder.config import FILE, Settings
from recorder.entrance import address_of, host_of, require_agreed
from recorder.errors import ConfigError, UsageError
from recorder.home import Home, create_home, open_home
from recorder.identity import accounts_of, looked_at, provider_of
from recorder.signin.accounts import PROVIDER
from recorder.signin.bindings import BY_EMAIL
from store.people import Member
from tests.identity import CLIENT, SHARED, Idp, provider_here

TENANT = "https://login.example/tenant/v2.0"
GIVEN: dict[str, Any] = {"oidc_issuer": TENANT, "oidc_client_id": CLIENT}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    create_home(tmp_path / "home").close()
    with (tmp_path / "home" / FILE).open("a", encoding="utf-8") as file:
        file.write(f'\noidc_issuer = "{TENANT}"\noidc_client_id = "{CLIENT}"\n')
        file.write('address = "https://recorder.example.gov.uk"\n')
    made = open_home(tmp_path / "home")
    for handle, role in (("amara", "practitioner"), ("ruth", "supervisor")):
        made.store.people.add(Member("", role, handle, handle.title(), None), "test")
    yield made
    made.close()


def say(home: Home, *words: str) -> Result:
    return CliRunner().invoke(people, [*words, "--home", str(home.folder)])


def kinds(home: Home, handle: str) -> list[str]:
    person = home.store.people.by_handle(handle)
    return [each.kind for each in home.store.credentials.of(person.id)]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"sign_in": "provider"}, "'oidc_issuer'"),
        ({"oidc_issuer": TENANT}, "'oidc_client_id'"),
        (GIVEN | {"oidc_issuer": "http://login.example"}, "looks like https"),
        (GIVEN | {"oidc_issuer": f"{TENANT}?x=1"}, "looks like https"),
        (GIVEN | {"sign_in": "link"}, "set 'sign_in'"),
        (GIVEN | {"oidc_hosts": ("x y",)}, "'oidc_hosts'"),
        ({"address": "recorder.example"}, "'address'"),
        ({"address": "http://recorder.example"}, "'address'"),
        ({"address": "https://recorder.example/below"}, "'address'"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        require_agreed(Settings(**given))


def test_where_the_pages_are_reached_is_what_is_set_or_where_they_are_served() -> None:
    assert address_of(Settings(), 8401) == "http://127.0.0.1:8401"
    there = Settings(address="https://recorder.example.gov.uk/")
    assert (address_of(there, 8401), host_of(there)) == (
        "https://recorder.example.gov.uk",
        "recorder.example.gov.uk",
    )


def test_the_secret_comes_from_a_file_that_is_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "oidc.secret"
    settings = Settings(**GIVEN, oidc_secret_file=file)
    with pytest.raises(ConfigError, match="is not there"):
        provider_of(settings)
    file.write_text(f"{SHARED}\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="mode 0600"):
        provider_of(settings)
    file.chmod(0o600)
    found = provider_of(settings, 8401)
    assert found is not None
    assert found.agreed.secret == SHARED
    assert found.agreed.redirect == "http://127.0.0.1:8401/sign-in/provider/back"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="is empty"):
        provider_of(settings)
    assert provider_of(Settings()) is None


def test_the_doctor_says_what_is_wrong_with_a_provider() -> None:
    def settings(idp: Idp) -> Settings:
        return Settings(oidc_issuer=idp.issuer, oidc_client_id=CLIENT)

    assert looked_at(Settings()).startswith("none is set")
    with provider_here() as idp:
        assert "with 1 keys" in looked_at(settings(idp))
        idp.metadata["jwks_uri"] = "https://elsewhere.example/keys"
        with pytest.raises(ConfigError, match="'oidc_hosts'"):
            looked_at(settings(idp))
        idp.metadata["issuer"] = "https://login.example/{tenantid}/v2.0"
        with pytest.raises(ConfigError, match="your own tenant"):
            looked_at(settings(idp))
    with pytest.raises(ConfigError, match="gives no answer"):
        looked_at(settings(idp))


def test_an_administrator_joins_an_account_and_takes_it_away(home: Home) -> None:
    assert say(home, "bind", "amara", "--subject", "0000-1111").exit_code == 0
    assert kinds(home, "amara") == [PROVIDER]
    again = say(home, "bind", "ruth", "--subject", "0000-1111")
    assert isinstance(again.exception, UsageError)
    assert "somebody else" in str(again.exception)
    refused = say(home, "link", "amara")
    assert "they have an account" in str(refused.exception)
    assert say(home, "unbind", "amara").exit_code == 0
    assert kinds(home, "amara") == []
    assert isinstance(say(home, "unbind", "amara").exception, UsageError)
    assert "https://recorder.example.gov.uk/sign-in#" in say(home, "link", "amara").output
    actions = [each.action for each in home.store.audit.events()]
    assert {"provider added", "provider removed"} <= set(actions)


def test_an_address_is_waited_for_and_is_no_way_in_by_itself(home: Home) -> None:
    assert say(home, "bind", "amara", "--email", "amara@council.example").exit_code == 0
    assert kinds(home, "amara") == [BY_EMAIL]
    amara = home.store.people.by_handle("amara")
    assert not accounts_of(home.settings, home.store).has_one(amara)
    taken = say(home, "bind", "ruth", "--email", "AMARA@council.example")
    assert "expected for somebody else" in str(taken.exception)
    assert say(home, "bind", "amara", "--subject", "0000-1111").exit_code == 0
    assert kinds(home, "amara") == [PROVIDER]
    assert say(home, "bind", "ruth", "--email", "x@council.example", "--days", "31").exit_code != 0
    for words in (["ruth"], ["ruth", "--subject", "a", "--email", "b"], ["ruth", "--subject", ""]):
        assert isinstance(say(home, "bind", *words).exception, UsageError)


def test_a_young_person_and_who_has_left_join_nothing(home: Home) -> None:
    home.store.people.leave(home.store.people.by_handle("ruth").id, "test")
    refused = say(home, "bind", "ruth", "--subject", "0000-1111")
    assert "Only staff who are here" in str(refused.exception)
