"""Which acts there are, what each needs, and whether two are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, get_args

from launcher.wire.hub.helpdesk import ActKind, AllowedAct

if TYPE_CHECKING:
    from launcher.hub.settings import HelpdeskSettings
    from launcher.wire.hub.helpdesk import Act

FOR_ONE_SYSTEM: Final[frozenset[ActKind]] = frozenset({"close-system", "open-system", "forget-credential"})
FOR_ONE_SITTING: Final[frozenset[ActKind]] = FOR_ONE_SYSTEM | {"log-off", "lock", "message"}
FOR_THE_OFFICER: Final[frozenset[ActKind]] = frozenset({"suspend", "unsuspend"})
"""The others (``revoke``) are for one sitting, or for all of the officer's."""


class Asker(Protocol):
    """Whoever wants an act."""

    @property
    def officer(self) -> str:
        """Their key."""
        ...

    @property
    def name(self) -> str:
        """Their name, which the officer sees."""
        ...

    @property
    def proved_by(self) -> str:
        """As what they were proved."""
        ...


def malformed(act: Act) -> str | None:
    """Return what an act lacks or has too much, None if nothing."""
    if act.kind in FOR_ONE_SITTING and act.sitting is None:
        return f"{act.kind} is for one sitting: name it."
    if act.kind in FOR_THE_OFFICER and act.sitting is not None:
        return f"{act.kind} is for the officer, not for one sitting."
    if (act.kind in FOR_ONE_SYSTEM) != (act.system is not None):
        return f"{act.kind} is for one system: name it." if act.system is None else f"{act.kind} is for no system."
    if (act.kind == "message") != bool(act.text.strip()):
        return "A message needs a text." if act.kind == "message" else f"{act.kind} has no text."
    return None


def is_sensitive(settings: HelpdeskSettings, kind: ActKind) -> bool:
    """Say whether an act needs a verified caller and a second person."""
    return kind in settings.sensitive


def needs_the_officer(kind: ActKind) -> bool:
    """Say whether the verified caller of a sensitive act must be the officer themselves.

    Whoever is to be suspended, or is, has no screen to read letters from: there it is whoever calls for them.
    """
    return kind not in FOR_THE_OFFICER


def allowed(settings: HelpdeskSettings, *, suspended: bool, sitting_somewhere: bool) -> tuple[AllowedAct, ...]:
    """Return what may be done for an officer as things are."""
    kinds: list[ActKind] = []
    for kind in get_args(ActKind):
        if kind in FOR_ONE_SITTING and not sitting_somewhere:
            continue
        if kind == ("suspend" if suspended else "unsuspend"):
            continue
        kinds.append(kind)
    return tuple(
        AllowedAct(
            kind=kind, needs_verified=is_sensitive(settings, kind), needs_second=is_sensitive(settings, kind)
        )
        for kind in kinds
    )  # fmt: skip
