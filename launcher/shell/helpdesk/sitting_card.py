"""One of an officer's sittings: where, since when, what is open there in which state, and what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.helpdesk.act_buttons import act_buttons
from launcher.shell.helpdesk.asked import Asked
from launcher.shell.helpdesk.rows import Rows
from launcher.shell.helpdesk.words import (
    act_word,
    place_of,
    sitting_facts,
    system_facts,
)
from launcher.shell.hub.words import when
from launcher.shell.look import (
    LAUNCH_STATES,
    ButtonRow,
    Card,
    ErrorPanel,
    IconButton,
    Menu,
    State,
    StateBadge,
    Text,
    Type,
    current,
    look,
    text2,
    word,
)
from launcher.wire.hub.helpdesk import ActKind, AllowedAct, OfficerPage, SittingView
from launcher.wire.hub.sittings import OpenSystem
from launcher.wire.records import LaunchRecord, SignInRecord

OF_SITTING: tuple[ActKind, ...] = ("log-off", "lock", "message")
OF_SYSTEM: tuple[ActKind, ...] = ("close-system", "open-system", "forget-credential")


@dataclass(frozen=True, slots=True)
class Sat:
    """A sitting on an officer's page."""

    page: OfficerPage
    view: SittingView

    @property
    def allowed(self) -> Mapping[ActKind, AllowedAct]:
        """What this analyst may do there."""
        return {one.kind: one for one in self.page.acts}


@dataclass(frozen=True, slots=True)
class Listed:
    """A system of a sitting: an open one, or one that the helpdesk has closed there (``closed``: when)."""

    sat: Sat
    system: OpenSystem
    closed: float | None = None

    @property
    def kinds(self) -> tuple[ActKind, ...]:
        """What can be done to it: what is closed can be opened again."""
        return OF_SYSTEM if self.closed is None else ("open-system",)


def closed_by_helpdesk(sat: Sat) -> tuple[Listed, ...]:
    """Return what the helpdesk has closed in this sitting and is not open now, the last one first."""
    sitting = sat.view.sitting
    are_open = {one.system for one in sitting.systems}
    closed: dict[str, Listed] = {}
    for deed in sat.page.deeds:
        system, answer = deed.system, deed.answer
        is_here = deed.station == sat.view.station and deed.made >= sitting.since
        if deed.kind != "close-system" or not is_here or system is None or system in are_open:
            continue
        if answer is not None and answer.outcome == "done":
            name = next((one.name for one in sat.page.recent if _is_of(one.record, system)), system)
            was = OpenSystem(system=system, name=name, state="unknown", since=answer.at)
            closed.setdefault(system, Listed(sat, was, answer.at))
    return tuple(closed.values())


class SystemRow(QWidget):
    """One system; its button opens the menu of what can be done to it."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed: Listed | None = None
        self.badge = StateBadge(State.READY)
        self.name = Text("", Type.STRONG, wrap=True)
        self.facts = Text("", Type.BODY, text2, wrap=True)
        self.more = IconButton("dots-three", word("helpdesk.page"))
        self.more.setObjectName("helpdesk-system")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.name)
        texts.addWidget(self.facts)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self.badge)
        self._row.addWidget(self.more)
        self.more.clicked.connect(self.open_menu)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_system(self, listed: Listed) -> None:
        """Write it."""
        self._listed, system, closed = listed, listed.system, listed.closed
        self.name.setText(system.name or system.system)
        facts = system_facts(system) if closed is None else word("helpdesk.sitting.closed", time=when(closed))
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.badge.show_state(LAUNCH_STATES[system.state])
        self.badge.setVisible(closed is None)
        self.more.rename(word("helpdesk.sitting.more", name=self.name.text()))
        self.more.setVisible(any(kind in listed.sat.allowed for kind in listed.kinds))

    def open_menu(self) -> None:
        """Offer what can be done to it."""
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> Menu:
        """Return the menu; it deletes itself when it is left."""
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        listed = self._listed
        if listed is not None:
            sat = listed.sat
            for kind in listed.kinds:
                if (allowed := sat.allowed.get(kind)) is not None:
                    asked = partial(self.wanted.emit, Asked(allowed, sat.page, sat.view, listed.system))
                    menu.addAction(act_word(kind)).triggered.connect(asked)
        return menu

    def _look_changed(self) -> None:
        self._row.setSpacing(look().space(8))


class SittingCard(Card):
    """The card. ``wanted`` carries an :class:`Asked`."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._sat: Sat | None = None
        self.place = Text("", Type.SECTION, wrap=True)
        self.badge = StateBadge(State.READY)
        self.facts = Text("", Type.BODY, text2, wrap=True)
        self.frozen = ErrorPanel()
        self.away = Text("", Type.STRONG, wrap=True)
        self.buttons = act_buttons(OF_SITTING, self._want)
        self._acts = ButtonRow(*self.buttons.values(), gap=8)
        self.none = Text(word("helpdesk.sitting.nothing"), Type.BODY, text2)
        self.systems: Rows[Listed, SystemRow] = Rows(self._made, SystemRow.show_system, gap=6)
        self.hidden = Text(word("helpdesk.sitting.hidden"), Type.BODY, text2, wrap=True)
        self._top = QHBoxLayout()
        self._top.addWidget(self.place, 1)
        self._top.addWidget(self.badge)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        for part in (self.facts, self.frozen, self.away):
            self._column.addWidget(part)
        self._column.addLayout(self._acts)  # before the systems: there may be dozens, and a frozen session has no time
        for below in (self.systems, self.none, self.hidden):
            self._column.addWidget(below)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_sitting(self, sat: Sat) -> None:
        """Write it."""
        self._sat, view = sat, sat.view
        self.place.setText(place_of(view))
        self.setAccessibleName(self.place.text())
        state = view.sitting.state
        self.badge.setVisible(not view.reachable or state == "locked")
        away = "" if view.reachable else word("helpdesk.answer.state.away")
        self.badge.show_state(State.OFFLINE if away else State.LOCKED, away)
        self._tell_frozen(view)
        self.facts.setText(sitting_facts(view))
        self.away.setVisible(not view.reachable)
        self.away.setText(word("helpdesk.sitting.away", time=when(view.last_heard)))
        listed = (*(Listed(sat, one) for one in view.sitting.systems), *closed_by_helpdesk(sat))
        self.systems.show_things((one.system.system, one) for one in listed)
        self.none.setVisible(not view.sitting.systems and not view.hidden_systems)
        self.hidden.setVisible(view.hidden_systems)
        for kind, button in self.buttons.items():
            button.setVisible(kind in sat.allowed)
            button.setAccessibleName(f"{act_word(kind)}: {self.place.text()}")

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        self._acts.fit(self.width() - 2 * look().space(16))

    def _tell_frozen(self, view: SittingView) -> None:
        frozen = view.sitting.state == "frozen"
        if frozen:
            state = word("helpdesk.sitting.state.frozen")
            said = word("helpdesk.sitting.state_since", state=state, time=when(view.sitting.state_since))
            if said != self.frozen.accessibleName():
                self.frozen.tell(said)
        self.frozen.setVisible(frozen)

    def _want(self, kind: ActKind) -> None:
        sat = self._sat
        if sat is not None and (allowed := sat.allowed.get(kind)) is not None:
            self.wanted.emit(Asked(allowed, sat.page, sat.view))

    def _made(self) -> SystemRow:
        row = SystemRow()
        row.wanted.connect(self.wanted)
        return row

    def _look_changed(self) -> None:
        here = look()
        side = here.space(16)
        self._column.setContentsMargins(side, here.space(12), side, here.space(14))
        self._column.setSpacing(here.space(8))
        self._top.setSpacing(here.space(8))
        self._fit()


def _is_of(record: LaunchRecord | SignInRecord, system: str) -> bool:
    return isinstance(record, LaunchRecord) and record.system == system
