"""Who may what, as plain rules: roles and ranks of groups, and whether two people are one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol, get_args

from launcher.wire.hub.barred import domain_of, force_of, logon_name
from launcher.wire.hub.kinds import Role

if TYPE_CHECKING:
    from launcher.hub.settings import RoleSettings

ROLES: tuple[Role, ...] = get_args(Role)


class Somebody(Protocol):
    """Whoever is known by these three."""

    @property
    def officer(self) -> str:
        """The key: issuer and subject."""
        ...

    @property
    def number(self) -> str:
        """The number; empty where none is known."""
        ...

    @property
    def user_name(self) -> str:
        """The name to log on with; empty where none is known."""
        ...


def roles_of(settings: RoleSettings, proved: Collection[str], told: Collection[str] = ()) -> frozenset[Role]:
    """Return the roles of somebody's groups; "officer" is everybody's.

    ``proved``: groups that a provider's token or the hub's own file names. ``told``: those that a station has told; by
    them there are only the roles that ``[roles] vouched`` names.
    """
    named: dict[Role, tuple[str, ...]] = {
        "helpdesk": settings.helpdesk, "it": settings.it, "auditor": settings.auditor,
        "administrator": settings.administrator,
    }  # fmt: skip
    by_proof, by_word = _folded(proved), _folded(told)
    held: set[Role] = {"officer"}
    for role, groups in named.items():
        wanted = _folded(groups)
        if wanted & by_proof or (role in settings.vouched and wanted & by_word):
            held.add(role)
    return frozenset(held)


def held_rank(settings: RoleSettings, proved: Collection[str], told: Collection[str] = ()) -> int:
    """Return the rank that somebody has: of groups that a station has told only where ``[roles] vouched`` says so."""
    return rank_of(settings, (*proved, *told) if "supervisor" in settings.vouched else proved)


def rank_of(settings: RoleSettings, groups: Collection[str]) -> int:
    """Return the highest rank of somebody's groups, whoever has told them; 0: no supervisor."""
    theirs = _folded(groups)
    return max((rank for group, rank in settings.supervisors.items() if group.casefold() in theirs), default=0)


def of_use(settings: RoleSettings, groups: Collection[str]) -> tuple[str, ...]:
    """Return those of somebody's groups that give a role or a rank: the others are none of a session's business."""
    named = (settings.helpdesk, settings.it, settings.auditor, settings.administrator, tuple(settings.supervisors))
    known = {group.casefold() for some in named for group in some}
    return tuple(sorted(_folded(groups) & known))


def may_grant(settings: RoleSettings, roles: Collection[Role], proved_by: str, role: Role) -> bool:
    """Say whether a supervisor may grant a role: helpdesk and IT; an administrator may grant all.

    A supervisor whom only a station vouches for grants no role that a station's word does not give.
    """
    if role == "officer" or (role not in ("helpdesk", "it") and "administrator" not in roles):
        return False
    return proved_by != "vouched" or role in settings.vouched


def of_one_force(one: Somebody, other: Somebody, forces: Collection[str]) -> bool:
    """Say whether two are not officers of two forces, by what their names end in; ``forces``: the others' domains."""
    mine, theirs = (force_of(domain_of(who.user_name, who.number), forces) for who in (one, other))
    return mine == theirs


def same_person(one: Somebody, other: Somebody, forces: Collection[str]) -> bool:
    """Say whether two are one human: the same key, or the same number or name to log on with by another issuer.

    Two forces give the same names and numbers: of different ones nobody is the same.
    """
    if one.officer == other.officer:
        return True
    if not of_one_force(one, other, forces):
        return False
    numbers = {logon_name(one.number), logon_name(other.number)}
    names = {logon_name(one.user_name), logon_name(other.user_name)}
    return any(len(both) == 1 and "" not in both for both in (numbers, names))


def _folded(groups: Collection[str]) -> set[str]:
    return {group.casefold() for group in groups}
