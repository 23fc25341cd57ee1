"""The first words are messages like all others, byte for byte."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.wire.codec import decode_to_session, decode_to_station, encode
from launcher.wire.first_heard import FirstWord, first_word
from launcher.wire.first_words import SHOW_LINE, beat_line, shown_line, warm_line
from launcher.wire.messages import Beat, Complete, Show, Shown, Warm


def test_they_are_what_the_codec_writes_and_reads() -> None:
    assert encode(Show()) == SHOW_LINE
    assert warm_line(7) == encode(Warm(pid=7))
    assert shown_line(1.5) == encode(Shown(took_ms=1.5))
    assert beat_line(0.0) == encode(Beat(screen_age_ms=0.0))
    assert decode_to_session(SHOW_LINE) == Show()
    assert decode_to_station(warm_line(7)) == Warm(pid=7)


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        (warm_line(7), FirstWord("warm", 7)),
        (shown_line(12.25), FirstWord("shown", 12.25)),
        (beat_line(0.0), FirstWord("beat", 0.0)),
        (encode(Beat(screen_age_ms=1e-7)), FirstWord("beat", 1e-7)),
    ],
)
def test_the_station_reads_them_without_the_codec(line: bytes, heard: FirstWord) -> None:
    assert first_word(line) == heard


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}\n",
        SHOW_LINE,
        warm_line(7).rstrip(b"\n"),
        warm_line(7).replace(b":7}", b":7.5}"),
        warm_line(7).replace(b":7}", b":07}"),
        warm_line(7).replace(b":7}", b":" + b"7" * 400 + b"}"),
        warm_line(7).replace(b"warm", b"cold"),
        beat_line(math.nan),
        beat_line(math.inf),
        beat_line(1.0).replace(b"1.0", b"1_0.0"),
        beat_line(1.0).replace(b"1.0", b" 1.0"),
        beat_line(1.0).replace(b'"v":1', b'"v":2'),
        beat_line(1.0).replace(b",", b", "),
        encode(Complete()),
    ],
)
def test_every_other_line_is_the_codecs(line: bytes) -> None:
    assert first_word(line) is None


@given(st.binary(max_size=150))
def test_no_bytes_raise(line: bytes) -> None:
    for untrusted in (line, line + b"}\n", beat_line(1.0)[:-5] + line + b"}\n"):
        heard = first_word(untrusted)
        assert heard is None or untrusted in (
            warm_line(int(heard.figure)),
            shown_line(heard.figure),
            beat_line(heard.figure),
        )
