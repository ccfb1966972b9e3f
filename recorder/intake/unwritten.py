"""What the system can tell of a file that is not whole yet, whatever its size and times say.

Both answers are about an open file. Where a system or a drive cannot tell, the answer is no, and
lying still for long enough has to do.
"""

from __future__ import annotations

import errno
import os
import signal
import struct
import sys


def has_hole(fd: int) -> bool:
    """Whether a part of the file was reserved and never written.

    Programs that reserve a file's whole length leave this until they get there, and if they stop,
    for good. Every container whose index stands in front looks whole meanwhile.
    """
    if not hasattr(os, "SEEK_HOLE"):
        return False
    size = os.fstat(fd).st_size
    try:
        return os.lseek(fd, 0, os.SEEK_HOLE) < size or _is_reserved(fd, size)
    except OSError:  # the drive does not say, or the file has shrunk to nothing
        return False


if sys.platform == "linux":
    import fcntl

    _FIEMAP = 0xC020_660B  # ioctl(2): where a file lies on its disk
    _SYNC, _LAST, _UNWRITTEN = 0x1, 0x1, 0x800
    _HEAD, _EXTENT = struct.Struct("=QQIIII"), struct.Struct("=QQQ16xI12x")
    _AT_A_TIME = 256  # extents

    def _is_reserved(fd: int, size: int) -> bool:
        """Whether some of the file has a place on the disk, and nothing was ever written there.

        Somebody who has read that far has zeros of it in memory, and to lseek(2) it is no hole then.
        """
        start, last = 0, 0
        while start < size and not last:
            room = bytearray(_HEAD.size + _AT_A_TIME * _EXTENT.size)
            _HEAD.pack_into(room, 0, start, size - start, _SYNC, 0, _AT_A_TIME, 0)
            fcntl.ioctl(fd, _FIEMAP, room)
            count = _HEAD.unpack_from(room)[3]
            if not count:
                return False
            for number in range(count):
                at, _, length, flags = _EXTENT.unpack_from(room, _HEAD.size + number * _EXTENT.size)
                if flags & _UNWRITTEN:
                    return True
                start, last = at + length, flags & _LAST
        return False

    def is_being_written(fd: int) -> bool:
        """Whether a program on this machine has the file open for writing.

        To be asked of files on this machine's own disks only: on a share, a lease is refused for
        other reasons, too.
        """
        try:
            # Should somebody open it just now, the kernel tells us by a signal. Its own choice
            # would end this process; this one is ignored by every process that does not ask for it.
            fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            # Any other refusal is about us or the disk: a lease is the owner's to ask for.
            return error.errno == errno.EAGAIN
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False

else:

    def _is_reserved(fd: int, size: int) -> bool:  # noqa: ARG001 - as on Linux
        return False

    def is_being_written(fd: int) -> bool:  # noqa: ARG001 - as on Linux
        """Whether a program on this machine has the file open for writing: cannot be told here."""
        return False
