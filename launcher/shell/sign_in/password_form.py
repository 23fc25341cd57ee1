"""The form with name and password, and the ways to the other sign-in methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.late import LateModule
from launcher.session.snapshot import ErrorView, MethodView, SignInView
from launcher.shell.look import Button, State, about, look, word
from launcher.shell.sign_in.forms import Form, secret_of

if TYPE_CHECKING:
    from launcher.session import commands
    from launcher.shell.look import Segmented
else:
    commands = LateModule("launcher.session.commands")  # the first screen is painted without a command

_FACTS = frozenset({"session-ended-meanwhile"})
"""What is no failure of whoever stands here: it is said without being loud."""
_PASSWORD_AT_FAULT = frozenset({"password-not-accepted", "name-or-password-missing"})


class PasswordForm(Form):
    """Name and password; or, where the method is a provider's, the one button that shows its page."""

    command = Signal(object)
    """Carries a launcher.session.commands.Command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(word("sign_in.heading"), word("sign_in.act"), parent)
        self._methods: tuple[MethodView, ...] = ()
        self._method: MethodView | None = None
        self._theirs: MethodView | None = None  # of the other force that the typed name is of
        self._view: SignInView | None = None
        self._act = word("sign_in.act")
        self._lead = ""
        self._ways: list[Button] = []
        self._switch: Segmented | None = None
        self._switch_place = QVBoxLayout()
        self.column.insertLayout(3, self._switch_place)
        self.name = self.add_field(word("sign_in.name"))
        self.password = self.add_field(word("sign_in.password"), secret=True)
        self.other = Button("", icon="identification-badge")
        self.other.hide()
        self.row.insertWidget(0, self.other)
        self.other.clicked.connect(self._other_method)
        self.submitted.connect(self._submit)
        self.typed.connect(self._typed)
        self.lay_out()

    @property
    def method(self) -> MethodView | None:
        """The method that is chosen, or that the name in the field belongs to."""
        return self._theirs or self._method

    def set_name(self, name: str) -> None:
        """Put another name into its field, and nothing into the password's."""
        self.name.set_text(name)
        self.forget()
        self._know_force()

    def add_way(self, way: Button) -> None:
        """Add a button at the left of those beneath the primary one."""
        way.hide()
        self._ways.append(way)
        self.row.insertWidget(0, way)
        self.lay_out()

    def reword(self, heading: str = "", act: str = "", lead: str = "") -> None:
        """Say something else than at a plain log-on; what is empty is said as there."""
        self.heading.setText(heading or word("sign_in.heading"))
        self._act = act or word("sign_in.act")
        self._lead = lead
        self.lead_stays = bool(lead)
        if self._view is not None:
            self._say_next(self._view)
        if not self._provider_method():
            self.primary.setText(self._act)

    def draw(self, view: SignInView) -> None:
        """Draw the card; a growing ``attempt`` clears the password once."""
        before, self._view = self._view, view
        if view.methods != self._methods:
            self._show_methods(view.methods)
            if self.isVisible() and not view.busy:
                self.focus_first()
        if before is None or before.name != view.name:
            self._prefill(view.name)
        self._say_next(view)
        busy = view.busy and view.form == "password"
        self.set_busy(busy, view.usual_ms)
        if before is None or before.attempt != view.attempt:
            self._answered(view, first=before is None)
        elif before.error != view.error:
            self._tell(view)  # said beside what is being typed: nothing is emptied for it, and the focus stays
        self._show_other()

    def first(self) -> QWidget:
        if self._provider_method():
            return self.primary
        return self.password.edit if self.name.text() else self.name.edit

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.name.edit and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.command.emit(commands.Typed(self.name.text(), left_name=True, empty=self.empty()))
        return super().eventFilter(watched, event)

    def show_cancel(self, on: bool) -> None:
        super().show_cancel(on)
        self._show_other()

    def _answered(self, view: SignInView, *, first: bool) -> None:
        self._tell(view)
        if not first:
            self.forget()
        if view.form == "password" and not view.busy and self.isVisible():
            self.focus_first()

    def _tell(self, view: SignInView) -> None:
        error = view.error if view.form != "change" else None
        at_fault = self.password if error and error.reference in _PASSWORD_AT_FAULT else None
        state = State.UNKNOWN if error and error.reference in _FACTS else State.FAILED
        self.tell(error, at_fault=at_fault, state=state)

    def _prefill(self, name: str) -> None:
        if name and name != self.name.text():
            self.name.set_text(name)
            self._know_force()

    def _say_next(self, view: SignInView) -> None:
        if self._lead:
            self.lead.setText(self._lead)
        elif view.systems_usual_ms:
            self.lead.setText(word("sign_in.next_about", seconds=about(view.systems_usual_ms)))
        else:
            self.lead.setText(word("sign_in.next"))

    def _provider_method(self) -> bool:
        return self.method is not None and self.method.form == "provider"

    def _know_force(self) -> None:
        """Turn to the other force that the name in the field is of: its officers give a password on its page only."""
        domain = self.name.text().strip().rpartition("@")[2].casefold() if "@" in self.name.text() else ""
        theirs = next((method for method in self._methods if domain in method.domains), None)
        if theirs is not self._theirs:
            self._theirs = theirs
            self._show_method()

    def _typed(self) -> None:
        self._know_force()
        self.command.emit(commands.Typed(self.name.text(), empty=self.empty()))

    def _submit(self) -> None:
        method = self.method
        if method is None or self.primary.busy:
            return
        if method.form == "provider":
            self.command.emit(commands.StartProvider(method.name))
            return
        for field, missing in ((self.name, "sign_in.name_missing"), (self.password, "sign_in.password_missing")):
            if not field.text():
                self.tell(ErrorView("", word(missing), ""), at_fault=field)
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.command.emit(commands.SubmitPassword(method.name, self.name.text(), secret_of(self.password)))

    # The method

    def _show_methods(self, methods: tuple[MethodView, ...]) -> None:
        self._methods = methods
        if self._switch is not None:
            self._switch_place.removeWidget(self._switch)
            self._switch.deleteLater()
            self._switch = None
        listed = self._listed
        if len(listed) > 2:
            from launcher.shell.look import Segmented  # late: few stations have more than two methods

            self._switch = Segmented(word("sign_in.methods"), [method.label for method in listed])
            self._switch.chosen.connect(lambda at: self._choose(self._listed[at]))
            self._switch_place.addWidget(self._switch)
        self._choose(listed[0] if listed else None)
        self.lay_out()

    @property
    def _listed(self) -> tuple[MethodView, ...]:
        """The methods that are offered; officers of other forces are known by their names too."""
        return tuple(method for method in self._methods if method.listed)

    def _choose(self, method: MethodView | None) -> None:
        self._method, self._theirs = method, None
        if method is not None and method.form == "password":
            self._know_force()
        self._show_method()

    def _show_method(self) -> None:
        provider = self._provider_method()
        for field in self.fields:
            field.setVisible(not provider or (field is self.name and self._theirs is not None))
        if not provider:
            self.primary.setText(self._act)
        self.forget()
        self.tell(None)
        self._show_other()

    def order_stops(self) -> None:
        super().order_stops()
        if self._switch is not None:
            for segment in reversed(self._switch.segments):
                QWidget.setTabOrder(segment, self.error.copy_button)

    def arrange(self) -> None:
        method, other = self.method, self._other()
        if method is not None and method.form == "provider":
            # The name in the field, or the switch above, says whose it is where a long name would be cut.
            _name(self.primary, method, word("sign_in.with_theirs") if self._theirs else self._act, self.room)
        if other is not None and other.form == "provider":
            _name(self.other, other, word("sign_in.another_way"), self.room, short=look().large)
        super().arrange()
        if self._switch is not None:
            self._switch.fit(self.width())

    def row_buttons(self) -> list[Button]:
        return [*self._ways, self.other, *super().row_buttons()]

    def _other(self) -> MethodView | None:
        if len(self._listed) != 2:
            return None
        return next((method for method in self._listed if method is not self._method), None)

    def _show_other(self) -> None:
        other = self._other()
        self.other.setVisible(other is not None and other is not self._theirs and not self.primary.busy)
        if other is not None:
            if other.form != "provider":
                self.other.setText(word("sign_in.by_password"))
            self.other.set_icon("identification-badge" if other.form == "provider" else "key")
        self.arrange()

    def _other_method(self) -> None:
        other = self._other()
        if other is None:
            return
        self._choose(other)
        if other.form == "provider":
            # The button said what it does: one press shows the provider's page.
            self.submitted.emit()
        else:
            self.focus_first()

    def lay_out(self) -> None:
        super().lay_out()
        above = look().space(12 if look().large else 24) if self._switch is not None else 0
        self._switch_place.setContentsMargins(0, above, 0, 0)
        self._show_other()


def _name(button: Button, provider: MethodView, else_said: str, room: int, *, short: bool = False) -> None:
    """Have a button name a provider as fully as there is room for; a screen reader hears all of it."""
    if button.busy:
        return
    named = word("sign_in.with", provider=provider.label)
    said = button.fitting([*([] if short else [named]), provider.label, else_said], room)
    if said != button.text():
        button.setText(said)
    button.setAccessibleName(named)
    button.setToolTip("" if said == named else named)
