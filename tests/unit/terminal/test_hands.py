"""What is pasted into a shell whose host lacks a character, and how often its bell is heard."""

from __future__ import annotations

from launcher.secret import Secret
from launcher.terminal.engine import Typed
from launcher.terminal.keys import Key
from launcher.terminal.lines.ssh import Password, open_ssh
from launcher.terminal.pictures import BELLS_A_SECOND
from launcher.terminal.terminal import Terminal
from launcher.terminal.vt.choice import vt_engine
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.unit.terminal.hosts import WITHIN_S, Board
from tests.unit.terminal.test_pacing import at_a_shell, at_prompt, run


def test_of_a_paste_that_the_host_has_no_character_for_nothing_reaches_it(ssh_host: Sshd) -> None:
    async def story() -> None:
        proof, size = Password(Secret(people.PASSWORD)), {"rows": 24, "columns": 80}
        line = await open_ssh(
            ssh_host.host, ssh_host.port, unix_host.USER, proof, ssh_host.known_hosts, encoding="latin-1", **size
        )
        made = Terminal(vt_engine(24, 80), line)
        try:
            await made.wait_for(at_prompt, WITHIN_S)
            assert made.paste("echo ab\necho c→d\necho ef") == Typed(0, "not-in-code-page", "→")
            assert made.paste("\u2028\ud800") == Typed(0, "not-in-code-page", "\ud800")
            # Ends of lines and what is never sent stop nothing.
            made.paste("echo one-£\u2028echo t\x9bwo")
            made.press(Key("Enter"))
            await made.wait_for(
                lambda grid: at_prompt(grid) and "two" in {row.strip() for row in grid.lines()}, WITHIN_S
            )
            said = [row.rstrip() for row in made.grid.lines() if row.strip()]
            assert {"one-£", "two"} <= set(said)
            assert not any(sent in row for row in said for sent in ("?", "ab", "ef"))
        finally:
            await made.close()

    run(story())


def test_a_bell_that_rings_all_the_time_is_heard_a_few_times_a_second(ssh_host: Sshd) -> None:
    async def story() -> None:
        async with at_a_shell(ssh_host) as made:
            board = Board()
            made.subscribe(board.draw)
            made.type("while read x; do printf '\\a<%s>\\n' $x; done")
            made.press(Key("Enter"))
            await made.wait_for(lambda grid: (grid.cursor.row, grid.cursor.column) == (1, 0), WITHIN_S)
            rang, heard = made.grid.bell, board.pictures[-1].bell
            clock, began_s = made._loop.time, made._loop.time()
            for n in range(60):
                made.type(str(n))
                made.press(Key("Enter"))
                await board.until(f"<{n}>")
            took_s = clock() - began_s
            assert made.grid.bell == rang + 60
            assert 1 <= board.pictures[-1].bell - heard <= 1 + BELLS_A_SECOND * took_s

    run(story())
