"""Where sealed blobs lie. The vault sees ciphertext only and cannot tell a voice from a drawing."""

from store.vault.local import LocalVault
from store.vault.model import Vault, new_id

__all__ = ["LocalVault", "Vault", "new_id"]
