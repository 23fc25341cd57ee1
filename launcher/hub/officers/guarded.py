"""The guarded groups of an officer and by whose word they are known, as a plain rule.

Guarded are the groups that hide an officer from the helpdesk, and those of supervisors. A station's word gives them and
takes none: a stolen one would uncover whom it likes. It would hide whom it likes, too, so each is kept with who has
told it: what only stations in quarantine have told gives way to the next word of another that names groups. Until then
it counts: a quarantine by itself uncovers nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from launcher.hub.officers.tellers import is_word

if TYPE_CHECKING:
    from launcher.hub.settings import HubSettings

MOST: Final = 5
"""So many who have told a group are kept: supervisors log on at each terminal of a force."""


class Kept(NamedTuple):
    """A guarded group, in lower case, and who has told it, as :mod:`tellers` names them."""

    group: str
    by: str


def guarded_groups(settings: HubSettings) -> frozenset[str]:
    """Return the groups that a station's word gives and does not take: restricted ones and those of supervisors."""
    return frozenset(one.lower() for one in (*settings.helpdesk.restricted_groups, *settings.roles.supervisors))


def kept_before(
    kept: Collection[Kept], groups: Collection[str], groups_by: str, guarded: Collection[str]
) -> frozenset[Kept]:  # fmt: skip
    """Return what is kept of guarded groups. ``groups``, ``groups_by``: all that were told last, and by whom."""
    noted = {one.group for one in kept}
    new = (Kept(group, groups_by) for group in groups if group not in noted)
    return frozenset(one for one in (*kept, *new) if one.group in guarded)


def with_word(kept: frozenset[Kept], groups: Iterable[str], by: str) -> frozenset[Kept]:
    """Return what is kept after somebody has told these guarded groups."""
    return kept | {Kept(group, by) for group in groups if sum(one.group == group for one in kept) < MOST}


def by_words_alone(kept: Collection[Kept]) -> frozenset[str]:
    """Return the groups that only stations have told."""
    by_token = {one.group for one in kept if not is_word(one.by)}
    return frozenset(one.group for one in kept if one.group not in by_token)
