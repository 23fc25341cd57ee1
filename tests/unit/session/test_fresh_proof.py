"""The fresh proof's road between two processes: only the named one, one line, once, in time; real processes."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie, given_to
from launcher.session.fresh_proof import (
    MAX_BYTES,
    MAX_COOKIES,
    PREFIX,
    FreshProof,
    Handed,
    ProofListener,
    hand_over,
)
from tests.unit.session.bench import WITHIN_S

PASSWORD = "heron-of-the-Quay-9"
PROOF = FreshProof("4471", Secret(PASSWORD))
LONG_S, SHORT_S = WITHIN_S, 0.05

GIVES = """
import asyncio, sys
from launcher.secret import Secret
from launcher.session.fresh_proof import FreshProof, hand_over
address, pid, password = sys.argv[1], int(sys.argv[2]), sys.stdin.readline().rstrip()
proof = FreshProof("4471", Secret(password) if password else None)
print(asyncio.run(hand_over(address, pid, proof)) is not None)
"""
SENDS = """
import socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect("\\0" + sys.argv[1])
for line in sys.stdin.buffer:
    peer.sendall(line)
peer.close()
"""
HOLDS = """
import socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect("\\0" + sys.argv[1])
peer.sendall(b'{"v": 1, ')
print("connected", flush=True)
sys.stdin.read()
"""
LISTENS = """
import asyncio, sys
from launcher.session.fresh_proof import ProofListener

async def take():
    listener = ProofListener()
    print(listener.address, flush=True)
    fresh = await listener.take(int(sys.argv[1]))
    print(fresh.user_name, fresh.password.reveal() if fresh.password else "-", flush=True)

asyncio.run(take())
"""


@asynccontextmanager
async def child(code: str, *argv: str, says: bytes | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of its own; ``says`` is written to it at once and its input closed."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, *argv, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    try:
        if says is not None:
            process.stdin.write(says)
            process.stdin.close()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN_S):
        return (await process.stdout.readline()).decode().strip()


@pytest.mark.parametrize("password", [PASSWORD, ""])
def test_the_named_process_hands_its_proof_over(password: str, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        listener = ProofListener()
        async with child(GIVES, listener.address, str(os.getpid()), says=password.encode() + b"\n") as giver:
            fresh = await listener.take(giver.pid, LONG_S)
            assert fresh == FreshProof("4471", Secret(password) if password else None)
            assert await line_of(giver) == "True"

    asyncio.run(play())
    assert caplog.text == ""


def test_another_process_is_sent_away_and_the_named_one_still_comes(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        listener = ProofListener()
        line = b'{"v": 1, "user_name": "2210", "password": "larch-of-somebody-else"}\n'
        async with child(SENDS, listener.address, says=line) as other:
            await other.wait()  # it stands in the line before the named one
            async with child(GIVES, listener.address, str(os.getpid()), says=PASSWORD.encode() + b"\n") as giver:
                assert await listener.take(giver.pid, LONG_S) == PROOF
        # Once: nothing listens any more.
        assert not await hand_over(listener.address, os.getpid(), PROOF, SHORT_S)

    asyncio.run(play())
    assert "a process that was not named wanted to hand a proof over" in caplog.messages
    assert "larch" not in caplog.text
    assert PASSWORD not in caplog.text


LINE = b'{"v": 1, "user_name": "4471", "password": "heron-of-the-Quay-9"}\n'


@pytest.mark.parametrize(
    "untrusted",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n", id="an empty line"),
        pytest.param(LINE.rstrip(), id="no end of line"),
        pytest.param(LINE + LINE, id="twice"),
        pytest.param(b"\x00\xff\xfe" * 100 + b"\n", id="garbage"),
        pytest.param(b'{"v": 1, "user_name": "4471", "password": "' + b"h" * MAX_BYTES + b'"}\n', id="too long"),
        pytest.param(b'{"v": 1, "user_name": "4471", "password": "' + b"h" * 2000 + b'"}\n', id="a long password"),
        pytest.param(LINE.replace(b'"v": 1', b'"v": 2'), id="another version"),
        pytest.param(LINE.replace(b"}", b', "more": 1}'), id="something more"),
        pytest.param(LINE.replace(b'"4471"', b"4471"), id="a number for a name"),
        pytest.param(b'{"v": 1, "user_name": "4471"}\n', id="nothing said of a password"),
        pytest.param(LINE.replace(b"}", b', "cookies": [{"name": "heron"}]}'), id="half a cookie"),
    ],
)
def test_what_is_no_proof_is_refused_and_never_logged(untrusted: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        listener = ProofListener()
        async with child(SENDS, listener.address) as sender:
            taking = asyncio.create_task(listener.take(sender.pid, LONG_S))
            assert sender.stdin is not None
            sender.stdin.write(untrusted)
            sender.stdin.close()
            assert await taking is None

    asyncio.run(play())
    assert "a fresh proof could not be read" in caplog.messages
    assert "heron" not in repr([record.__dict__ for record in caplog.records])


def test_a_slow_process_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        listener = ProofListener()
        async with child(HOLDS, listener.address) as slow:
            assert await line_of(slow) == "connected"
            assert await listener.take(slow.pid, SHORT_S) is None
        listener = ProofListener()
        assert await listener.take(os.getpid(), SHORT_S) is None  # nobody came

    asyncio.run(play())
    assert "no fresh proof came" in caplog.text


def test_the_proof_is_handed_to_the_named_process_only(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        async with child(LISTENS, str(os.getpid())) as taker:
            address = await line_of(taker)
            assert address.startswith(PREFIX)
            assert not await hand_over(address, os.getpid(), PROOF, LONG_S)  # another one listens than the named
        async with child(LISTENS, str(os.getpid())) as taker:
            address = await line_of(taker)
            assert await hand_over(address, taker.pid, PROOF, LONG_S)
            assert await line_of(taker) == f"4471 {PASSWORD}"
            assert await taker.wait() == 0

    asyncio.run(play())
    assert "another process than the named one listens for a fresh proof" in caplog.messages
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("address", ["", PREFIX, PREFIX + "0" * 31, "/run/other", PREFIX + "0" * 32 + "/x"])
def test_an_address_that_is_not_ours_is_not_connected_to(address: str) -> None:
    assert not asyncio.run(hand_over(address, os.getpid(), PROOF, LONG_S))


def test_where_nobody_listens_nothing_is_handed_over() -> None:
    async def play() -> None:
        assert not await hand_over(PREFIX + "0" * 32, os.getpid(), PROOF, LONG_S)
        listener = ProofListener()
        full = [socket.socket(socket.AF_UNIX) for _ in range(64)]
        try:
            for one in full:
                one.setblocking(False)
                try:
                    one.connect("\0" + listener.address)
                except BlockingIOError:
                    break
            else:
                raise AssertionError("nobody was turned away")
            # So many wait that the kernel takes no more: it is tried again, and given up in time.
            assert not await hand_over(listener.address, os.getpid(), PROOF, SHORT_S)
        finally:
            for one in full:
                one.close()
            listener.close()

    asyncio.run(play())


def cookie(name: str = "__Host-session", value: str = "heron-in-the-jar") -> BrowserCookie:
    return BrowserCookie(name, Secret(value), "id.force.example", "/", True, True, 1_800_000_000)


def with_cookies(*cookies: BrowserCookie) -> FreshProof:
    return FreshProof("4471", None, cookies)


async def crossed(proof: FreshProof) -> tuple[FreshProof, Handed]:
    """Hand a proof over within this process, which is both."""
    listener = ProofListener()
    taking = asyncio.create_task(listener.take(os.getpid(), LONG_S))
    handed, fresh = await hand_over(listener.address, os.getpid(), proof, LONG_S), await taking
    assert handed is not None
    assert fresh is not None
    return fresh, handed


@pytest.mark.parametrize("taken", [True, False])
def test_cookies_cross_as_they_are_and_whether_they_are_taken_is_answered(
    taken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        proof = with_cookies(cookie(), replace(cookie("lang"), domain=".force.example", expires_at=None))
        fresh, handed = await crossed(proof)
        assert fresh == proof
        waiting = asyncio.create_task(handed.taken(LONG_S))
        assert fresh.answer(taken) is taken
        assert await waiting is taken
        assert not fresh.answer(True)  # once

    asyncio.run(play())
    assert caplog.text == ""


def test_nobody_takes_what_the_other_has_stopped_waiting_for() -> None:
    async def play() -> None:
        fresh, handed = await crossed(with_cookies(cookie()))
        assert not await handed.taken(SHORT_S)
        assert not fresh.answer(True)
        fresh, handed = await crossed(with_cookies(cookie()))
        handed.close()
        assert not fresh.answer(True)
        assert not await handed.taken(LONG_S)

    asyncio.run(play())


def test_what_was_taken_at_the_last_moment_is_taken() -> None:
    async def play() -> None:
        fresh, handed = await crossed(with_cookies(cookie()))
        assert fresh.answer(True)
        assert await handed.taken(0.0)

    asyncio.run(play())


def test_who_is_killed_has_taken_nothing() -> None:
    async def play() -> None:
        async with child(LISTENS, str(os.getpid())) as taker:
            address = await line_of(taker)
            handed = await hand_over(address, taker.pid, with_cookies(cookie()), LONG_S)
            assert handed is not None
            assert await line_of(taker) == "4471 -"
        assert not await handed.taken(LONG_S)

    asyncio.run(play())


@pytest.mark.parametrize(
    "cookies",
    [
        pytest.param(tuple(cookie(f"n{number}") for number in range(MAX_COOKIES + 1)), id="too many"),
        pytest.param(tuple(cookie(f"n{number}", "v" * 4000) for number in range(MAX_COOKIES)), id="too large"),
    ],
)
def test_where_the_cookies_are_too_many_the_proof_crosses_without(cookies: tuple[BrowserCookie, ...]) -> None:
    async def play() -> None:
        fresh, handed = await crossed(with_cookies(*cookies))
        assert (fresh.user_name, fresh.cookies) == ("4471", ())
        assert not await handed.taken(LONG_S)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("domain", "origin"),
    [
        ("id.force.example", "https://id.force.example:8443"),
        (".force.example", "https://id.force.example:8443"),
        (".id.force.example", "https://id.force.example:8443"),
        ("force.example", None),
        (".orce.example", None),
        ("other.example", None),
    ],
)
def test_a_cookie_is_of_the_origin_that_is_given_it(domain: str, origin: str | None) -> None:
    assert given_to(domain, ("https://elsewhere.example", "https://id.force.example:8443")) == origin


def test_no_two_locks_have_one_address() -> None:
    listeners = [ProofListener() for _ in range(3)]
    assert len({one.address for one in listeners}) == 3
    for one in listeners:
        one.close()


def test_a_proof_hides_its_secrets() -> None:
    assert PASSWORD not in repr(PROOF)
    assert "heron" not in repr(with_cookies(cookie()))
