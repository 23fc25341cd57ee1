"""The audit as a SIEM takes it: JSON lines, CEF (ArcSight's Common Event Format 0), or CEF in syslog (RFC 5424)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Final, Literal

from launcher import __version__
from launcher.wire.hub.audit import AuditKind, AuditRow

Format = Literal["jsonl", "cef", "syslog"]

_SEVERITY: Final[dict[AuditKind, int]] = {
    "refused": 6, "quarantined": 9, "suspended": 7, "unsuspended": 6, "act": 5, "second": 5, "role-granted": 6,
    "hold": 5, "retired": 5, "restored": 8, "look-up": 3, "page": 3, "station-removed": 6,
    "officer-renamed": 6, "officer-groups": 6,
}  # fmt: skip
"""0 to 10, as CEF wants it; what is not named is 2."""
_ORDINARY: Final = 2

_LOG_AUDIT: Final = 13
"""RFC 5424's facility for an audit."""


def line_of(row: AuditRow, form: Format, host: str) -> str:
    """Return a row as one line, without its end; ``host``: the hub's name."""
    match form:
        case "jsonl":
            said = row.model_dump(mode="json") | {"details": json.loads(row.details or "{}")}
            return json.dumps(said, separators=(",", ":"))  # all of it ASCII: one line anywhere
        case "cef":
            return _cef(row)
        case "syslog":
            return _syslog(row, host)


def _cef(row: AuditRow) -> str:
    head = ("CEF:0", "Station Launcher", "hub", __version__, row.kind, _NAMES.get(row.kind, row.kind))
    severity = _SEVERITY.get(row.kind, _ORDINARY)
    said: tuple[tuple[str, str], ...] = (
        ("rt", str(round(row.at * 1000))), ("start", str(round(row.happened * 1000))), ("externalId", str(row.seq)),
        ("suid", row.actor), ("suser", row.actor_name), ("duid", row.subject), ("shost", row.terminal),
        ("deviceExternalId", row.station), ("reason", row.reason), *_labelled(1, "reference", row.reference),
        *_labelled(2, "details", row.details), *_labelled(3, "chain", row.hash),
    )  # fmt: skip
    fields = " ".join(f"{name}={_in_extension(value)}" for name, value in said if value)
    return "|".join((head[0], *(_in_head(part) for part in head[1:]), str(severity), fields))


def _labelled(number: int, label: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return one of CEF's own string fields, for what it has no name for."""
    return ((f"cs{number}Label", label), (f"cs{number}", value)) if value else ()


def _syslog(row: AuditRow, host: str) -> str:
    # The severity of syslog: 4 warning for what CEF calls 6 and more, 6 informational for the rest.
    level = 4 if _SEVERITY.get(row.kind, _ORDINARY) >= 6 else 6
    at = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"<{_LOG_AUDIT * 8 + level}>1 {at} {_printable(host)} station-launcher-hub - {row.kind} - {_cef(row)}"


def _in_head(value: str) -> str:
    return _one_line(value).replace("\\", "\\\\").replace("|", "\\|")


def _in_extension(value: str) -> str:
    return _one_line(value).replace("\\", "\\\\").replace("=", "\\=")


def _one_line(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+", " ", value)


def _printable(host: str) -> str:
    return re.sub(r"[^\x21-\x7e]", "-", host)[:255] or "-"


_NAMES: Final[dict[AuditKind, str]] = {
    "sign-in": "Officer logged on", "sign-in-ended": "Officer's session ended", "opened": "Marked system opened",
    "look-up": "Somebody was looked up", "page": "An officer's page was read", "verified": "Caller verified",
    "act": "Helpdesk acted", "second": "Second person answered", "answered": "Terminal answered",
    "role-granted": "Role granted", "role-ended": "Role ended", "role-used": "Role used", "notice": "Notice changed",
    "notice-acknowledged": "Notice acknowledged", "suspended": "Officer suspended",
    "unsuspended": "Officer no longer suspended", "enrolled": "Terminal enrolled",
    "code-made": "Enrolment code made", "quarantined": "Terminal quarantined",
    "vouched": "Terminal vouched for an officer", "told": "Officer told the helpdesk", "refused": "Refused",
    "hold": "Legal hold changed", "retired": "Contents retired", "started": "Hub started", "restored": "Store restored",
    "audit-read": "Audit read", "bring": "Systems brought to another terminal",
    "station-removed": "Terminal removed", "officer-renamed": "Officer's name to log on with changed",
    "officer-groups": "What terminals told of an officer's groups taken back",
}  # fmt: skip
