"""What is known of an officer, and what of it somebody's word may change, as a plain rule.

Each thing is kept with who has said it (:mod:`tellers`): a token's word stays until a token says otherwise, of those of
stations the last counts. A station's word is a stolen station's, too: by it nobody may begin to show to the helpdesk,
lose the rank that a second person has to be above, or get another name to log on with than the one they are suspended
by and tickets are theirs by.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from launcher.hub.officers.guarded import Kept, kept_before, with_word
from launcher.hub.officers.tellers import BY_WORD, is_word
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
    """An officer as the hub was told last. ``groups``, ``kept``: lower case; ``…_by``: who has said it.

    ``told_by``: who has told of them and of what they log on with: a token, once one has told of them at all.
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
    number_by: str = ""
    name_by: str = ""
    groups_by: str = ""

    @property
    def issuer(self) -> str:
        """Who has named them by their key: of two issuers one human may have two."""
        return self.officer.partition("#")[0]

    @property
    def is_proved(self) -> bool:
        """Say whether a token has told of them: then no station's word decides what they log on with."""
        return bool(self.told_by) and not is_word(self.told_by)

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
    after = replace(
        _after(known, said, by), user_name=said.user_name or known.user_name,
        doubt="" if said.user_name else "unsure", told_by=by,
    )  # fmt: skip
    return replace(after, kept=frozenset()) if said.groups else after


def after_word(
    known: KnownOfficer, said: Person, by: str, guarded: Collection[str], *, distrusted: Collection[str] = (),
    another_has_it: bool = False, another_is_guarded: bool = False,
) -> KnownOfficer:  # fmt: skip
    """Return what is known after a station's word: a name to log on with that is known stays.

    ``distrusted``: whose word gives way, of those who have told what is known; ``another_has_it``: another officer of
    the issuer logs on with the name; ``another_is_guarded``: somebody of the same number or name, by another issuer.
    """
    proved, groups = known.is_proved, _lower(said.groups)
    kept = kept_before(known.kept, known.groups, known.groups_by, guarded)
    if groups:
        kept = frozenset(one for one in kept if one.by not in distrusted)
    if known.number and (kept or another_is_guarded) and known.number_by not in distrusted:
        said = said.model_copy(update={"number": ""})  # it hides them, or is who hides another
    names_them = bool(said.user_name or not known.user_name)
    return replace(
        _after(known, said, by), user_name=known.user_name or said.user_name,
        kept=with_word(kept, groups.intersection(guarded), by),
        told_by=by if names_them and not proved else known.told_by,
        doubt=_doubt(known, said, unsure=known.may_be_unsure and (proved or another_has_it), proved=proved),
    )  # fmt: skip


def is_news(known: KnownOfficer | None, said: Person) -> bool:
    """Say whether something is told by a station that is not known so already."""
    if known is None or said.user_name not in ("", known.user_name):
        return True
    after = _after(known, said, BY_WORD)
    return (after.number, after.name, after.groups) != (known.number, known.name, known.groups)


def is_told_otherwise(known: KnownOfficer, said: Person) -> bool:
    """Say whether another name to log on with is told than is known, in whatever form."""
    return bool(known.user_name and said.user_name) and logon_name(known.user_name) != logon_name(said.user_name)


def _doubt(known: KnownOfficer, said: Person, *, unsure: bool, proved: bool) -> Doubt:
    if not said.user_name:
        return known.doubt
    if unsure:
        return "unsure"
    return "told otherwise" if is_told_otherwise(known, said) and not proved else ""


def _after(known: KnownOfficer, said: Person, by: str) -> KnownOfficer:
    number, number_by = _said(known.number, known.number_by, said.number, by)
    name, name_by = _said(known.name, known.name_by, said.name, by)
    groups, groups_by = (_lower(said.groups), by) if said.groups else (known.groups, known.groups_by)
    return replace(
        known, number=number, number_by=number_by, name=name, name_by=name_by, groups=groups, groups_by=groups_by
    )


def _said(known: str, known_by: str, said: str, by: str) -> tuple[str, str]:
    """Return what is known then, and by whom: a token's word gives way to another token's alone, and all to none."""
    stays = bool(known) and is_word(by) and not is_word(known_by)
    return (known, known_by) if stays or not said else (said, by)


def _lower(groups: Collection[str]) -> frozenset[str]:
    return frozenset(group.lower() for group in groups)
