"""What files sentences may be missing on a machine: that is the machine's fault, and is said so."""

from datetime import UTC, datetime

import pytest

from recorder.errors import ModelError
from recorder.filing import filed, try_out
from recorder.retrying import Fault, fault_of
from templates import note_type
from transcribe.draft import embedding, from_script
from transcribe.draft.labels import MODELS

SAID = from_script("I met Jordan at school today. He looked tired.")
AT = datetime(2026, 11, 5, 16, tzinfo=UTC)


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_PACKAGE", "no_such_package_here")
    embedding._session.cache_clear()


@pytest.mark.usefixtures("missing")
def test_missing_weights_are_a_fault_of_the_machine_in_one_plain_sentence() -> None:
    with pytest.raises(ModelError) as refused:
        filed(SAID, note_type("case_note"), (), AT)
    assert "kept safe" in refused.value.sentence
    assert "make setup" in refused.value.sentence
    assert fault_of(refused.value) is Fault.MACHINE  # the recording waits, however long


@pytest.mark.usefixtures("missing")
def test_the_doctor_finds_missing_weights() -> None:
    with pytest.raises(ModelError):
        try_out()


def test_a_draft_says_what_filed_it() -> None:
    assert filed(SAID, note_type("case_note"), (), AT).models == MODELS
