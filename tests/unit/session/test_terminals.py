"""Terminals in a session, on real hosts: signed on without a prompt, held while locked, and signed off at the end."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.terminal.keys import Key
from launcher.wire import messages as m
from tests.servers import mocker3270, people, unix_host
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse, WithholdResponses
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.session import terminal_bench as t
from tests.unit.session.terminal_bench import left_on, log_off, nothing_open, opened, play, said_with_its_line


def test_each_host_is_ready_with_no_prompt_shown_from_its_first_picture_and_signed_off(
    tmp_path: Path, mocker_host: Mocker3270, ssh_host: Sshd, telnet_host: Telnetd
) -> None:
    entries = {"forms": t.mocker(mocker_host), "shell": t.ssh(ssh_host), "old": t.telnet(telnet_host)}
    own = {"forms": t.MOCKER_OWN, "shell": t.UNIX_OWN, "old": t.UNIX_OWN}
    here_is = t.bench(tmp_path, entries, own, ssh_host.known_hosts)

    async def story() -> None:
        async with here_is.session() as here:
            await here.log_on()
            here.send(c.OpenMySystems())
            for system, shown in (("forms", "MAIN MENU"), ("shell", "records"), ("old", "records")):
                view = await here.launch(system, "ready", "failed", "unknown")
                assert (view.state, view.error) == ("ready", None)
                assert view.surface == system
                assert view.signed_on_as == own[system].user_name
                await here.heard(partial(here.surfaces.terminals[system].shows, shown))
            for record in here.watched.launch_records():
                assert (record.outcome, record.prompts, record.system_kind) == ("ready", 0, "terminal")
                assert {"reach", "spawn", "ready"} <= {one.phase for one in record.phases}
            await log_off(here)
            assert left_on(here) == []
            assert people.PASSWORD not in here.watched.everything()
            assert mocker3270.PASSWORD not in here.watched.everything()

    play(story)


def test_a_closed_tab_and_a_session_that_ends_leave_the_logon_screen_to_the_next_caller(
    tmp_path: Path, linux_host: Linux3270
) -> None:
    made = t.bench(tmp_path, {"console": t.console(linux_host)}, {"console": t.CONSOLE_OWN})

    async def story() -> None:
        for ends in ("tab", "session", "locked", "looked at once more"):
            async with made.session() as here:
                # Were the last caller signed on still, there would be no logon screen, and nobody would be signed on.
                await opened(here, "console")
                if ends == "tab":
                    here.send(c.CloseSystem("console"))
                    await here.heard(partial(nothing_open, here))
                elif ends == "locked":
                    here.send(m.Lock(why="asked"))
                    await here.until(lambda now: now.stage == "locked")
                await log_off(here) if ends != "locked" else None
            assert left_on(here) == []

    play(story)


def test_a_session_that_ends_gives_each_host_the_time_its_entry_says(tmp_path: Path, linux_host: Linux3270) -> None:
    entries, own = {"console": t.console(linux_host)}, {"console": t.CONSOLE_OWN}
    made = t.bench(tmp_path, entries, own, limits="end_within_s = 0.01\n")

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "console")
            assert here.watched.of(m.SignedOnAt)[-1].sign_off_s > 1
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_a_wrong_password_is_said_in_the_hosts_words_marked_and_asked_for_anew(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    wrong = Credential(mocker3270.USER, Secret("WRONG"))
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": wrong})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            failed = await here.launch("forms", "failed")
            assert failed.error is not None
            assert failed.error.reference == "sign-on-refused"
            assert failed.error.what == "DEM0101E USER ID OR PASSWORD IS INCORRECT"
            here.send(c.RetrySystem("forms"))
            asked = await here.launch("forms", "needs")
            assert asked.needs == "credential"
            here.send(c.GiveCredential("forms", mocker3270.USER, Secret(mocker3270.PASSWORD)))
            await here.launch("forms", "ready")
            assert here.watched.launch_records()[-1].prompts == 1
            await log_off(here)
            assert left_on(here) == []

    play(story)
    assert t.kept(made, "forms") == Kept(t.MOCKER_OWN)


def test_what_ssh_refuses_is_marked_and_a_host_key_that_is_not_entered_is_nothing_of_the_password(
    tmp_path: Path, ssh_host: Sshd
) -> None:
    wrong = Credential(unix_host.USER, Secret("no-" + people.PASSWORD))
    made = t.bench(tmp_path / "a", {"shell": t.ssh(ssh_host)}, {"shell": wrong}, ssh_host.known_hosts)
    key = ssh_host.known_hosts.split(maxsplit=1)[1]
    other = t.bench(tmp_path / "b", {"shell": t.ssh(ssh_host)}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            failed = await here.launch("shell", "failed")
            assert failed.error is not None
            assert failed.error.reference == "terminal-logon-refused"
            here.send(c.RetrySystem("shell"))
            assert (await here.launch("shell", "needs")).needs == "credential"

    play(story)
    found = t.kept(made, "shell")
    assert found is not None
    assert found.refused

    async def not_entered() -> None:
        async with other.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            failed = await here.launch("shell", "failed")
            assert failed.error is not None
            assert failed.error.reference == "terminal-host-key-refused"
            assert left_on(here) == []

    blob = key.split()[1]
    (tmp_path / "b" / "known_hosts").write_text(ssh_host.known_hosts.replace(blob, blob[:-8] + "AAAA" + blob[-4:]))
    play(not_entered)
    assert t.kept(other, "shell") == Kept(t.UNIX_OWN)


def test_a_line_that_is_cut_is_said_in_its_tab_which_connects_again(tmp_path: Path, mocker_host: Mocker3270) -> None:
    async def story() -> None:
        async with t.forms_behind_a_proxy(tmp_path, mocker_host) as (front, here):
            front.set(Refuse())
            lost = await here.launch("forms", "failed")
            assert lost.error is not None
            assert (lost.error.reference, lost.error.retryable) == ("terminal-line-lost", True)
            await here.heard(lambda: here.surfaces.terminals["forms"].shows("MAIN MENU"))
            front.set(PassThrough())
            here.send(c.RetrySystem("forms"))
            await here.launch("forms", "ready")
            assert said_with_its_line(left_on(here), front.port)
            assert left_on(here) == [one.text for one in here.now.notices if one.what == "left-signed-on"]
            told = [len(one.systems) for one in here.watched.of(m.SignedOnAt)]
            assert told == [1, 0, 1], "who kills the session now knows where its officer is left"
            await log_off(here)

    play(story)


def test_a_host_that_hangs_costs_its_deadline_alone_and_is_said_to_be_left_signed_on(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    async def story() -> None:
        with FaultProxy(mocker_host.port) as front:
            entries = {
                "hung": t.terminal(
                    t.tn3270(front.port, mocker3270.CODE_PAGE), t.MOCKER, off=t.MOCKER_OFF, off_within_s=0.2
                ),
                "forms": t.mocker(mocker_host),
            }
            own = {"hung": t.MOCKER_OWN, "forms": t.MOCKER_OWN}
            made = await asyncio.to_thread(t.bench, tmp_path, entries, own)
            async with made.session() as here:
                await opened(here, "hung")
                here.send(c.OpenSystem("forms"))
                await here.launch("forms", "ready")
                front.set(WithholdResponses())
                await log_off(here)
                assert said_with_its_line(left_on(here), front.port)

    play(story)


def test_while_locked_nothing_is_drawn_no_key_is_taken_and_the_line_stays(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "forms")
            view = here.surfaces.terminals["forms"]
            here.send(c.SetPin(Secret("482915")))
            await here.until(lambda now: now.pin_set)
            here.send(c.Lock())
            await here.until(lambda now: now.stage == "locked")
            before = view.pictures
            view.feed.type("9")
            view.feed.press(Key("PF3"))
            view.feed.paste("x")
            assert view.pictures == before
            here.send(c.GivePin(Secret("482915")))
            await here.until(lambda now: now.stage == "signed-in")
            await here.heard(lambda: view.pictures > before)
            assert view.shows("MAIN MENU")
            now = await here.launch("forms", "ready")
            assert not now.unsent
            view.feed.type("9")
            await here.until(lambda now: now.launches[0].unsent)
            here.send(c.LogOff())
            asked = await here.until(lambda now: now.leaving is not None)
            assert asked.leaving is not None
            assert asked.leaving.edited == ("forms",)
            here.send(c.StayLoggedOn())
            view.feed.press(Key("Enter"))
            await here.until(lambda now: not now.launches[0].unsent)
            await log_off(here)
            assert left_on(here) == []

    play(story)
