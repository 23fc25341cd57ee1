"""What is known of an officer, and what of it somebody's word may change, as a plain rule.

A station's word is a stolen station's, too: by it nobody may begin to show to the helpdesk, lose the rank that a second
person has to be above, or get another name to log on with than the one they are suspended by and tickets are theirs by.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from launcher.hub.officers.guarded import BY_WORD, Kept, kept_before, with_word
from launcher.wire.hub.barred import logon_name

if TYPE_CHECKING:
    from launcher.wire.hub.sittings import Person


Doubt = Literal["", "told otherwise", "unsure"]
"""Why no ticket of their name to log on with proves an officer.

``told otherwise``: the last station that told of them named another, until one names the known one again. ``unsure``:
it is known by stations' words alone although another officer of the issuer had it first, or although a token that
named none has told of them.
"""


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An officer as the hub was told last. ``groups``, ``kept``: lower case; ``told_by``: as the table's.

    ``kept``: guarded groups that were told once, by whom, and that no token of the provider has taken away since.
    """

    officer: str
    number: str
    name: str
    user_name: str
    groups: frozenset[str]
    kept: frozenset[Kept] = frozenset()
    doubt: Doubt = ""
    told_by: str = ""

    @property
    def issuer(self) -> str:
        """Who has named them by their key: of two issuers one human may have two."""
        return self.officer.partition("#")[0]

    @property
    def is_proved(self) -> bool:
        """Say whether a token has told what is known: then that stays the token's."""
        return bool(self.told_by) and not self.told_by.startswith(BY_WORD)

    @property
    def may_be_unsure(self) -> bool:
        """Say whether a station's word about the name to log on with depends on who else has it."""
        return not self.user_name or self.doubt == "unsure"

    @property
    def ever(self) -> frozenset[str]:
        """The groups that count against an officer: they hide them, and are their rank where others decide."""
        return self.groups.union(one.group for one in self.kept)


def after_token(known: KnownOfficer, said: Person, by: str = "openid") -> KnownOfficer:
    """Return what is known after a token of the provider: an empty field leaves what is known."""
    after = replace(_after(known, said), doubt="" if said.user_name else "unsure", told_by=by)
    return replace(after, kept=frozenset()) if said.groups else after


def after_word(
    known: KnownOfficer, said: Person, by: str, guarded: Collection[str], *, distrusted: Collection[str] = (),
    another_has_it: bool = False,
) -> KnownOfficer:  # fmt: skip
    """Return what is known after a station's word: a name to log on with that is known stays.

    ``by``: ``station:<id>``; ``distrusted``: whose word is worth nothing now, of those who have told what is kept;
    ``another_has_it``: another officer of the issuer logs on with the name.
    """
    proved, groups = known.is_proved, _lower(said.groups)
    kept = kept_before(known.kept, known.groups, known.told_by, guarded)
    if groups:
        kept = frozenset(one for one in kept if one.by not in distrusted)
    after = replace(
        _after(known, said), user_name=known.user_name or said.user_name,
        kept=with_word(kept, groups.intersection(guarded), by), told_by=known.told_by if proved else by,
        doubt=_doubt(known, said, unsure=known.may_be_unsure and (proved or another_has_it), proved=proved),
    )  # fmt: skip
    return replace(after, number=known.number or said.number) if proved or kept else after


def is_news(known: KnownOfficer | None, said: Person) -> bool:
    """Say whether something is told that is not known so already."""
    return known is None or _after(known, said) != known


def is_told_otherwise(known: KnownOfficer, said: Person) -> bool:
    """Say whether another name to log on with is told than is known, in whatever form."""
    return bool(known.user_name and said.user_name) and logon_name(known.user_name) != logon_name(said.user_name)


def _doubt(known: KnownOfficer, said: Person, *, unsure: bool, proved: bool) -> Doubt:
    if not said.user_name:
        return known.doubt
    if unsure:
        return "unsure"
    return "told otherwise" if is_told_otherwise(known, said) and not proved else ""


def _after(known: KnownOfficer, said: Person) -> KnownOfficer:
    return replace(
        known, number=said.number or known.number, name=said.name or known.name,
        user_name=said.user_name or known.user_name, groups=_lower(said.groups) or known.groups,
    )  # fmt: skip


def _lower(groups: Collection[str]) -> frozenset[str]:
    return frozenset(group.lower() for group in groups)
