"""A program that repeats what it is given: the officer sees that it was given, and never what."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.openers.program import HIDDEN
from tests.unit.session.bench import Bench, program

PASSWORD = "otter-in-the-Reeds-9"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the seed of RFC 6238, appendix B
ECHO = """
import pathlib, sys
given = [sys.stdin.readline().strip() for _ in range(2)]
pathlib.Path(sys.argv[1]).write_text(given[1])
print("you said", *given, flush=True)
print("the code was", given[1], flush=True)
print("the password was", given[0].partition("/")[2], "of", given[0].partition("/")[0], flush=True)
print("READY", flush=True)
sys.stdin.read()
"""


def echo(told: Path) -> str:
    lines = 'lines = ["{username}/{password}", "{otp}"]\notp = true\ncredential = "store"\n'
    return program("-c", ECHO, str(told), give="stdin").replace('lines = ["{username}", "{password}"]\n', lines)


def test_a_password_in_the_middle_of_a_line_and_a_code_are_never_shown(tmp_path: Path) -> None:
    told = tmp_path / "told"
    entry = echo(told)

    async def play() -> None:
        bench = Bench(tmp_path / "b", {"echo": entry})
        store = credential_store("file", bench.where.state)
        await store.put(OfficerId("local", "id-4471"), "echo", Credential("fd-clerk", Secret(PASSWORD), Secret(SEED)))
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("echo"))
            ready = await here.launch("echo", "ready")
            code = told.read_text()
            assert len(code) == 6
            assert ready.output == (
                f"you said {HIDDEN} {HIDDEN}",
                f"the code was {HIDDEN}",
                f"the password was {HIDDEN} of fd-clerk",
                "READY",
            )
            pictures = here.watched.everything()
            assert code not in pictures
            assert PASSWORD not in pictures

    asyncio.run(play())


def test_what_codes_are_made_from_is_asked_for_beside_the_password_and_kept_with_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "b", {"echo": echo(tmp_path / "told")})

    async def play() -> None:
        async with bench.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("echo"))
            assert (await here.launch("echo", "needs")).coded
            here.send(c.GiveCredential("echo", "fd-clerk", Secret(PASSWORD)))
            failed = await here.launch("echo", "failed")
            assert failed.error is not None
            assert (failed.error.reference, failed.error.retryable) == ("one-time-code-missing", True)
            here.send(c.RetrySystem("echo"))
            again = await here.launch("echo", "needs")
            assert again.coded
            assert again.error == failed.error
            here.send(c.GiveCredential("echo", "fd-clerk", Secret(PASSWORD), Secret(SEED)))
            await here.launch("echo", "ready")
            kept = await credential_store("file", bench.where.state).get(OfficerId("local", "id-4471"), "echo")
            assert kept is not None
            assert kept.credential == Credential("fd-clerk", Secret(PASSWORD), Secret(SEED))
            assert SEED not in here.watched.everything()

    asyncio.run(play())
