"""What entries say of a password's end and of the tries left: attributes rather than answers."""

from __future__ import annotations

import datetime
import time

from launcher.identity.directory.client import Entry, Line
from launcher.identity.directory.finding import EXPIRY_ATTRIBUTE, is_active_directory
from launcher.policy.settings import DirectorySettings

# A FILETIME counts 100 ns from 1601; these two of its values mean "must change" and "never" ([MS-ADTS] 3.1.1.4.5.36).
_EPOCH_1601_S = 11_644_473_600
_NEVER = frozenset({0, 0x7FFF_FFFF_FFFF_FFFF})


def expires_in_s(entry: Entry, now_s: float | None = None) -> float | None:
    """Seconds until the password ends, where Active Directory says so."""
    untrusted = _number(entry.text(EXPIRY_ATTRIBUTE))
    if untrusted is None or untrusted in _NEVER:
        return None
    return untrusted / 10_000_000 - _EPOCH_1601_S - (time.time() if now_s is None else now_s)


def tries_left(line: Line, entry: Entry, settings: DirectorySettings) -> int | None:
    """How many wrong passwords remain until the lock, where the bound account may read it. Blocks."""
    wait_s = settings.answer_s
    if is_active_directory(entry):
        # The domain's own entry is the part of the DN that names components: dc=force,dc=example.
        domain = entry.dn[entry.dn.lower().find("dc=") :]
        counted = _read(line, entry.dn, ["badPwdCount", "msDS-ResultantPSO"], wait_s)
        if counted is None or counted.text("msDS-ResultantPSO"):
            return None  # a policy of the officer's own, which ordinary accounts may not read
        rules = _read(line, domain, ["lockoutThreshold"], wait_s)
        return remaining(rules.text("lockoutThreshold") if rules else "", counted.text("badPwdCount"))
    counted = _read(line, entry.dn, ["pwdFailureTime", "pwdPolicySubentry"], wait_s)
    policy = counted.text("pwdPolicySubentry") if counted else ""
    rules = _read(line, policy, ["pwdMaxFailure", "pwdFailureCountInterval", "pwdLockout"], wait_s) if policy else None
    if counted is None or rules is None or rules.text("pwdLockout").upper() != "TRUE":
        return None
    failures = recent(counted.all("pwdFailureTime"), _number(rules.text("pwdFailureCountInterval")) or 0, time.time())
    return remaining(rules.text("pwdMaxFailure"), str(failures))


def remaining(untrusted_threshold: str, untrusted_count: str) -> int | None:
    """Threshold minus count; None where there is no threshold, or either is no number."""
    threshold, count = _number(untrusted_threshold), _number(untrusted_count)
    if not threshold or count is None:
        return None
    return max(0, threshold - count)


def recent(untrusted_times: tuple[bytes, ...], interval_s: int, now_s: float) -> int:
    """How many of the failures still count; an interval of 0 means all."""
    return sum(1 for untrusted in untrusted_times if not interval_s or now_s - _seconds(untrusted) < interval_s)


def _seconds(untrusted: bytes) -> float:
    try:
        stamp = datetime.datetime.strptime(untrusted[:14].decode(), "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return float("inf")  # not a time: it counts, which says one try too few rather than one too many
    return stamp.replace(tzinfo=datetime.UTC).timestamp()


def _read(line: Line, dn: str, attributes: list[str], wait_s: float) -> Entry | None:
    _, found = line.search(dn, "(objectClass=*)", attributes, wait_s, scope="BASE")
    return found[0] if found else None


def _number(untrusted: str) -> int | None:
    try:
        return int(untrusted)
    except ValueError:
        return None
