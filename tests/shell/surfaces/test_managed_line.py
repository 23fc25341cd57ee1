"""The debugging line's own channel: whole messages however they come, and an end where one cannot be read."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from choreographer.channels import ChannelClosedError

from launcher.shell.surfaces.managed import devtools
from launcher.shell.surfaces.managed.devtools import Line, _Wire

SLOW_TO_END = """
import json, os, select
rest, held = b"", b"x" * 200_000_000
while True:
    message, ends, rest = rest.partition(b"\\0")
    if not ends:
        rest = message + os.read(3, 65536)
        continue
    asked = json.loads(message)
    if asked["method"] == "Page.crash":
        break
    said = {"sessionId": "s"}
    if asked["method"] == "Target.getTargets":
        said = {"targetInfos": [{"targetId": "t", "type": "page", "url": "about:blank"}]}
    answer = {"id": asked["id"], "result": said}
    answer |= {"sessionId": asked["sessionId"]} if "sessionId" in asked else {}
    os.write(4, json.dumps(answer).encode() + b"\\0")
os.close(4)
select.select([], [], [])
"""
"""A browser that has said its last word and holds so much memory that it is not gone at once when it is killed."""


class Browser:
    """The browser's end of a wire."""

    def __init__(self) -> None:
        self.wire = _Wire()
        self.ended = 0
        self.wire.when_ended = self._has_ended
        self._out = os.dup(self.wire.theirs_out)
        self.wire.open()

    def _has_ended(self) -> None:
        self.ended += 1

    def says(self, raw: bytes) -> None:
        os.write(self._out, raw)

    def close(self) -> None:
        os.close(self._out)


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_messages_come_whole_in_their_order_however_they_are_cut(browser: Browser) -> None:
    browser.says(b'{"id": 1}\0{"id"')
    assert browser.wire.read_jsons()[0] == [{"id": 1}]
    browser.says(b': 2}\0{"id": 3}\0"no message"\0')
    assert browser.wire.read_jsons()[0] == [{"id": 2}, {"id": 3}]
    browser.close()
    with pytest.raises(ChannelClosedError):
        browser.wire.read_jsons()
    assert browser.ended == 1
    browser.wire.close()


@pytest.mark.parametrize("raw", [b"no JSON\0", b'{"id": "' + b"x" * 3000])
def test_what_cannot_be_read_is_the_end_of_the_line(
    browser: Browser, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devtools, "MOST_BYTES", 2000)
    browser.says(raw)
    with pytest.raises(ChannelClosedError):
        browser.wire.read_jsons()
    assert browser.ended == 1
    browser.close()
    browser.wire.close()


def test_a_line_that_has_ended_is_closed_though_its_browser_is_slow_to_end(tmp_path: Path) -> None:
    async def closes() -> None:
        line = await Line.open((sys.executable, "-c", SLOW_TO_END), {}, tmp_path)
        line.tell("Page.crash")
        await line.ended.wait()
        done, _ = await asyncio.wait({asyncio.create_task(line.close())}, timeout=20.0)
        assert done

    asyncio.run(closes())
