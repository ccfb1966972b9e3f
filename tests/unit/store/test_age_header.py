from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import age, bech32
from store.age.scrypt import MAX_WORK_FACTOR
from store.errors import HeaderError, MacError, NoMatchError

HYBRID = age.HybridIdentity(bytes(range(32)))
X25519 = age.X25519Identity(bytes(range(32)))
WORDS = age.Passphrase("four quiet green boats", 4)
OPENERS: list[age.Identity] = [HYBRID, X25519, WORDS]
SEALERS: list[age.Recipient] = [HYBRID.recipient, X25519.recipient, WORDS]
PAIRS = list(zip(SEALERS, OPENERS, strict=True))
KINDS: tuple[type[age.KeyIdentity], ...] = (age.HybridIdentity, age.X25519Identity)


@pytest.mark.parametrize(("sealer", "opener"), PAIRS)
def test_whom_a_key_is_sealed_to_opens_it(sealer: age.Recipient, opener: age.Identity) -> None:
    file_key, header = age.seal_key([sealer])
    assert age.open_key(header, [opener]) == file_key


@pytest.mark.parametrize(("sealer", "opener"), list(product(SEALERS, OPENERS)))
def test_nobody_else_opens_it(sealer: age.Recipient, opener: age.Identity) -> None:
    if (sealer, opener) in PAIRS:
        strangers: list[age.Identity] = [
            age.HybridIdentity.new(),
            age.X25519Identity.new(),
            age.Passphrase("other words"),
        ]
    else:
        strangers = [opener]
    _, header = age.seal_key([sealer])
    with pytest.raises(NoMatchError):
        age.open_key(header, strangers)


def test_a_new_identity_is_hybrid() -> None:
    assert isinstance(age.new_identity(), age.HybridIdentity)


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_for_two_opens_for_each(kind: type[age.KeyIdentity]) -> None:
    first, second = kind.new(), kind.new()
    file_key, header = age.seal_key([first.recipient, second.recipient])
    assert age.open_key(header, [first]) == age.open_key(header, [second]) == file_key


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [HYBRID.recipient, X25519.recipient],
        [HYBRID.recipient, WORDS],
        [X25519.recipient, WORDS],
        [WORDS, WORDS],
    ],
)
def test_a_mixture_that_would_weaken_a_header_is_not_written(
    recipients: list[age.Recipient],
) -> None:
    with pytest.raises(HeaderError):
        age.seal_key(recipients)


def test_a_passphrase_beside_another_recipient_is_not_read() -> None:
    ours = age.Header.parse(age.seal_key([X25519.recipient])[1])
    words = age.Header.parse(age.seal_key([WORDS])[1])
    mixed = age.Header((*ours.stanzas, *words.stanzas), ours.mac)
    with pytest.raises(HeaderError, match="alone"):
        age.open_key(mixed.encoded(), [X25519])


@pytest.mark.parametrize("factor", [0, MAX_WORK_FACTOR + 1])
def test_a_work_factor_out_of_bounds_is_not_written(factor: int) -> None:
    with pytest.raises(HeaderError):
        age.Passphrase("words", factor)


def test_a_work_factor_above_the_cap_is_refused_before_any_work() -> None:
    (stanza,) = age.Header.parse(age.seal_key([WORDS])[1]).stanzas
    costly = age.Stanza(stanza.kind, (stanza.arguments[0], b"21"), stanza.body)
    with pytest.raises(HeaderError, match="too high"):
        WORDS.unwrap(costly)


def test_a_stanza_of_an_unknown_kind_is_passed_by() -> None:
    file_key = bytes(16)
    ours = age.Header.parse(age.wrap_key(file_key, [HYBRID.recipient])).stanzas
    header = _resealed(file_key, (age.Stanza(b"later", (b"x", b"y!~"), bytes(100)), *ours))
    assert age.open_key(header, [HYBRID]) == file_key


def test_a_known_kind_of_the_wrong_shape_is_refused_whoever_reads() -> None:
    for kind in (b"X25519", b"mlkem768x25519", b"scrypt"):
        malformed = age.Header((age.Stanza(kind, (b"AAAA",), bytes(32)),), bytes(32))
        with pytest.raises(HeaderError):
            age.open_key(malformed.encoded(), [])


@pytest.mark.parametrize("sealer", SEALERS)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_one_flipped_bit_of_a_header_opens_nothing(sealer: age.Recipient, seed: int) -> None:
    _, header = age.seal_key([sealer])
    at, bit = seed % len(header), 1 << seed // len(header) % 8
    changed = bytearray(header)
    changed[at] ^= bit
    with pytest.raises((HeaderError, NoMatchError)):
        age.open_key(bytes(changed), OPENERS)


def test_an_altered_code_is_known_as_such() -> None:
    _, header = age.seal_key([X25519.recipient])
    parsed = age.Header.parse(header)
    with pytest.raises(MacError):
        age.open_key(age.Header(parsed.stanzas, bytes(32)).encoded(), [X25519])


def test_a_stanza_put_in_by_another_hand_is_found() -> None:
    _, header = age.seal_key([X25519.recipient])
    parsed = age.Header.parse(header)
    more = age.Header((*parsed.stanzas, age.Stanza(b"later", (), b"")), parsed.mac)
    with pytest.raises(MacError):
        age.open_key(more.encoded(), [X25519])


def test_every_truncation_of_a_header_is_refused() -> None:
    _, header = age.seal_key([HYBRID.recipient])
    for cut in range(len(header)):
        with pytest.raises(HeaderError):
            age.open_key(header[:cut], [HYBRID])


_printable = st.binary(min_size=1, max_size=40).map(lambda b: bytes(33 + c % 94 for c in b))
_unknown = _printable.filter(lambda kind: kind not in {b"X25519", b"mlkem768x25519", b"scrypt"})
_stanzas = st.builds(
    age.Stanza, _unknown, st.lists(_printable, max_size=3).map(tuple), st.binary(max_size=200)
)


@given(st.lists(_stanzas, min_size=1, max_size=4).map(tuple), st.binary(min_size=32, max_size=32))
@settings(deadline=None)
def test_what_encodes_parses_to_itself(stanzas: tuple[age.Stanza, ...], mac: bytes) -> None:
    header = age.Header(stanzas, mac)
    assert age.Header.parse(header.encoded()) == header


@given(st.integers(0, 10**9), st.binary(max_size=3))
@settings(max_examples=300, deadline=None)
def test_what_parses_encodes_to_the_same_bytes(seed: int, inserted: bytes) -> None:
    pick = random.Random(seed)
    header = age.seal_key([pick.choice(SEALERS[1:])])[1]
    at = pick.randrange(len(header))
    changed = header[:at] + inserted + header[at + pick.randrange(3) :]
    try:
        parsed = age.Header.parse(changed)
    except HeaderError:
        return
    assert parsed.encoded() == changed


_pieces = st.sampled_from(
    (
        *(b"age-encryption.org/v1", b"-> X25519 ", b"-> later a", b"---", b"--- ", b"\n", b"\r\n"),
        *(b" ", b"=", b"A" * 22, b"A" * 43, b"A" * 64, b"/+", b"\xff"),
    )
)


@given(st.lists(_pieces | st.binary(max_size=4), max_size=14).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_canonical_header_or_refused(data: bytes) -> None:
    for candidate in (data, b"age-encryption.org/v1\n" + data + b"\n"):
        try:
            parsed = age.Header.parse(candidate)
        except HeaderError:
            continue
        assert parsed.encoded() == candidate


def test_a_header_beyond_the_cap_is_refused() -> None:
    with pytest.raises(HeaderError, match="too large"):
        age.Header.parse(
            age.Header((age.Stanza(b"later", (), bytes(65_536)),), bytes(32)).encoded()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_keys_survive_being_written_down(kind: type[age.KeyIdentity]) -> None:
    identity = kind.new()
    assert age.read_identity(identity.encoded()) == identity
    assert age.read_recipient(str(identity.recipient)) == identity.recipient
    assert age.identity_from(kind.kind, identity.secret) == identity
    assert age.recipient_from(kind.kind, identity.recipient.public) == identity.recipient


@pytest.mark.parametrize("kind", KINDS)
@given(secret=st.binary(min_size=32, max_size=32), at=st.integers(0), to=st.integers(1, 31))
@settings(max_examples=40, deadline=None)
def test_one_wrong_letter_in_a_written_key_is_found(
    kind: type[age.KeyIdentity], secret: bytes, at: int, to: int
) -> None:
    identity = age.identity_from(kind.kind, secret)
    for read, text in (
        (age.read_identity, identity.encoded()),
        (age.read_recipient, str(identity.recipient)),
    ):
        start = text.rindex("1") + 1
        place = start + at % (len(text) - start)
        letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
        other = letters[(letters.index(text[place].lower()) + to) % 32]
        other = other.upper() if text.isupper() else other
        with pytest.raises(HeaderError):
            read(text[:place] + other + text[place + 1 :])


def test_a_hybrid_recipient_says_so() -> None:
    assert str(HYBRID.recipient).startswith("age1pq1")
    assert HYBRID.encoded().startswith("AGE-SECRET-KEY-PQ-1")
    assert str(X25519.recipient).startswith("age1")


@pytest.mark.parametrize(
    "text",
    [
        X25519.encoded().lower(),
        str(X25519.recipient),
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-pq-", bytes(33)).upper(),
        bech32.encode("age-secret-key-x-", bytes(32)).upper(),
    ],
)
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(HeaderError):
        age.read_identity(text)


@pytest.mark.parametrize(
    "text",
    [
        X25519.encoded(),
        str(X25519.recipient).upper(),
        bech32.encode("age", bytes(31)),
        bech32.encode("age1pq", bytes(32)),
    ],
)
def test_what_is_no_recipient_is_refused(text: str) -> None:
    with pytest.raises(HeaderError):
        age.read_recipient(text)


def test_an_unknown_kind_of_key_is_refused() -> None:
    with pytest.raises(HeaderError):
        age.identity_from("rsa", bytes(32))
    with pytest.raises(HeaderError):
        age.recipient_from("rsa", bytes(32))


def test_a_hybrid_recipient_that_is_no_public_key_seals_nothing() -> None:
    with pytest.raises(HeaderError):
        age.seal_key([age.HybridRecipient(b"\xff" * 1216)])


@pytest.mark.parametrize("opener", OPENERS)
def test_a_secret_does_not_show_in_a_repr(opener: age.Identity) -> None:
    shown = repr(opener)
    assert WORDS.words not in shown
    assert X25519.secret.hex() not in shown
    assert repr(X25519.secret) not in shown


def _resealed(file_key: bytes, stanzas: tuple[age.Stanza, ...]) -> bytes:
    """A header that authenticates, whatever its stanzas are."""

    class Written:
        post_quantum = True

        def wrap(self, _: bytes) -> age.Stanza:
            return next(rest)

    rest = iter(stanzas)
    return age.wrap_key(file_key, [Written() for _ in stanzas])


@pytest.mark.parametrize(
    "point", [bytes(32), b"\1" + bytes(31), (2**255 - 19).to_bytes(32, "little")]
)
def test_a_recipient_of_low_order_seals_nothing(point: bytes) -> None:
    """What is sealed to one could be opened by anybody."""
    mlkem = HYBRID.recipient.public[:-32]
    for recipient in (age.X25519Recipient(point), age.HybridRecipient(mlkem + point)):
        with pytest.raises(HeaderError):
            recipient.wrap(bytes(16))
