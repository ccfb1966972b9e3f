"""Where sealed blobs lie. The vault sees ciphertext only and cannot tell a voice from a drawing."""

from store.vault.bucket import BucketVault
from store.vault.local import VAULT_AWAY, LocalVault
from store.vault.location import Bucket, Location
from store.vault.model import Vault, new_id

__all__ = [
    "VAULT_AWAY",
    "Bucket",
    "BucketVault",
    "LocalVault",
    "Location",
    "Vault",
    "new_id",
    "open_vault",
]


def open_vault(location: Location) -> Vault:
    """The vault at `location`; a folder is made if it is not there."""
    return BucketVault(location) if isinstance(location, Bucket) else LocalVault(location)
