"""The demo's officers and their credentials: made anew for every run, so that none of them stands in a file.

A fixed password would be found in our own source by a residue check, and proves nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pyotp

HELPDESK = "helpdesk"
"""The group of those who work there."""

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "jetty",
    "knoll",
    "larch",
    "maple",
    "north",
    "ocean",
    "pebble",
]


def _password() -> str:
    """Return a password a person can type from a slip of paper, with 50 bits of chance."""
    return "-".join([secrets.choice(WORDS), secrets.choice(WORDS), f"{secrets.randbelow(10**9):09}", "Q!"])


@dataclass(frozen=True, slots=True)
class Account:
    """An officer's own name and password for one system; ``otp_seed`` where it wants a one-time code."""

    user_name: str
    password: str
    otp_seed: str = ""


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """One demo officer; ``accounts`` by system id."""

    subject: str
    user_name: str
    display_name: str
    mail: str
    groups: tuple[str, ...]
    password: str
    accounts: dict[str, Account]


def make_officers(
    own_accounts: tuple[str, ...], otp_systems: tuple[str, ...], *, helpdesk: bool = False
) -> tuple[DemoOfficer, ...]:
    """Make the two officers of the demo with an account of their own for each system named.

    ``helpdesk``: and a third one, who works at the helpdesk.
    """

    def officer(subject: str, number: str, name: str, mail: str, groups: tuple[str, ...]) -> DemoOfficer:
        accounts = {
            system: Account(
                user_name=f"{number}-{system.split('-')[0]}",
                password=_password(),
                otp_seed=pyotp.random_base32() if system in otp_systems else "",
            )
            for system in own_accounts
        }
        return DemoOfficer(subject, number, name, mail, groups, _password(), accounts)

    officers = (
        officer("0f1c9a52-4471", "4471", "A. Okafor", "okafor@force.example", ("all-staff", "custody", "response")),
        officer("77b0e1d3-2210", "2210", "B. Marsh", "marsh@force.example", ("all-staff", "response")),
    )
    analyst = officer("2b6d47aa-9003", "9003", "J. Field", "field@force.example", ("all-staff", HELPDESK))
    return (*officers, analyst) if helpdesk else officers
