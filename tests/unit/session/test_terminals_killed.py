"""Where the officer of a session that is killed is said to be signed on: wherever that may be so, and nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from launcher.secret import Secret
from launcher.session import commands as c
from tests.servers import mocker3270
from tests.servers.mocker3270 import Mocker3270
from tests.unit.session import terminal_bench as t
from tests.unit.session.test_terminals import left_on, log_off, play
from tests.unit.session.test_terminals_hands import Talks, signed_on
from tests.unit.terminal.hosts import host


def test_where_a_field_took_no_password_nobody_is_signed_on(tmp_path: Path, mocker_host: Mocker3270) -> None:
    too_long = replace(t.MOCKER_OWN, password=Secret("x" * 80))
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": too_long})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            failed = await here.launch("forms", "failed", "ready")
            assert failed.error is not None
            assert failed.error.reference == "terminal-field-refused"
            await here.heard(lambda: signed_on(here)[-1:] == [0])
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_where_a_later_field_of_the_passwords_screen_refused_nobody_is_signed_on(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    code = {"label": "USER ID", "value": "→"}
    logon = {**t.MOCKER[0], "fill": [*t.MOCKER[0]["fill"], code]}  # type: ignore[misc]
    entry = t.terminal(t.tn3270(mocker_host.port, mocker3270.CODE_PAGE), (logon, *t.MOCKER[1:]), off=t.MOCKER_OFF)
    made = t.bench(tmp_path, {"forms": entry}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            failed = await here.launch("forms", "failed", "ready")
            assert failed.error is not None
            assert failed.error.reference == "terminal-field-refused"
            assert signed_on(here) == [1, 0]
            await log_off(here)

    play(story)


def test_where_a_password_was_sent_before_a_field_refused_somebody_may_be(tmp_path: Path) -> None:
    async def story() -> None:
        talks = Talks()
        async with host(talks.plays) as port:
            spec = {"host": "127.0.0.1", "line": "telnet", "port": port, "sign_on": "form", "encoding": "latin-1"}
            more = {"name": "more", "text": ["hello$"], "fill": [{"value": "→"}], "press": "Enter", "next": ["shell"]}
            password = {**t.UNIX_LOGON[1], "next": ["more"]}
            entry = t.terminal(spec, (t.UNIX_LOGON[0], password, more, t.UNIX_SHELL))
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN})
            async with made.session() as here:
                await here.log_on()
                here.send(c.OpenSystem("shell"))
                failed = await here.launch("shell", "failed", "ready")
                assert failed.error is not None
                assert failed.error.reference == "terminal-field-refused"
                assert signed_on(here) == [1]
                await log_off(here)
                assert len(left_on(here)) == 1

    play(story)
