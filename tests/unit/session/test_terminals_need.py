"""What a real host shows that only the officer may answer: a notice the law wants read, a session somebody has left."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from launcher.grants.store import Kept
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.errors import TerminalLineError
from launcher.terminal.keys import Key
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.wire.records import NoticeRecord
from tests.servers import linux3270, unix_host
from tests.servers.linux3270 import Linux3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.terminal_bench import left_on, log_off, play
from tests.unit.terminal.tn3270.calling import called

MONITORED = "Use of this system is monitored"
NOTICE = (
    {
        "name": "first",
        "before_cursor": unix_host.PROMPT.strip(),
        "fill": [{"value": f"dialog --msgbox '{MONITORED}' 8 50; clear; read -p 'The news: '; clear; echo go on"}],
        "press": "Enter",
        "next": ["notice", "news", "shell"],
    },
    {"name": "news", "before_cursor": "The news:", "press": "Enter", "next": ["news", "shell"]},
    {"name": "notice", "text": [MONITORED, "OK"], "means": "notice", "says": "Read the notice."},
    {"name": "shell", "text": ["go on"], "absent": ["dialog"], "before_cursor": "$", "means": "ready"},
)


def test_a_notice_is_shown_to_the_officer_and_after_their_key_the_recipe_goes_on(
    tmp_path: Path, ssh_host: Sshd
) -> None:
    spec = {"host": ssh_host.host, "line": "ssh", "port": ssh_host.port, "sign_on": "password"}
    entry = t.terminal(spec, NOTICE, off=t.UNIX_OFF, line_end=True)
    made = t.bench(tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            waits = await here.launch("shell", "needs", "ready", "failed")
            assert (waits.state, waits.needs, waits.says) == ("needs", "notice", "Read the notice.")
            view = here.surfaces.terminals["shell"]
            await here.heard(partial(view.shows, MONITORED))
            view.feed.press(Key("Enter"))
            await here.launch("shell", "ready")
            (read,) = [one for one in here.watched.records() if isinstance(one, NoticeRecord)]
            assert (read.system, read.page, read.officer) == ("shell", "notice", "local#id-4471")
            await log_off(here)
            assert left_on(here) == []
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("ready", 1)

    play(story)
    assert t.kept(made, "shell") == Kept(t.UNIX_OWN)


def test_a_session_that_somebody_has_left_is_said_and_given_no_password_and_ended_by_the_sign_off(
    tmp_path: Path, linux_host: Linux3270
) -> None:
    left = {"name": "left", "text": [t.SHELL], "means": "already-signed-on", "says": "Somebody is signed on here."}
    spec = {**t.tn3270(linux_host.port, linux3270.CODE_PAGE), "begins": ["left", "login", "blank"]}
    made = t.bench(
        tmp_path, {"console": t.terminal(spec, (*t.CONSOLE, left), off=t.CONSOLE_OFF)}, {"console": t.CONSOLE_OWN}
    )

    async def story() -> None:
        async with called(Tn3270Engine(code_page_name=linux3270.CODE_PAGE), linux_host.port) as before:
            screens = [Screen.model_validate(one) for one in t.CONSOLE]
            values = Values(linux3270.USER, Secret(linux3270.PASSWORD))
            outcome = await sign_on_screens(
                TerminalDriver(before), screens, values, within_s=60.0, begins=("login", "blank")
            )
            assert outcome.outcome == "ready"
        assert isinstance(before.lost, TerminalLineError)  # and nobody has signed off
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("console"))
            await here.launch("console", "needs", "ready", "failed")
            await log_off(here)
            assert left_on(here) == []
            (record,) = here.watched.launch_records()
            assert (record.outcome, record.prompts) == ("already-signed-on", 1)
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("console"))
            ready = await here.launch("console", "ready", "failed", "needs")
            assert (ready.state, here.watched.launch_records()[-1].outcome) == ("ready", "ready")
            await log_off(here)

    play(story)
