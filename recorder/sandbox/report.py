"""What to tell an administrator about how files from outside are opened here."""

from __future__ import annotations

from recorder.sandbox.ladder import Confinement, Level

_KEPT = {
    Level.BUBBLEWRAP: "bubblewrap, in namespaces of its own",
    Level.NAMESPACES: "in namespaces of its own, without bubblewrap",
    Level.LIMITS: "by limits alone, without namespaces",
}
_INSTALL = "install bubblewrap, for example with 'apt-get install bubblewrap'"
_NOT_HERE = (
    "not closed off: this system has no sandbox that Recorder knows. Take files in here, but let "
    "a Linux machine open them"
)


def is_strong(confinement: Confinement) -> bool:
    """Say whether an administrator may leave it as it is."""
    inside = confinement.level in {Level.BUBBLEWRAP, Level.NAMESPACES}
    return inside and confinement.keeps_files and confinement.system_calls is not None


def described(confinement: Confinement) -> str:
    """How a child is closed off, what is missing, and what to do about it."""
    if confinement.level is Level.NONE:
        return _NOT_HERE
    said = [_KEPT[confinement.level]]
    if confinement.level is not Level.LIMITS or confinement.system_calls:
        said.append("no network")
    if confinement.keeps_files:
        said.append("no file but programs")
    else:
        said.append("files that this user may read can be read from inside")
    if confinement.system_calls is None:
        said.append("no filter on system calls: install libseccomp2")
    if confinement.level is not Level.BUBBLEWRAP:
        said.append(_INSTALL)
    return "; ".join(said)
