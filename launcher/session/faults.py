"""From an exception to what a person meets: one place, so that nothing else decides what may be shown."""

from __future__ import annotations

import logging

from launcher.errors import InternalFaultError, LauncherError
from launcher.session.snapshot import ErrorView

log = logging.getLogger(__name__)


def error_view(fault: BaseException) -> ErrorView:
    """Return the view of a fault; one that is not ours is logged with its traceback and shown as internal."""
    if isinstance(fault, BaseExceptionGroup):
        return error_view(fault.exceptions[0])
    if not isinstance(fault, LauncherError):
        # The type and place are logged, never the text: it may quote what somebody typed.
        log.error("internal fault", extra={"fault": type(fault).__name__, "place": place_of(fault)})
        fault = InternalFaultError("Something in the launcher went wrong.")
    return ErrorView(fault.reference, fault.message, fault.next_step, fault.retryable, fault.detail)


def place_of(fault: BaseException) -> str:
    """Return module and line where the fault arose, for the log."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
