"""What is known of an officer, and what of it somebody's word may change, as a plain rule.

A station's word is a stolen station's, too: by it nobody may begin to show to the helpdesk, lose the rank that a second
person has to be above, or get another name than the one they are suspended by.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.hub.settings import HubSettings
    from launcher.wire.hub.sittings import Person


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An officer as the hub was told last. ``groups``, ``kept``: lower case.

    ``kept``: guarded groups that were told once, and that no token of the provider has taken away since.
    """

    officer: str
    number: str
    name: str
    user_name: str
    groups: frozenset[str]
    kept: frozenset[str] = frozenset()

    @property
    def ever(self) -> frozenset[str]:
        """The groups that count against an officer: they hide them, and are their rank where others decide."""
        return self.groups | self.kept


def guarded_groups(settings: HubSettings) -> frozenset[str]:
    """Return the groups that a station's word gives and does not take: restricted ones and those of supervisors."""
    return frozenset(one.lower() for one in (*settings.helpdesk.restricted_groups, *settings.roles.supervisors))


def after_token(known: KnownOfficer, said: Person) -> KnownOfficer:
    """Return what is known after a token of the provider: an empty field leaves what is known."""
    after = _after(known, said)
    return replace(after, kept=frozenset()) if said.groups else after


def after_word(known: KnownOfficer, said: Person, guarded: Collection[str], *, proved: bool) -> KnownOfficer:
    """Return what is known after a station's word. ``proved``: a token has told what is known."""
    kept = known.ever.intersection(guarded)
    after = replace(_after(known, said), kept=kept)
    if not proved and not kept:
        return after
    return replace(after, number=known.number or said.number, user_name=known.user_name or said.user_name)


def _after(known: KnownOfficer, said: Person) -> KnownOfficer:
    return replace(
        known, number=said.number or known.number, name=said.name or known.name,
        user_name=said.user_name or known.user_name, groups=_lower(said.groups) or known.groups,
    )  # fmt: skip


def _lower(groups: Collection[str]) -> frozenset[str]:
    return frozenset(group.lower() for group in groups)
