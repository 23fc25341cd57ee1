"""A page whose fields are filled and whose controls are pressed, each as soon as it can be, and never twice.

A field is written by a script. Where its page does not keep that, the value is typed, once: real keys, which go into
that one field or nowhere (``js/watch.js``), also out of sight and without the focus.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from launcher.addresses import is_private
from launcher.shell.bridge import Reply
from launcher.shell.surfaces import faults, keys, scripts
from launcher.shell.surfaces.asked_page import AskedPage
from launcher.shell.surfaces.field_words import is_known, said
from launcher.shell.surfaces.origins import GESTURE_S
from launcher.shell.surfaces.trial import Trial
from launcher.shell.surfaces.writing import SILENT, SILENT_S, Given, Writing
from launcher.sign_on.driver import FieldFault, PageAsksError

FILL_WITHIN_S = 5.0
"""How long a field or control may take to become fillable: forms are built and rebuilt by scripts."""

PARTS_WITHIN_S = 1.5
"""How long a press waits for a page's pictures and scripts: one that never comes must not keep the officer out.

Less than the engine still waits for a press whose time is up (``launcher.sign_on.run.LOOK_GRACE_S``).
"""


class WrittenPage(AskedPage):
    """A page that is written into."""

    _given: Sequence[Given] = ()
    _act: Reply[None] | None = None  # what is done there
    _pressing: Reply[None] | None = None  # it has been pressed, or filled what sends, as far as can be known
    _never_whole = "none"  # the id of the document that a press has waited for in vain

    @property
    def is_filled(self) -> bool:
        """Whether something was filled that no press has sent yet."""
        return bool(self._given)

    def fill(self, given: Given, by_keys: bool, reply: Reply[None]) -> None:
        """Give the value to the field, as soon as it can be written there; ``by_keys``: type it from the first."""
        self._alive()
        if not self._begins(reply):
            return

        def done() -> None:
            others = tuple(one for one in self._given if one.field != given.field)
            self._given = () if given.sends else (*others, given)
            reply.give(None)

        self._write(Writing(given, by_keys=by_keys), reply, done)

    def press(self, control: str, key: str, reply: Reply[None]) -> None:
        """Press the control or the key, as soon as the page is whole and it can be pressed; never twice.

        What a page still asks for would reach the server after the logon, with the cookies of before it; there are
        systems that take this for somebody without a session and log the officer off again (DokuWiki does). A document
        that came meanwhile, in place of the one that was filled, gets no press: its fields are empty.
        """
        self._alive()
        if not self._begins(reply):
            return

        def go() -> None:
            if not reply.settled:
                self._press(control, key, reply, may_mend=True)

        waited_for = ""

        def judge(untrusted: object) -> bool:
            nonlocal waited_for
            seen = scripts.DocumentSeen.read(untrusted)
            if seen is None:
                return False
            if seen.whole or seen.id == self._never_whole:
                go()
                return True
            waited_for = waited_for or seen.id  # the first: one that came later was not waited for as long
            return False

        def at_deadline() -> None:
            self._never_whole = waited_for or self._never_whole
            go()

        whole = partial(self._run, scripts.document())
        self._try(reply, whole, judge, within_s=PARTS_WITHIN_S, at_deadline=at_deadline).poke()

    # --- inside

    def _begins(self, reply: Reply[None]) -> bool:
        """Note what is done now; nothing is while the page waits for the officer."""
        self._act = reply
        if (asked := self.run_looks.asked) is not None:
            reply.fail(asked)
        return asked is None

    def _asked_meanwhile(self, asked: PageAsksError) -> None:
        reply, self._act = self._act, None
        if reply is None or reply.settled:
            return
        if reply is self._pressing:
            self._given = ()
            reply.give(None)  # it asks because of that
        else:
            reply.fail(asked)

    def _write(self, writing: Writing, reply: Reply[None], done: Callable[[], None]) -> None:
        trial: Trial

        def ask(then: Callable[[object], None]) -> bool:
            page = self._alive()
            if not self.bounds.may_fill(page.address()):
                self._fail_origin(reply)
                return False
            script = writing.script(frozenset(filter(is_private, self.bounds.fills)))
            self._pressing = reply if writing.may_have_sent else None
            page.run(script, then)
            return True

        def judge(untrusted: object) -> bool:
            act = writing.heard(untrusted)
            self._pressing = reply if writing.may_have_sent else None
            match act:
                case "done":
                    done()
                    return True
                case "origin":
                    self._fail_origin(reply)
                    return True
                case "type" | "ask-for-keys" as act:
                    typing = keys.ask if act == "ask-for-keys" else partial(keys.type_into, value=writing.given.value)
                    if not self._strike(typing):
                        self._fail_field(reply, f"The field {writing.given.field}", "beside")
                        return True
                    trial.poke()
                case "again":
                    trial.poke()
                case "wait":
                    pass
            return False

        def fail() -> None:
            self._fail_field(reply, f"The field {writing.given.field}", writing.word)

        def at_deadline() -> None:
            nonlocal trial
            if writing.word != SILENT:
                fail()
                return
            trial = self._try(reply, ask, judge, within_s=SILENT_S, at_deadline=fail, once=writing.given.sends)
            trial.poke()

        once = writing.given.sends
        trial = self._try(reply, ask, judge, within_s=FILL_WITHIN_S, at_deadline=at_deadline, once=once)
        trial.poke()

    def _press(self, control: str, key: str, reply: Reply[None], *, may_mend: bool) -> None:
        last = "silent"

        def ask(then: Callable[[object], None]) -> bool:
            page = self._alive()
            if not self.bounds.may_visit(page.address()):
                reply.fail(faults.wrong_origin(page.address()))
                return False
            self._pressed_s = time.monotonic()
            self._pressing = reply
            page.let_open_windows(GESTURE_S)
            page.run(scripts.press(control, key, self.bounds.visits, expected=bool(self._given)), then)
            return True

        def judge(untrusted: object) -> bool:
            nonlocal last
            if untrusted == "pressed" or not isinstance(untrusted, str):  # a lost answer may have been a press
                if key != "Tab":  # which only goes on to the next field
                    self._given = ()
                reply.give(None)
                return True
            self._pressing = None
            if untrusted == "origin":
                self._fail_origin(reply)
                return True
            last = untrusted if is_known(untrusted) else last
            if untrusted == "refused" and may_mend and self._given:
                # The page has emptied a field after all; nothing was pressed yet.
                self._mend(self._given, reply, lambda: self._press(control, key, reply, may_mend=False))
                return True
            if untrusted in ("refused", "replaced"):  # what was filled is gone: waiting brings it not back
                at_deadline()
                return True
            return False

        def at_deadline() -> None:
            self._fail_field(reply, f"The control {control or key}", last)

        self._try(reply, ask, judge, within_s=FILL_WITHIN_S, at_deadline=at_deadline, once=True).poke()

    def _mend(self, given: Sequence[Given], reply: Reply[None], then: Callable[[], None]) -> None:
        """Type what does not stand in its field any more, one after the other."""
        if reply.settled:
            return
        if not given:
            then()
            return
        self._write(Writing(given[0], check=True), reply, lambda: self._mend(given[1:], reply, then))

    def _strike(self, keys_of_ours: Callable[[QWidget], None]) -> bool:
        """Press keys; False beside a frame of another origin, which may take the focus, and not all have our guard.

        In one turn: the engine decides at once which frame's process a key goes to.
        """
        view, page = self._view, self._page
        if view is None or page is None or not self.bounds.may_fill(page.address()):
            return True  # nothing is typed; the next question says why
        if page.has_strange_frames():
            return False
        with view.sight.unheard():
            keys_of_ours(view)
        return True

    def _fail_origin(self, reply: Reply[None]) -> None:
        reply.fail(faults.wrong_origin(self._page.address() if self._page is not None else ""))

    def _fail_field(self, reply: Reply[None], what: str, untrusted_word: str) -> None:
        reply.fail(FieldFault(f"{what} {said(untrusted_word)}.", detail=self.facts.last_seen))
