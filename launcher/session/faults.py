"""From an exception to what a person meets: one place, so that nothing else decides what may be shown."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from launcher.errors import InternalFaultError, LauncherError
from launcher.session.snapshot import ErrorView

log = logging.getLogger(__name__)


def error_view(fault: BaseException) -> ErrorView:
    """Return the view of a fault; one that is not ours is logged with its place and shown as internal."""
    if isinstance(fault, BaseExceptionGroup):
        return error_view(fault.exceptions[0])
    if not isinstance(fault, LauncherError):
        log_fault("internal fault", fault)
        fault = InternalFaultError("Something in the launcher went wrong.")
    return ErrorView(fault.reference, fault.message, fault.next_step, fault.retryable, fault.detail)


def place_of(fault: BaseException) -> str:
    """Return module and line where the fault arose, for the log."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"


def log_fault(what: str, fault: BaseException) -> None:
    """Log the kind and the place of a fault; its text and traceback may quote what somebody typed."""
    # In the message: a session's log is its error output, which leaves out whatever else a record holds.
    log.error("%s: %s at %s", what, type(fault).__name__, place_of(fault))


async def contained(work: Awaitable[None]) -> None:
    """Keep a fault of one task from ending the others; what a person must know of it is shown by the task itself."""
    try:
        await work
    except Exception as fault:
        log_fault("a task of the session failed", fault)
