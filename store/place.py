"""Where a SQLite file must not lie: on a share of other machines, or in a folder that is synced.

Its pages and its write-ahead log belong together, and its locks hold on one machine only. A share's
locks are not to be relied on, and a sync client copies the files one by one, puts older ones back
and keeps "conflicted copies": either ends in a database that is torn or has lost what was committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from store.errors import PlaceError

# As /proc/self/mountinfo names them. A virtual machine's or a container's shared folder (9p,
# virtiofs, vboxsf, vmhgfs) is one, too: the files lie on another machine.
_SHARES = frozenset(
    "nfs nfs4 cifs smb smb2 smb3 smbfs ncpfs ncp afs coda davfs 9p virtiofs vboxsf vmhgfs prl_fs "
    "ceph glusterfs lustre beegfs gpfs gfs2 ocfs2 orangefs pvfs2 acfs".split()
)
# FUSE is how sshfs, rclone and most clouds come in. These two are known to be local disks.
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs"})

_NAMES = re.compile(
    r"OneDrive(Temp| - .+)?|Dropbox( \(.+\))?|Nextcloud\d*|ownCloud|Seafile|SeaDrive|MEGA(sync)?"
    r"|Google ?Drive(-.+)?|iCloud ?Drive|com~apple~CloudDocs|CloudStorage|Mobile Documents"
    r"|Box Sync|pCloud ?Drive|Proton Drive|Synology ?Drive|Resilio Sync|Insync"
)
"""What sync clients call their folder, whole names."""
_MARKERS = re.compile(
    r"\.stfolder|\.dropbox(\.cache)?|\._?sync_[0-9a-f]{12}\.db|\.owncloudsync\.log"
    r"|\.nextcloudsync\.log|\.tmp\.drive(up|down)load|\.849C9593-D756-4E56-8D6E-42412F2A707B"
)
"""What they keep in it: Syncthing, Dropbox, Nextcloud and ownCloud, Google Drive, OneDrive."""
_CLOUD_TAG = 0x9000001A  # Windows' mark on what a sync client owns, whatever the folder's name
_CLOUD_MASK = 0xFFFF0FFF
_ADVICE = (
    "Move the home to a folder of this machine's own disk; only the intake folder and the "
    "checkpoints may lie there"
)


def check(file: Path) -> None:
    """PlaceError if a SQLite file must not lie at `file`; neither it nor its folder need exist.

    A cloud's folder is told by its name or by what its client keeps there: one that does neither
    is not found.
    """
    folder = file.absolute().parent.resolve()
    share = share_of(_standing(folder))
    if share is not None:
        raise PlaceError(
            f"the database would lie on a file system that other machines share ({share}), where "
            f"SQLite's locks do not hold and its file is corrupted sooner or later. {_ADVICE}"
        )
    if is_synced(folder):
        raise PlaceError(
            "the database would lie in a folder that a sync client copies (such as OneDrive, "
            "Dropbox, Nextcloud or Syncthing), which corrupts a SQLite file sooner or later. "
            f"{_ADVICE}"
        )


def share_of(folder: Path) -> str | None:
    """The kind of share that an existing folder lies on; None for one of our own disks.

    Linux and Windows are asked. Elsewhere there is no plain way to, and the answer is None.
    """
    if os.name == "nt":
        return "a network drive" if is_on_windows_share(PureWindowsPath(folder)) else None
    if not Path("/proc/self/mountinfo").exists():
        return None
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    kind = kind_of_mount(mounts, _mount_id(folder))
    return kind if kind is not None and is_share(kind) else None


def is_on_windows_share(folder: PureWindowsPath) -> bool:
    """Whether a resolved Windows path leads to another machine: mapped drives are resolved, too."""
    named = str(folder)
    return named.startswith("\\\\") and (
        not named.startswith(("\\\\?\\", "\\\\.\\")) or named.startswith("\\\\?\\UNC\\")
    )


def is_share(kind: str) -> bool:
    """Whether a file system of this kind lies, or may lie, on another machine."""
    if kind in _LOCAL_FUSE:
        return False
    return kind in _SHARES or kind == "fuse" or kind.startswith("fuse.")


def kind_of_mount(mounts: str, mount_id: int) -> str | None:
    """The kind of file system of a mount in the text of a mountinfo file (proc(5))."""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if fields[0] == str(mount_id):
            return fields[fields.index("-", 6) + 1]
    return None


def is_synced(folder: Path) -> bool:
    """Whether a resolved folder, or one that it lies in, is a sync client's; it need not exist."""
    return any(_is_marked(each) for each in (folder, *folder.parents))


def is_cloud_tag(tag: int) -> bool:
    """Whether a Windows reparse tag is that of a sync client's folder or file."""
    return tag & _CLOUD_MASK == _CLOUD_TAG


def _is_marked(folder: Path) -> bool:
    if _NAMES.fullmatch(folder.name):
        return True
    if not folder.is_dir():
        return False
    if is_cloud_tag(getattr(folder.lstat(), "st_reparse_tag", 0)):
        return True
    return any(_MARKERS.fullmatch(name) for name in _names_in(folder))


def _names_in(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield entry.name
    except PermissionError:
        return  # somebody else's folder above ours: what it holds cannot be told


def _standing(folder: Path) -> Path:
    """The nearest folder that exists: there a new one will be made."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _mount_id(folder: Path) -> int:
    """Which mount a folder is on: the kernel's word, whatever is mounted over whatever."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        text = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii")
    finally:
        os.close(descriptor)
    (found,) = re.findall(r"^mnt_id:\s*(\d+)$", text, re.MULTILINE)
    return int(found)
