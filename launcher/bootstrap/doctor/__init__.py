"""``doctor``: checks this computer and says a next step for each finding; exit status 1 when there is any."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack

from launcher.bootstrap.doctor.certificates import certificate_findings
from launcher.bootstrap.doctor.clock import clock_findings
from launcher.bootstrap.doctor.finding import Finding
from launcher.bootstrap.doctor.hub import hub_findings
from launcher.bootstrap.doctor.kerberos import kerberos_findings
from launcher.bootstrap.doctor.kiosk import kiosk_findings
from launcher.bootstrap.doctor.managed import managed_findings
from launcher.bootstrap.doctor.memory import memory_findings
from launcher.bootstrap.doctor.proxy import proxy_findings
from launcher.bootstrap.doctor.reach import reach_findings
from launcher.bootstrap.doctor.screen import screen_findings
from launcher.bootstrap.doctor.station import state_folder, station_findings
from launcher.bootstrap.doctor.terminals import terminal_findings
from launcher.bootstrap.doctor.trust import trust_findings
from launcher.bootstrap.road import one_look
from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.policy.federation_settings import FederatedSettings

__all__ = ["Finding", "run_doctor"]


_AFTER = "Then run doctor again: catalogue, lock, CA trust, directory and provider are looked at by what stands in it."


def run_doctor(where: Where, *, as_json: bool = False) -> int:
    """Make every check, print each as it is made, and sum up; or print all as data."""
    findings: list[Finding] = []
    for finding in _all(where):
        findings.append(finding)
        if as_json:
            continue
        print(f"{_mark(finding)}  {finding.looked_at}: {finding.found}", flush=True)
        if finding.next_step:
            print(textwrap.indent(finding.next_step, "      "), flush=True)
    wrong = sum(not finding.well for finding in findings)
    by_hand = sum(finding.by_hand for finding in findings)
    if as_json:
        rows = [
            {
                "looked_at": one.looked_at,
                "state": _mark(one).strip().lower(),
                "found": one.found,
                "next_step": one.next_step,
            }
            for one in findings
        ]
        sums = {"looked_at": len(findings), "to_check_by_hand": by_hand, "to_look_after": wrong}
        print(json.dumps({**sums, "findings": rows}, indent=2))
    else:
        print(f"{len(findings)} looked at, {by_hand} to check by hand, {wrong} to look after.")
    return 1 if wrong else 0


def _mark(finding: Finding) -> str:
    if finding.by_hand:
        return "HAND"
    return "ok  " if finding.well else "LOOK"


def _all(where: Where) -> Iterator[Finding]:
    yield from screen_findings()
    yield from memory_findings()
    yield from kiosk_findings()
    yield state_folder(where)
    try:
        settings = where.settings()
    except LauncherError as fault:
        yield Finding("station file", fault.message, "\n".join(filter(None, (fault.next_step, fault.rest, _AFTER))))
        yield from clock_findings("", None)
        return
    yield from station_findings(where, settings)
    yield from trust_findings(settings)
    yield from certificate_findings(settings.certificates)
    provider = settings.federated
    with ExitStack() as road:
        try:
            road.enter_context(one_look(where, settings))
        except LauncherError as fault:
            yield Finding("road out", fault.message, fault.next_step)
        yield from proxy_findings(settings, _authority(provider))
        yield from clock_findings(_authority(provider), provider.ca_file if provider else None)
        yield from reach_findings(settings)
        yield from kerberos_findings(settings.kerberos)
        yield from terminal_findings(settings)
        yield from managed_findings(settings)
    yield from hub_findings(where, settings.hub)


def _authority(provider: FederatedSettings | None) -> str:
    if provider is None:
        return ""
    return provider.authority or provider.login_origins[0]
