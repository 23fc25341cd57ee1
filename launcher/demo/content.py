"""The systems of the demo: what they are called, how they sign on, and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launcher.demo.web import Table

How = Literal[
    "federated", "cas", "form", "two pages", "one-time code", "pages", "endpoint", "certificate", "basic", "token",
    "stdin", "descriptor", "3270", "ssh",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoSystem:
    """One system; ``own_account``: it has names and passwords of its own, else it takes the officer's password."""

    id: str
    name: str
    group: str
    hue: str
    how: How
    table: Table
    aliases: tuple[str, ...] = ()
    own_account: bool = False
    icon: str = ""


def _table(heading: str, columns: str, *rows: str) -> Table:
    def cells(line: str) -> tuple[str, ...]:
        return tuple(cell.strip() for cell in line.split("|"))

    return Table(heading, cells(columns), tuple(cells(row) for row in rows))


SYSTEMS: tuple[DemoSystem, ...] = (
    DemoSystem(
        "custody-record", "Custody Record", "Custody", "steel", "federated",
        _table(
            "Cell block B", "Cell | Detainee | Arrived | Next review | Care plan",
            "B1 | CR/0418/25 (male, 34) | 22:47 | 03:40 | Level 2, every 30 min",
            "B2 | CR/0421/25 (female, 22) | 23:15 | 05:15 | Level 1",
            "B3 | CR/0424/25 (male, 51) | 23:58 | 03:55 | Level 3, constant",
            "B4 | Empty, cleaned 01:20 | | |",
            "B5 | CR/0427/25 (male, 19) | 00:31 | 06:30 | Appropriate adult called",
        ),
        aliases=("cells", "detainees"), icon="keyhole",
    ),
    DemoSystem(
        "crime-recording", "Crime Recording", "Crime", "clay", "federated",
        _table(
            "Recorded this shift", "Reference | Offence | Place | Officer",
            "C/11824/25 | Theft from vehicle | Mill Lane | 2210",
            "C/11825/25 | Criminal damage | Station Road | 4471",
            "C/11831/25 | Burglary, dwelling | Harbour Close | 4471",
        ),
        aliases=("crimes", "CRIS"),
    ),
    DemoSystem(
        "missing-persons", "Missing Persons Register", "Safeguarding", "plum", "form",
        _table(
            "Open cases", "Reference | Age | Last seen | Risk",
            "M/0211/25 | 15 | Bus station, 19:40 | High",
            "M/0214/25 | 82 | Alder Court, 21:05 | High",
            "M/0215/25 | 31 | Home address, 08:00 | Medium",
        ),
        aliases=("misper",), own_account=True, icon="binoculars",
    ),
    DemoSystem(
        "incident-desk", "Incident Response Desk", "Response", "sea", "two pages",
        _table(
            "Open incidents", "Log | Grade | Type | Unit",
            "0412 | 1 | Collision, injury | RP14, RP21",
            "0413 | 2 | Concern for safety | NB03",
            "0415 | 3 | Noise | unassigned",
        ),
        aliases=("command and control", "CAD"), own_account=True, icon="siren",
    ),
    DemoSystem(
        "firearms-register", "Firearms Register", "Licensing", "plum", "one-time code",
        _table(
            "Certificates for review", "Certificate | Holder | Kind | Due",
            "FC/20713 | J. Pell | Shotgun | 30 Nov",
            "FC/20988 | T. Avery | Firearm | 4 Dec",
        ),
        own_account=True,
    ),
    DemoSystem(
        "warrants-register", "Warrants Register", "Courts", "steel", "basic",
        _table(
            "Not yet executed", "Warrant | Kind | Court | Issued",
            "W/3381/25 | Arrest, fail to appear | Northfield | 18 Nov",
            "W/3390/25 | Search | Northfield | 21 Nov",
        ),
        own_account=True, icon="gavel",
    ),
    DemoSystem(
        "vehicle-records", "Vehicle Records", "Roads", "moss", "token",
        _table(
            "Recent look-ups", "Mark | Make | Keeper | Marker",
            "AB12 CDE | Ford Transit | Lease company | none",
            "KL63 XYZ | Vauxhall Astra | private | no insurance",
        ),
        aliases=("VRM", "plates", "ANPR"), icon="car",
    ),
    DemoSystem(
        "intelligence-reports", "Intelligence Reports", "Crime", "clay", "form",
        _table(
            "For your team", "Reference | Subject | Grading | Received",
            "I/5502/25 | Tool theft, A-road lay-bys | B2 | 24 Nov",
            "I/5507/25 | Cuckooing, Quay Street | C3 | 25 Nov",
        ),
        aliases=("intel",),
    ),
    DemoSystem(
        "legislation-library", "Legislation Library", "Reference", "slate", "cas",
        _table(
            "Changed this month", "Act | Part | Change | In force",
            "Licensing Act 2003 | Part 9 | Closure notices | 1 Nov",
            "Road Traffic Act 1988 | s. 41D | Mobile devices | 12 Nov",
        ),
        aliases=("law", "acts"),
    ),
    DemoSystem(
        "fleet-bookings", "Fleet Bookings", "Roads", "moss", "endpoint",
        _table(
            "Tonight", "Vehicle | From | To | Booked by",
            "RP14 | 22:00 | 07:00 | Response, Northfield",
            "Van 3 | 23:30 | 04:00 | Custody",
        ),
        aliases=("cars", "pool"), own_account=True,
    ),
    DemoSystem(
        "briefing-board", "Briefing Board", "Response", "sea", "pages",
        _table(
            "Tonight's briefing", "From | To | What | Where",
            "22:00 | 02:00 | Vehicle crime patrol | Mill Lane to Harbour Close",
            "23:00 | 06:00 | Licensed premises | Quay Street",
        ),
        aliases=("briefing", "tasking"), own_account=True,
    ),
    DemoSystem(
        "evidence-vault", "Evidence Vault", "Crime", "clay", "certificate",
        _table(
            "Waiting for release", "Exhibit | Kind | Held since | Asked by",
            "EX/0917/25 | Body-worn video | 19 Nov | Crown Prosecutor",
            "EX/0922/25 | Telephone image | 21 Nov | 4471",
        ),
        aliases=("exhibits", "video"),
    ),
    DemoSystem(
        "case-file", "Case File Preparation", "Courts", "slate", "stdin",
        _table("", ""), own_account=True, icon="folder-open",
    ),
    DemoSystem(
        "property-register", "Property Register", "Custody", "slate", "descriptor",
        _table("", ""), own_account=True, icon="package",
    ),
    # What these two show is theirs: launcher/demo/terminals.
    DemoSystem(
        "national-records", "National Records", "Crime", "slate", "3270", _table("", ""),
        aliases=("green screen", "PNC"), own_account=True,
    ),
    DemoSystem(
        "duty-log", "Duty Log", "Response", "sea", "ssh", _table("", ""), aliases=("roster",), own_account=True,
    ),
)  # fmt: skip

TERMINALS = tuple(system for system in SYSTEMS if system.how in ("3270", "ssh"))
PROGRAMS = tuple(system for system in SYSTEMS if system.how in ("stdin", "descriptor"))

OWN_ACCOUNTS = tuple(system.id for system in SYSTEMS if system.own_account)
WITH_CODE = tuple(system.id for system in SYSTEMS if system.how == "one-time code")
