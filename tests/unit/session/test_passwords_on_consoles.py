"""A password is changed on the screens of a telnet host's login, and on those of a 3270 console's shell."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from tests.servers import linux3270, unix_host
from tests.servers.host_screens import in_hidden_field
from tests.servers.linux3270 import Linux3270
from tests.servers.telnetd import Telnetd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Running
from tests.unit.session.password_bench import CHANGE, NEW, OFF, asked_for_new, changed_by_hand, is_said
from tests.unit.session.terminal_bench import left_on, log_off, play

# --- login(1) over telnet: it asks before there is a shell, and goes on to it

LOGIN_OFF = (*OFF, {"name": "login", "before_cursor": "login:", "means": "logon"})
LOGIN = (
    t.UNIX_LOGON[0],
    {**t.UNIX_LOGON[1], "next": ["shell", "refused", "expired"]},
    *t.UNIX_LOGON[2:],
    {"name": "expired", "text": ["required to change your password"], "means": "change-password"},
)
LOGIN_CHANGE = (
    *CHANGE[:2],
    {**CHANGE[2], "next": ["changed", "not-taken"]},
    {**t.UNIX_SHELL, "name": "changed", "means": "changed"},
    *CHANGE[4:],
)


def by_telnet(host: Telnetd) -> str:
    spec = {"host": host.host, "line": "telnet", "port": host.port, "sign_on": "form"}
    return t.terminal(spec, LOGIN, off=LOGIN_OFF, line_end=True, change=LOGIN_CHANGE)


async def refused_first(here: Running, system: str, short: str, said: str) -> None:
    """Give one that the host does not take, and then the new one."""
    here.send(c.GiveNewPassword(system, Secret(short)))
    now = await here.until(partial(is_said, said))
    assert now.launches[0].needs == "new-password"
    here.send(c.GiveNewPassword(system, Secret(NEW)))
    ready = await here.launch(system, "ready", "failed")
    assert (ready.state, ready.error) == ("ready", None)
    await log_off(here)
    assert left_on(here) == []
    assert NEW not in here.watched.everything()


def test_login_over_telnet_takes_it_and_goes_on_to_the_shell(tmp_path: Path, fresh_telnet_host: Telnetd) -> None:
    made = t.bench(tmp_path, {"old": by_telnet(fresh_telnet_host)}, {"old": t.EXPIRED_OWN})

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here, "old")
            await refused_first(here, "old", "abc", "It is too short")

    play(change)
    assert t.kept(made, "old") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))

    async def next_session() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("old"))
            assert (await here.launch("old", "ready", "failed", "needs")).state == "ready"
            await log_off(here)

    play(next_session)


def test_changed_by_hand_at_login_over_telnet_it_is_ready_and_the_new_one_asked_for_the_next_time(
    tmp_path: Path, fresh_telnet_host: Telnetd
) -> None:
    made = t.bench(tmp_path, {"old": by_telnet(fresh_telnet_host)}, {"old": t.EXPIRED_OWN})

    async def by_hand() -> None:
        async with made.session() as here:
            await asked_for_new(here, "old")
            await changed_by_hand(here, "old")
            assert (await here.launch("old", "ready", "failed")).state == "ready"
            await log_off(here)
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("old"))
            assert (await here.launch("old", "needs")).needs == "credential"
            here.send(c.GiveCredential("old", unix_host.MUST_CHANGE, Secret(NEW)))
            await here.launch("old", "ready")
            await log_off(here)

    play(by_hand)
    assert t.kept(made, "old") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))


# --- passwd at the shell of a 3270 console

CONSOLE = (
    *t.CONSOLE[:2],
    {**t.CONSOLE[2], "next": ["shell", "expired", "refused"]},
    {**t.CONSOLE[3], "absent": [linux3270.EXPIRED]},
    t.CONSOLE[4],
    {"name": "expired", "text": [linux3270.EXPIRED, t.SHELL], "means": "change-password"},
)
PASSWD = (
    {
        "name": "shell",
        "text": [t.SHELL],
        "hidden_inputs": 0,
        "fill": [{"input": 1, "value": "clear; passwd"}],
        "press": "Enter",
        "next": ["old"],
    },
    in_hidden_field("old", "Old password:", "{password}", "new", "not-taken"),
    in_hidden_field("new", "New password:", "{new_password}", "again", "not-taken"),
    in_hidden_field("again", "Retype password:", "{new_password}", "changed", "not-taken"),
    {"name": "changed", "text": ["changed by", t.SHELL], "means": "changed"},
    {"name": "not-taken", "text": ["is unchanged", t.SHELL], "means": "failed", "says": "Too short, or too like."},
)


def test_passwd_on_a_3270_console_takes_it(tmp_path: Path, linux_host: Linux3270) -> None:
    spec = {**t.tn3270(linux_host.port, linux3270.CODE_PAGE), "begins": ["login", "blank"]}
    entry = t.terminal(spec, CONSOLE, off=t.CONSOLE_OFF, change=PASSWD)
    own = Credential(linux3270.MUST_CHANGE, Secret(linux3270.PASSWORD))
    made = t.bench(tmp_path, {"console": entry}, {"console": own})

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here, "console")
            await refused_first(here, "console", "abc", "Too short, or too like")

    play(change)
    assert t.kept(made, "console") == Kept(replaced(own))


def replaced(own: Credential) -> Credential:
    return Credential(own.user_name, Secret(NEW))
