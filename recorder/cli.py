"""The command line: the one place where errors become words and exit codes."""

from __future__ import annotations

import importlib
import logging
import signal
import sys
import traceback
from types import FrameType
from typing import Never

import click

from recorder.config import keep_memory_together, keep_to_ourselves
from recorder.logs import to_stderr
from recorder.usage import sentence

# name -> (module, one line of help). A command's module is imported only when it is called, so
# that `recorder --help` answers at once.
_COMMANDS = {
    "init": ("home", "Make a new home for recordings and notes."),
    "doctor": ("home", "Check every dependency, permission and key, and say what to do."),
    "status": ("home", "Show what is on its way, waiting, or needs attention."),
    "run": ("serve", "Watch the intake folder, draft notes and serve the pages."),
    "receive": ("receive", "Watch the intake folder without the root key."),
    "journal": ("journal", "List every file seen in the intake folder, and try one again."),
    "arrivals": ("arrivals", "List files taken in without the root key; give or refuse them."),
    "demo": ("demo", "Show the whole path on a sample, with a fictional team."),
    "worker": ("worker", "Work for a scheduler on another machine."),
    "work": ("work", "See, pause, cancel and retry the work on recordings."),
    "process": ("process", "Turn recordings into a note, here and now."),
    "draft": ("draft", "Draft a note from a written script."),
    "models": ("models", "List, bring in and check speech models."),
    "cases": ("cases", "Add, list, share, restrict and hold cases."),
    "people": ("people", "Add and list people, and make sign-in links."),
    "teams": ("teams", "Make teams: who sees whose work."),
    "notes": ("notes", "List, find, show, submit, approve and return notes."),
    "recipient": ("recipient", "Print the public key that laptops seal recordings to."),
    "export": ("export", "Write approved notes as a pack for Mosaic."),
    "retention": ("retention", "Show what goes by rule and when, and erase what is due."),
    "access-pack": ("access", "Write everything that is held about a young person, to hand over."),
    "erase": ("erase", "Erase a case or a recording for good."),
    "backup": ("backup", "Make a sealed backup, or try one out."),
    "restore": ("backup", "Make a new home from a backup."),
    "keys": ("keys", "Wrap, recover and rotate the root key."),
    "audit": ("audit", "Check the audit log."),
    "vault": ("vault", "Check sealed recordings, and take one out."),
    "database": ("database", "Upgrade the database, and look after one on PostgreSQL."),
}


class _Commands(click.Group):
    """Commands by name, loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"recorder.commands.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="recorder")
def cli() -> None:
    """Recorder: from a voice note in a folder to a reviewed note ready for Mosaic."""


def main() -> None:
    """Run one command; every error is one line and an exit code."""
    to_stderr(logging.WARNING)
    keep_to_ourselves()
    keep_memory_together()
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(_run())


def _run() -> int:
    try:
        result = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        return _say("stopped", 130)
    except click.ClickException as error:
        return _show_how(error)
    except KeyboardInterrupt:
        return _say("stopped", 130)
    except Exception as error:  # noqa: BLE001 - the outermost edge
        return _explain(error)
    return result if isinstance(result, int) else 0


def _terminated(number: int, _frame: FrameType | None) -> Never:
    """Being told to end unwinds like an error, so that a temporary home does not stay behind."""
    sys.exit(128 + number)


def _show_how(error: click.ClickException) -> int:
    """A command that was not typed as it should be."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = "recorder" if context is None else context.command_path
    return _say(f"{sentence(error)} See '{where} --help'.", 2)


def _explain(error: Exception) -> int:
    from recorder.errors import RecorderError  # noqa: PLC0415 - keeps --help fast
    from store.errors import StoreError  # noqa: PLC0415

    if isinstance(error, RecorderError):
        return _say(error.sentence, error.exit_code)
    if isinstance(error, StoreError):
        return _say(f"{error}. Run 'recorder doctor' to see what needs doing", 1)
    if isinstance(error, OSError):
        # Its own text names the path, which may lie in the intake folder.
        why = error.strerror or "no reason was given"
        return _say(f"a file or folder cannot be used ({why}): check where it is and its rights", 1)
    # The class and the place only: an unforeseen exception's text may hold content.
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 2)[-1]}:{frames[-1].lineno}" if frames else "start"
    return _say(f"something unforeseen went wrong ({type(error).__name__} at {where})", 70)


def _say(sentence: str, code: int) -> int:
    click.echo(f"recorder: {sentence}", err=True)
    return code
