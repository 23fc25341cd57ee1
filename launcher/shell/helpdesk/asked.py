"""What an analyst is about to do: which act, to whom and where, and what that needs before it is carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from launcher.shell.helpdesk.words import act_word
from launcher.shell.look import word
from launcher.wire.hub.helpdesk import ActKind, AllowedAct, OfficerPage, SittingView
from launcher.wire.hub.sittings import OpenSystem

_LOSES: Final[Mapping[ActKind, str]] = {
    "log-off": "all_unsaved", "suspend": "all_unsaved", "close-system": "some_unsaved", "open-system": "some_unsaved",
}  # fmt: skip


def _new_key() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Asked:
    """One press on a button of the page; ``key`` is made with it, so that pressing twice is one act."""

    act: AllowedAct
    page: OfficerPage
    sitting: SittingView | None = None
    system: OpenSystem | None = None
    key: str = field(default_factory=_new_key)

    @property
    def kind(self) -> ActKind:
        """Which act."""
        return self.act.kind

    def heading(self) -> str:
        """Return what is done, to whom and where."""
        act, name = act_word(self.kind), self.page.name or self.page.number
        if self.system is not None:
            return word("helpdesk.asks.heading_system", act=act, system=self.system.name, name=name)
        if self.sitting is not None:
            return word("helpdesk.asks.heading_here", act=act, name=name, terminal=self.sitting.terminal)
        return word("helpdesk.asks.heading_all", act=act, name=name)

    def sentences(self) -> tuple[str, ...]:
        """Return what it does, what it loses, and what it waits for."""
        said = [word(f"helpdesk.asks.{self.kind}")]
        here = self.sitting
        if (unsaved := self._unsaved()) and (loss := _LOSES.get(self.kind)):
            said.append(word(f"helpdesk.asks.{loss}", count=unsaved))
        if here is not None and not here.reachable:
            said.append(word("helpdesk.asks.away", terminal=here.terminal))
        if self.act.needs_second:
            said.append(word("helpdesk.asks.needs_second"))
        return tuple(said)

    def _unsaved(self) -> int:
        """Return how many pages hold something that was not sent where it is done; in which system is not known."""
        where = self.page.sittings if self.sitting is None else (self.sitting,)
        return sum(one.sitting.unsaved for one in where)
