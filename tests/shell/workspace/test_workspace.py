"""What stands in a page's place in the workspace: the opening, a fault, a form, a program, or the page itself."""

from __future__ import annotations

import os
import re
import signal
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from launcher.connectors.password_rules import PasswordRules
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.session.commands import BringForward, CloseSystem, GiveCredential, GiveNewPassword, RetrySystem
from launcher.session.snapshot import ErrorView
from launcher.shell.look import Look, State, current
from launcher.shell.surfaces.web_engine import WebPage, WebView
from launcher.shell.workspace.tab_page import Face
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.desk import PAGE, RUNNING, Desk
from tests.shell.workspace.sample import UNREACHABLE, WRONG, launch, snapshot

pytestmark = pytest.mark.usefixtures("qapp")


def test_an_opening_shows_its_row_and_how_long(desk: Desk) -> None:
    desk.draw(snapshot(launch("custody", "opening", surface="", phases=RUNNING)))
    assert desk.face("custody") is Face.OPENING
    opening = desk.page("custody").opening
    assert opening.heading.text() == "Opening Custody Record"
    assert "left" in opening.left.text()
    assert "Connect" in opening.row.accessibleName()


@pytest.mark.parametrize("look", [Look(), Look(theme="dark", scale=2.0)])
def test_a_code_that_is_waited_for_is_said_with_what_is_left_and_how_to_leave_it(desk: Desk, look: Look) -> None:
    current().wear(look)
    code_at = time.monotonic() + 17.2
    desk.draw(snapshot(launch("firearms", "queued", surface="", phases=RUNNING, code_at=code_at)), "firearms")
    opening = desk.page("firearms").opening
    assert desk.face("firearms") is Face.OPENING
    assert "waits for the next one" in opening.line.text()
    assert "Close the tab" in opening.line.text()
    said = re.search(r"About (\d+) s until the next code", opening.left.text())
    assert said is not None
    assert round(code_at - time.monotonic()) <= int(said[1]) <= 17
    assert not nameless(opening)
    assert not cut_texts(opening)
    desk.draw(snapshot(launch("firearms", "opening", surface="", phases=RUNNING)))
    assert not opening.line.isVisible()
    assert "left" in opening.left.text()


def test_the_page_comes_into_its_place_when_it_is_ready_with_the_keys(desk: Desk) -> None:
    driver = desk.open()
    desk.draw(snapshot(launch("custody", "signing", phases=RUNNING)), "custody")
    assert desk.face("custody") is Face.OPENING
    desk.draw(snapshot(launch("custody", "ready")))
    assert desk.face("custody") is Face.PAGE
    assert desk.work.bar.host.text() == desk.site.origin.removeprefix("http://")
    assert desk.work.bar.signed_on.text() == "Signed on as 4471"
    assert desk.work.bar.ready.text() == "Ready in 4.2 s"
    view = desk.surfaces.widget("custody")
    assert view is not None
    assert view.isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert view is focused or view.isAncestorOf(focused)
    assert driver.officer_acts() == 0


def test_before_a_wanted_tab_is_there_no_other_page_gets_what_is_typed(desk: Desk) -> None:
    desk.open()
    desk.draw(snapshot(launch("custody", "ready")), "custody")
    page = desk.surfaces.widget("custody")
    assert page is not None
    desk.frame.pages.setCurrentWidget(desk.other)
    desk.work.show_system("crime")
    desk.frame.pages.setCurrentWidget(desk.work)
    settle()
    assert desk.focus() is desk.work.tabs.tab("custody")
    desk.draw(snapshot(launch("custody", "ready"), launch("crime", "opening")))
    assert desk.focus() is desk.work.tabs.tab("crime")


def test_keys_of_the_shell_work_while_the_page_has_the_keys(desk: Desk) -> None:
    desk.open()
    picture = snapshot(launch("custody", "ready"), launch("crime", "ready", surface=""))
    desk.draw(picture, "custody")
    desk.key(Qt.Key.Key_2)
    assert desk.work.current_system == "crime"
    desk.draw(picture, "custody")
    desk.key(Qt.Key.Key_Tab)
    assert desk.work.current_system == "crime"
    desk.draw(picture, "custody")
    desk.key(Qt.Key.Key_W)
    assert desk.commands == [CloseSystem("custody")]


def test_the_ring_of_a_page_goes_around_the_origin_bar(desk: Desk) -> None:
    desk.open()
    desk.draw(snapshot(launch("custody", "ready")), "custody")
    shape = desk.page("custody").place.ring_shape()
    assert shape.widget is desk.work.bar
    assert desk.work.bar.rect().contains(shape.rect)


def test_a_failure_says_what_and_offers_the_ways_on(desk: Desk) -> None:
    desk.draw(snapshot(launch("custody", "failed", error=UNREACHABLE, surface="")))
    assert desk.face("custody") is Face.FAULT
    fault = desk.page("custody").fault
    assert fault.panel.reference_text == "system-unreachable"
    assert fault.panel.what.text() == UNREACHABLE.what
    assert not fault.show_page.isVisible()
    fault.help.click()
    assert desk.help == ["system-unreachable"]
    fault.retry.click()
    assert desk.commands == [RetrySystem("custody")]
    desk.work.bar.report.click()
    assert desk.help == ["system-unreachable"] * 2


def test_a_sign_on_that_failed_on_a_page_can_be_looked_at(desk: Desk) -> None:
    desk.open()
    failed = snapshot(launch("custody", "failed", error=WRONG, says="Unknown user or bad password"))
    desk.draw(failed)
    fault = desk.page("custody").fault
    assert "Unknown user or bad password" in fault.panel.next_step.text()
    fault.show_page.click()
    desk.draw(failed)
    assert desk.face("custody") is Face.PAGE


def test_a_password_is_asked_once_and_leaves_the_form(desk: Desk) -> None:
    desk.draw(snapshot(launch("firearms", "needs", needs="credential", surface="")), "firearms")
    form = desk.page("firearms").credential
    assert desk.face("firearms") is Face.CREDENTIAL
    assert form.name.edit.hasFocus()
    QTest.keyClicks(form.name.edit, "a4471")
    QTest.keyClick(form.name.edit, Qt.Key.Key_Return)
    QTest.keyClicks(form.password.edit, "HUNTER2")
    assert form.password.caps_notice.isVisible()
    QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
    [command] = desk.commands
    assert isinstance(command, GiveCredential)
    assert (command.system, command.user_name, command.password.reveal()) == ("firearms", "a4471", "HUNTER2")
    assert form.password.text() == ""
    assert form.act.busy
    desk.draw(snapshot(launch("firearms", "needs", needs="credential", surface="", error=WRONG)))
    assert form.name.text() == "a4471"
    assert form.error.reference_text == "credential-refused"
    assert form.password.box.at_fault
    assert not form.act.busy


def test_what_codes_are_made_from_may_be_given_too_and_is_looked_at_before_it_is_sent(desk: Desk) -> None:
    codeless = ErrorView("one-time-code-missing", "This system wants a one-time code.", "Type it.")
    wanted = launch("firearms", "needs", needs="credential", surface="", coded=True, error=codeless)
    desk.draw(snapshot(wanted), "firearms")
    form = desk.page("firearms").credential
    assert "one-time code" in form.lead.text()
    assert not form.error.isVisible()
    form.name.edit.setText("a4471")
    form.password.edit.setText("HUNTER2")
    QTest.keyClicks(form.seed.edit, "not a seed!")
    QTest.keyClick(form.seed.edit, Qt.Key.Key_Return)
    assert desk.commands == []
    assert form.seed.box.at_fault
    form.seed.edit.setText("GEZD GNBV GY3T QOJQ")
    QTest.keyClick(form.seed.edit, Qt.Key.Key_Return)
    assert desk.commands == [
        GiveCredential("firearms", "a4471", Secret("HUNTER2"), Secret("GEZD GNBV GY3T QOJQ")),
    ]
    assert form.seed.text() == form.password.text() == ""
    desk.draw(snapshot(launch("firearms", "needs", needs="credential", surface="")))
    assert not form.seed.isVisible()


def test_an_empty_field_is_said_and_nothing_is_sent(desk: Desk) -> None:
    desk.draw(snapshot(launch("firearms", "needs", needs="credential", surface="")), "firearms")
    desk.page("firearms").credential.act.click()
    assert desk.commands == []
    assert desk.page("firearms").credential.name.box.at_fault


@pytest.mark.parametrize("needs", ["finish", "notice", "change-password", "already-signed-on", "provider"])
def test_what_only_a_person_can_do_is_done_on_the_page_under_a_bar(desk: Desk, needs: str) -> None:
    desk.open()
    desk.draw(snapshot(launch("custody", "needs", needs=needs, says="custody/logon, title 'Log on'")))
    assert desk.face("custody") is Face.PAGE
    page = desk.page("custody")
    assert page.notice.isVisible()
    assert "title 'Log on'" in page.notice.next_step.text()
    desk.draw(snapshot(launch("custody", "ready")))
    assert not page.notice.isVisible()


def test_a_page_that_wants_a_new_password_is_asked_for_or_changed_by_hand_on_it(desk: Desk) -> None:
    desk.open()
    wanted = launch("custody", "needs", needs="new-password", rules=PasswordRules(12, 40))
    desk.draw(snapshot(wanted))
    assert desk.face("custody") is Face.NEW_PASSWORD
    form = desk.page("custody").new_password
    assert form.rules.text() == "12 to 40 characters."
    for field in (form.new, form.again):
        field.edit.setText("a much newer one")
    form.act.click()
    assert desk.commands == [GiveNewPassword("custody", Secret("a much newer one"))]
    form.by_hand.click()
    desk.draw(snapshot(wanted))
    assert desk.face("custody") is Face.PAGE
    assert desk.page("custody").notice.what.text().startswith("The system wants a new password from you.")


def test_a_program_shows_its_lines_and_whether_it_runs(desk: Desk) -> None:
    lines = tuple(f"line {n}" for n in range(300))
    desk.draw(snapshot(launch("plates", "ready", surface="", running=True, output=lines)))
    assert desk.face("plates") is Face.PROGRAM
    program = desk.page("plates").program
    assert program.state.text() == "The program is running"
    assert program.output.toPlainText().endswith("line 299")
    bar = program.output.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    desk.draw(snapshot(launch("plates", "ready", surface="", running=False, output=(*lines, "bye"))))
    assert bar.value() == 0  # what is being read stays where it is
    assert program.state.text() == "The program has ended"
    program.end.click()
    assert desk.commands == [CloseSystem("plates")]


def test_a_page_that_left_its_bounds_or_crashed_is_said_and_comes_back(desk: Desk) -> None:
    driver = desk.open()
    desk.draw(snapshot(launch("custody", "ready")))
    desk.site.pages["/"] = PAGE + "<script>location = 'https://elsewhere.example/'</script>"
    desk.surfaces.reload("custody")
    desk.room.until(lambda: desk.face("custody") is Face.FAULT)
    fault = desk.page("custody").fault
    assert fault.panel.reference_text == "page-not-expected"
    assert fault.retry.text() == "Back to the page"
    fault.retry.click()
    assert desk.face("custody") is Face.PAGE
    desk.site.pages["/"] = PAGE
    view = desk.surfaces.widget("custody")
    assert isinstance(view, WebView)
    raw = view.page()
    assert isinstance(raw, WebPage)
    os.kill(raw.renderProcessPid(), signal.SIGKILL)
    desk.room.until(lambda: desk.face("custody") is Face.FAULT)
    assert fault.panel.reference_text == "page-crashed"
    tab = desk.work.tabs.tab("custody")
    assert tab is not None
    assert tab.view.state is State.FAILED
    fault.retry.click()
    assert desk.room.run(driver.first_of([Place(text="Cell block B")], 10.0)) is not None
    assert desk.face("custody") is Face.PAGE


def test_closing_asks_when_something_typed_would_be_lost(desk: Desk) -> None:
    driver = desk.open()
    desk.room.run(driver.fill("#a", Secret("filled by us, and in the field from now on")))
    desk.draw(snapshot(launch("custody", "ready")), "custody")
    view = desk.surfaces.widget("custody")
    assert view is not None
    keys = view.focusProxy()
    assert keys is not None
    desk.room.until(lambda: not QTest.keyClicks(keys, "x") and desk.surfaces.is_edited("custody"))
    desk.work.close_current()
    assert desk.commands == []
    page = desk.page("custody")
    assert page.question.isVisible()
    assert page.keep_it.hasFocus()
    page.keep_it.click()
    assert not page.question.isVisible()
    desk.work.close_current()
    page.close_it.click()
    assert desk.commands == [CloseSystem("custody")]


def test_the_tab_that_comes_to_the_front_is_said_to_be_looked_at_whatever_brings_it(desk: Desk) -> None:
    said: list[str] = []
    desk.work.looked.connect(said.append)
    one, two = launch("custody", "ready", surface=""), launch("crime", "ready", surface="")
    desk.draw(snapshot(one, two), "custody")
    desk.draw(snapshot(two))  # the one in front was closed
    assert said[-1] == "crime"
    desk.work.show_system("custody")  # by a link: it is not there yet
    desk.draw(snapshot(two, one))
    assert said[-1] == "custody"


def test_a_programs_tab_brings_its_windows_forward_when_it_is_turned_to(desk: Desk) -> None:
    def brought() -> list[object]:
        return [one for one in desk.commands if isinstance(one, BringForward)]

    web, queued = launch("custody", "ready", surface=""), launch("plates", "opening", surface="")
    runs = launch("plates", "ready", surface="", running=True)
    desk.draw(snapshot(web, queued), "plates")
    assert brought() == []
    desk.draw(snapshot(web, runs))  # it has just opened, in the tab that is looked at
    desk.draw(snapshot(web, runs))
    assert brought() == [BringForward("plates")]
    desk.key(Qt.Key.Key_1)
    desk.draw(snapshot(web, replace(runs, output=("a line",))))
    assert len(brought()) == 1
    desk.key(Qt.Key.Key_2)
    assert len(brought()) == 2
    tab = desk.work.tabs.tab("plates")
    assert tab is not None
    tab.click()  # it is the current one already: the way back from the launcher to the window
    assert len(brought()) == 3
    tab.setFocus()
    desk.key(Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    desk.key(Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    assert (desk.work.current_system, len(brought())) == ("plates", 3)  # come by, and not pressed
    desk.page("plates").program.window_button.click()
    assert len(brought()) == 4
    desk.work.close_current()  # the question would be behind them
    assert len(brought()) == 4


def test_closing_asks_when_a_program_runs(desk: Desk) -> None:
    desk.draw(snapshot(launch("plates", "ready", surface="", running=True)))
    desk.work.close_current()
    assert desk.page("plates").question.isVisible()
    assert desk.commands == []


def test_a_surface_that_ends_or_comes_again_leaves_no_dead_widget(desk: Desk) -> None:
    picture = snapshot(launch("custody", "ready"))
    for _ in range(3):
        desk.open()
        desk.draw(picture)
        assert desk.face("custody") is Face.PAGE
    desk.draw(snapshot(launch("custody", "opening", surface="", phases=RUNNING)))
    desk.room.run(desk.surfaces.close("custody"))
    desk.draw(snapshot(launch("custody", "opening", surface="", phases=RUNNING)))
    assert desk.face("custody") is Face.OPENING
    desk.open()
    desk.draw(picture)
    assert desk.face("custody") is Face.PAGE


# --- for everybody

STATES = (
    launch("custody", "opening", surface="", phases=RUNNING),
    launch("custody", "failed", surface="", error=UNREACHABLE),
    launch("custody", "needs", surface="", needs="credential"),
    launch("custody", "needs", surface="", needs="credential", error=WRONG),
    launch("plates", "ready", surface="", running=True, output=("one", "two")),
    launch("plates", "unknown", surface="", output=()),
)


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=1.5), Look(theme="dark", scale=2.0)])
@pytest.mark.parametrize("shown", STATES, ids=lambda one: f"{one.system}-{one.state}-{one.needs}")
def test_every_state_is_named_whole_and_large_enough(desk: Desk, look: Look, shown: object) -> None:
    current().wear(look)
    desk.draw(replace(snapshot(), launches=(shown,), tabs=(shown.system,)))  # type: ignore[attr-defined,arg-type]
    assert nameless(desk.work) == []
    assert cut_texts(desk.work) == []
    assert too_small(desk.work) == []


@pytest.mark.parametrize("needs", ["notice", "provider", "password-unknown", "signed-off", "already-signed-on"])
def test_what_a_page_needs_a_person_for_is_whole_above_it(desk: Desk, needs: str) -> None:
    desk.open()
    said = "Only for policing purposes. Each use is recorded and reviewed by your force."
    for scale in (1.0, 2.0):
        current().wear(Look(scale=scale))
        desk.draw(snapshot(launch("custody", "needs", needs=needs, says=said)), "custody")
        settle()
        assert desk.face("custody") is Face.PAGE
        assert (cut_texts(desk.work), too_small(desk.work)) == ([], [])


def test_errors_without_words_of_their_own_still_say_something(desk: Desk) -> None:
    desk.draw(snapshot(launch("custody", "failed", surface="", error=None)))
    assert desk.page("custody").fault.panel.what.text()
