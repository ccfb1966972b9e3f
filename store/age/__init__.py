"""The age v1 file format (C2SP `age.md`), on pyca/cryptography alone.

Layout and keys only; where bytes live is the vault's business. A header and a payload are kept
apart: the header in the record's row, the payload in the vault. Put together they are a plain
`.age` file that the `age` program opens. The parser refuses whatever the writer would not write.

    file = header + payload         header.py, one stanza a recipient, and stream.py
    recipients and identities       hybrid.py (the default), x25519.py, scrypt.py
    whole files, armoured or not    file.py, armour.py
"""

from store.age.armour import Armoured
from store.age.file import check_file, open_file, seal_file
from store.age.header import Header, open_key, seal_key, wrap_key
from store.age.hybrid import HybridIdentity, HybridRecipient
from store.age.keys import (
    KEY_KINDS,
    KeyIdentity,
    KeyRecipient,
    identity_from,
    new_identity,
    read_identity,
    read_recipient,
    recipient_from,
)
from store.age.scrypt import Passphrase
from store.age.stanza import Identity, Recipient, Stanza
from store.age.stream import CHUNK, NONCE_SIZE, ReadAt, Reader, encrypt
from store.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "CHUNK",
    "KEY_KINDS",
    "NONCE_SIZE",
    "Armoured",
    "Header",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "KeyIdentity",
    "KeyRecipient",
    "Passphrase",
    "ReadAt",
    "Reader",
    "Recipient",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "check_file",
    "encrypt",
    "identity_from",
    "new_identity",
    "open_file",
    "open_key",
    "read_identity",
    "read_recipient",
    "recipient_from",
    "seal_file",
    "seal_key",
    "wrap_key",
]
