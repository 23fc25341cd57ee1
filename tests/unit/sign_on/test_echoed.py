"""A real host that shows what is typed at its prompt: the password is in no picture, log, trace or word of ours."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace
from launcher.terminal.engine import VtEngine
from launcher.terminal.grid import GridPicture
from launcher.terminal.keys import Key
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.lines.telnet import open_telnet
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import MakeEngine
from tests.servers import people, unix_host
from tests.servers.host_screens import at_prompt
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.sign_on.host_bench import UNIX_LOGON, WITHIN_S, run, screens
from tests.unit.terminal.vt.engines import both, made

SHOWN = "Nightjar-7-over-the-edge-of-a-row"
"""Long enough to go on in the next row behind this prompt."""
PROMPT = "Password of the records of vehicles and of the persons who keep them: "
ASKS = screens(
    at_prompt("shell", unix_host.PROMPT, f'read -p "{PROMPT}" x; echo "<$x> IS NOT RIGHT"', "asked"),
    at_prompt("asked", PROMPT.strip(), "{password}", "refused"),
    {"name": "refused", "at": [{"text": "> IS NOT RIGHT"}], "means": "failed", "says_row": 1},
)


class Screen:
    """What is drawn, as a widget and a screen reader have it, and all that ever was."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        self.ever: list[str] = []

    def draw(self, picture: GridPicture) -> None:
        for row in picture.changed:
            self.rows[row.row] = "".join(one.text for one in row.runs)
        self.ever.append("".join(self.rows[row] for row in sorted(self.rows)))


async def at_a_shell(server: Sshd | Telnetd, make: MakeEngine, log: SessionLog) -> Terminal[VtEngine]:
    if isinstance(server, Sshd):
        proof = Password(Secret(people.PASSWORD))
        by_ssh = await open_ssh(
            server.host, server.port, unix_host.USER, proof, server.known_hosts, rows=24, columns=80
        )
        return Terminal(make(24, 80), by_ssh, session_log=log)
    by_telnet = await open_telnet(server.host, server.port, allowed=False, rows=24, columns=80)
    terminal = Terminal(make(24, 80), by_telnet, session_log=log)
    values = Values(unix_host.USER, Secret(people.PASSWORD))
    outcome = await sign_on_screens(TerminalDriver(terminal), UNIX_LOGON, values, within_s=WITHIN_S)
    assert outcome.outcome == "ready"
    return terminal


@both
@pytest.mark.parametrize(
    "by",
    [
        pytest.param("ssh_host", marks=pytest.mark.needs("sshd")),
        pytest.param("telnet_host", marks=pytest.mark.needs("telnetd")),
    ],
)
def test_a_password_that_a_host_shows_is_nowhere_of_ours(
    request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture, by: str, name: str
) -> None:
    server: Sshd | Telnetd = request.getfixturevalue(by)
    shown = Screen()

    async def story() -> None:
        terminal = await at_a_shell(server, made(name), SessionLog(tmp_path / "log", "records"))
        driver, trace = TerminalDriver(terminal), Trace()
        terminal.subscribe(shown.draw)
        values = Values(unix_host.USER, Secret(SHOWN))
        outcome = await sign_on_screens(driver, ASKS, values, within_s=WITHIN_S, trace=trace)
        assert outcome.outcome == "failed"
        assert SHOWN in "".join(terminal.grid.text), "the host has shown it"
        assert PROMPT + SHOWN in "".join(terminal.grid.text)
        # It stays hidden while the screen scrolls, and above it.
        for _ in range(30):
            terminal.type("echo")
            terminal.press(Key("Enter"))
        terminal.type("# the end")
        await terminal.wait_for(lambda grid: "# the end" in "".join(grid.text), WITHIN_S)
        assert PROMPT not in "".join(terminal.grid.text)
        above = "".join(terminal.above(0, terminal.grid.scroll_back).text)
        assert PROMPT + "•" * len(SHOWN) in above
        assert PROMPT + SHOWN not in above
        # The host's own words are the host's: who reads the screen sees what it says.
        assert f"<{SHOWN}> IS NOT RIGHT" in above
        await terminal.close()
        said = "\n".join((*map(str, trace.lines), outcome.says, outcome.last_seen, driver.last_seen()))
        assert SHOWN not in said
        assert SHOWN[:12] not in said

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert any(PROMPT + "•" * len(SHOWN) in one for one in shown.ever)
    assert not any(PROMPT + SHOWN[:1] in one for one in shown.ever)
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert "IS NOT RIGHT" in written
    for part in (SHOWN, SHOWN[:12], SHOWN[-12:]):
        assert part not in written + caplog.text
    assert unix_host.USER in written  # who it was is no secret
