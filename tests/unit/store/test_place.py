"""Where a database's file is refused: on shares and in synced folders."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest

from store import place
from store.errors import PlaceError
from store.session import Database
from store.store import create

# Lines as Linux wrote them, on a laptop, a server with mounted shares, in virtual machines and
# containers. The second field but three is the kind; optional fields before the dash vary.
MOUNTS = {
    "22 27 0:21 / /proc rw,relatime - proc proc rw": ("proc", False),
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard": ("ext4", False),
    "61 27 0:45 / /home rw,relatime shared:31 - btrfs /dev/mapper/home rw,subvol=/home": (
        "btrfs",
        False,
    ),
    "702 701 0:58 / / rw,relatime master:216 propagate_from:2 - overlay overlay rw,lowerdir=/l": (
        "overlay",
        False,
    ),
    "88 27 8:17 / /media/stick rw,nosuid shared:40 - fuseblk /dev/sdb1 rw,user_id=0": (
        "fuseblk",
        False,
    ),
    "36 35 98:0 /mnt1 /mnt/two\\040words rw,noatime master:1 - xfs /dev/root rw": ("xfs", False),
    "111 27 0:52 / /mnt/nas rw,relatime shared:60 - nfs4 nas:/export rw,vers=4.2,hard": (
        "nfs4",
        True,
    ),
    "112 27 0:53 / /mnt/old rw,relatime - nfs nas:/old rw,vers=3,nolock": ("nfs", True),
    "113 27 0:54 / /mnt/team\\040files rw - cifs //files/team rw,vers=3.1.1,cache=strict": (
        "cifs",
        True,
    ),
    "114 27 0:55 / /mnt/smb rw - smb3 //files/team rw": ("smb3", True),
    "115 27 0:56 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000": (
        "9p",
        True,
    ),
    "116 27 0:57 / /mnt/share rw,relatime - virtiofs share rw": ("virtiofs", True),
    "117 27 0:59 / /home/a/remote rw,nosuid - fuse.sshfs a@host:/srv rw,user_id=1000": (
        "fuse.sshfs",
        True,
    ),
    "118 27 0:60 / /home/a/cloud rw,nosuid - fuse.rclone onedrive: rw,user_id=1000": (
        "fuse.rclone",
        True,
    ),
    "119 27 0:61 / /mnt/any rw - fuse something rw,user_id=0": ("fuse", True),
    "120 27 0:62 / /mnt/hgfs rw - fuse.vmhgfs-fuse vmhgfs-fuse rw": ("fuse.vmhgfs-fuse", True),
    "121 27 0:63 / /mnt/gluster rw - fuse.glusterfs host:/vol rw": ("fuse.glusterfs", True),
    "122 27 0:64 / /mnt/ceph rw,relatime - ceph 10.0.0.1:6789:/ rw,name=admin": ("ceph", True),
    "123 27 0:65 / /media/sf_x rw - vboxsf x rw": ("vboxsf", True),
    "124 27 0:66 / / rw,nodev - fuse.fuse-overlayfs fuse-overlayfs rw": (
        "fuse.fuse-overlayfs",
        False,
    ),
}


def test_the_kind_of_every_mount_is_read_and_judged() -> None:
    text = "\n".join(MOUNTS) + "\n"
    for line, (kind, share) in MOUNTS.items():
        assert place.kind_of_mount(text, int(line.split(maxsplit=1)[0])) == kind
        assert place.is_share(kind) == share, kind
    assert place.kind_of_mount(text, 99999) is None
    assert place.kind_of_mount("", 1) is None


def test_the_mount_of_a_folder_is_the_kernels_word(tmp_path: Path) -> None:
    own = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    assert place.kind_of_mount(own, place._mount_id(Path("/proc"))) == "proc"
    assert place.share_of(tmp_path) is None


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A folder with another file system mounted on it, and one over that."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root mounts file systems")
    folder = tmp_path / "mounted here"
    done = 0
    try:
        for size in ("1m", "2m"):
            folder.mkdir(exist_ok=True)
            made = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=False
            )
            if made.returncode != 0:
                pytest.skip("this machine lets nobody mount")
            done += 1
        yield folder
    finally:
        for _ in range(done):
            subprocess.run(["umount", folder], check=True)


def test_of_file_systems_mounted_over_each_other_the_upper_one_counts(
    mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mounted / "home").mkdir()
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    here = [line for line in lines if "mounted\\040here" in line]
    assert len(here) == 2
    assert place._mount_id(mounted / "home") == int(here[-1].split()[0])
    monkeypatch.setattr(place, "_SHARES", frozenset({"tmpfs"}))
    with pytest.raises(PlaceError, match=r"other machines share \(tmpfs\)"):
        place.check(mounted / "home" / "not there yet" / "recorder.db")


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - Wandsworth Council",
        "Dropbox",
        "Dropbox (Team)",
        "Nextcloud",
        "Nextcloud2",
        "ownCloud",
        "Google Drive",
        "GoogleDrive-a@b.example",
        "iCloud Drive",
        "iCloudDrive",
        "com~apple~CloudDocs",
        "SynologyDrive",
        "MEGAsync",
        "pCloudDrive",
    ],
)
def test_a_home_in_a_folder_that_a_sync_client_names_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "team" / "recorder"
    folder.mkdir(parents=True)
    with pytest.raises(PlaceError, match="sync client") as caught:
        place.check(folder / "recorder.db")
    assert name not in str(caught.value).replace("OneDrive, Dropbox, Nextcloud or Syncthing", "")


@pytest.mark.parametrize(
    "marker",
    [
        ".stfolder",
        ".dropbox",
        ".dropbox.cache",
        "._sync_0a1b2c3d4e5f.db",
        ".sync_0a1b2c3d4e5f.db",
        ".owncloudsync.log",
        ".tmp.driveupload",
        ".849C9593-D756-4E56-8D6E-42412F2A707B",
    ],
)
@pytest.mark.parametrize("depth", [0, 2])
def test_a_home_below_what_a_sync_client_keeps_is_refused(
    tmp_path: Path, marker: str, depth: int
) -> None:
    folder = tmp_path.joinpath("files", *["deeper"] * depth)
    folder.mkdir(parents=True)
    (tmp_path / "files" / marker).mkdir()
    with pytest.raises(PlaceError, match="sync client"):
        place.check(folder / "recorder.db")
    with pytest.raises(PlaceError):
        Database(f"sqlite:///{folder / 'recorder.db'}")


@pytest.mark.parametrize(
    "name", ["dropbox", "My OneDrive notes", "recorder", ".sync_log", "stfolder", "OneDriver"]
)
def test_a_folder_that_only_sounds_like_one_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    place.check(tmp_path / name / "recorder.db")


def test_a_synced_folder_beside_or_below_the_database_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "home" / "intake" / ".stfolder").mkdir(parents=True)
    (tmp_path / "OneDrive").mkdir()
    place.check(tmp_path / "home" / "recorder.db")


def test_a_link_into_a_synced_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "here").mkdir(parents=True)
    (tmp_path / "srv").symlink_to(tmp_path / "Dropbox" / "here")
    with pytest.raises(PlaceError):
        place.check(tmp_path / "srv" / "recorder.db")


def test_a_refused_home_leaves_no_keys_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "Nextcloud" / "recorder"
    with pytest.raises(PlaceError, match="Move the home"):
        create(f"sqlite:///{folder / 'recorder.db'}", folder / "vault", folder / "keys")
    assert not folder.exists()


def test_a_folder_above_that_nobody_may_list_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = os.scandir

    def scandir(path: Path) -> object:
        if path == tmp_path.parent:
            raise PermissionError
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    place.check(tmp_path / "recorder.db")


@pytest.mark.parametrize(
    ("tag", "cloud"),
    [
        (0x9000001A, True),  # IO_REPARSE_TAG_CLOUD
        (0x9000601A, True),  # ..._CLOUD_6, as OneDrive sets it
        (0x9000F01A, True),
        (0xA000000C, False),  # a symbolic link
        (0xA0000003, False),  # a junction
        (0, False),
    ],
)
def test_windows_marks_of_cloud_files_are_known(tag: int, cloud: bool) -> None:  # noqa: FBT001 - a table of cases
    assert place.is_cloud_tag(tag) == cloud


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\files\team\recorder", True),
        (r"\\?\UNC\files\team\recorder", True),
        (r"\\wsl.localhost\Debian\srv", True),
        (r"C:\Recorder", False),
        (r"\\?\C:\Recorder", False),
        (r"\\.\C:\Recorder", False),
    ],
)
def test_windows_paths_to_other_machines_are_known(path: str, share: bool) -> None:  # noqa: FBT001 - a table of cases
    assert place.is_on_windows_share(PureWindowsPath(path)) == share
