"""What an X display keeps of one person's copying and selecting, taken away before the next one comes.

A program that is gone holds no selection; one that lives on, such as a keeper of clipboards, does. The cut buffers are
the server's own and last for as long as it runs.
"""

from __future__ import annotations

from launcher.display.ports import Ours

SELECTIONS = ("PRIMARY", "SECONDARY", "CLIPBOARD")


def clear_clipboards(display_name: str, keeps: Ours) -> str:
    """Empty the cut buffers, and every selection but those of processes that ``keeps`` names; return why not, or "".

    Blocks; of a display that is gone nothing is left. May be called from any thread.
    """
    from launcher.display.x_server import DisplayGoneError, XServer  # late: a station shows its first screen before

    try:
        server = XServer(display_name)
    except DisplayGoneError as fault:
        return why_kept(fault)
    try:
        server.clear_cut_buffers()
        for name in SELECTIONS:
            owner = server.selection_owner(name)
            pid = server.pid_of(owner) if owner else None
            if owner and (pid is None or not keeps(pid)):
                server.clear_selection(name)
        server.sync()
    except DisplayGoneError as fault:
        return why_kept(fault)
    finally:
        server.close()
    return ""


def why_kept(fault: BaseException) -> str:
    """Return that a display did not answer in time: it may be there still, and what it keeps with it; else ""."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return "the display does not answer"
        cause = cause.__cause__ or cause.__context__
    return ""
