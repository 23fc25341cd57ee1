"""Submitted to a launchpad that responds, less the directory's own time, signing in against OpenLDAP over TLS."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from pathlib import Path

from launcher.grants.keeping import key_store
from launcher.secret import Secret
from launcher.wire.records import SignInRecord
from tests.bench.estates import Files, directory_station
from tests.bench.figures import Budget, Figure, middle, report
from tests.bench.played_station import TYPING_S, played_station
from tests.servers.certificates import certificates
from tests.servers.ldap_client import bind
from tests.servers.people import ALICE, PASSWORD
from tests.servers.slapd import BASE_DN, LOOKUP_DN, LOOKUP_PASSWORD, Slapd, running_slapd, user_dn

OFFICERS = 7
ESTATES = (10, 750)
"""How many systems the catalogue holds: a trial's and a force's."""

_TOOK = re.compile(r"\betime=(\d+\.\d+)")


def measure() -> dict[str, object]:
    """Sign in at a station with a small catalogue and at one with a force's."""
    figures: list[Figure] = []
    raw: dict[str, object] = {}
    with certificates() as made, running_slapd(made) as directory:
        for systems in ESTATES:
            with tempfile.TemporaryDirectory(prefix="bench-sign-in-") as folder:
                files = _files(Path(folder), directory, systems)
                records, theirs_ms = asyncio.run(_officers(files, directory))
            ours_ms = [_submitted_to_end_ms(one) - theirs for one, theirs in zip(records, theirs_ms, strict=True)]
            figures.append(
                Figure(
                    f"submitted → launchpad responds, less slapd's own time, {systems} systems",
                    middle(ours_ms),
                    "ms",
                    middle([_bare_ms(directory) for _ in range(OFFICERS)]),
                    "ldapwhoami, one bind, process and all",
                    Budget(150.0),
                    n=len(ours_ms),
                )
            )
            raw[f"{systems} systems"] = {
                "rounds_ms": ours_ms,
                "slapd_ms": theirs_ms,
                "phases": [one.model_dump(mode="json")["phases"] for one in records],
            }
    return report(figures, **raw)


def _files(folder: Path, directory: Slapd, systems: int) -> Files:
    files = directory_station(
        folder,
        server=directory.ldaps_url,
        ca_file=directory.ca,
        base=BASE_DN,
        read_account=LOOKUP_DN,
        systems=systems,
    )
    keys = key_store("file", files.state)
    assert keys is not None
    keys.put("directory-search", Secret(LOOKUP_PASSWORD))
    return files


async def _officers(files: Files, directory: Slapd) -> tuple[list[SignInRecord], list[float]]:
    records: list[SignInRecord] = []
    theirs_ms: list[float] = []
    async with played_station(files.station, files.state) as station:
        for _ in range(OFFICERS):
            officer = await station.shown()
            before = _slapd_ms(directory)
            said = await officer.log_on(ALICE.uid, PASSWORD, typing_s=TYPING_S)
            assert "signed_in" in said, said
            records.append(await station.next_record(SignInRecord))
            theirs_ms.append(_slapd_ms(directory) - before)
            await officer.log_off()
    return records, theirs_ms


def _submitted_to_end_ms(record: SignInRecord) -> float:
    typed_ms = max(one.start_ms + one.duration_ms for one in record.phases if one.phase == "input")
    return record.total_ms - typed_ms


def _slapd_ms(directory: Slapd) -> float:
    """Return what the directory says it has spent on answers since its start."""
    return sum(float(seconds) * 1000.0 for seconds in _TOOK.findall(directory.log_text()))


def _bare_ms(directory: Slapd) -> float:
    began = time.perf_counter()
    bind(directory.ldaps_url, user_dn(ALICE.uid), PASSWORD, directory.ca)
    return (time.perf_counter() - began) * 1000.0
