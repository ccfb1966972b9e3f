"""Where blobs may lie: in a folder of this machine, or in a bucket of an object store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place in an object store. Its repr tells no secret."""

    kind: Literal["s3", "azure"]
    name: str  # of the bucket; in Azure, of the container
    prefix: str  # what the keys of its objects begin with; may be empty
    endpoint: str  # the store's address
    region: str = ""  # of S3
    account: str = ""  # of Azure
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the names that S3 and Azure have for them. None: the identity that the platform gives
    this machine is asked for, at an address that only the platform answers."""


Location = Path | Bucket
