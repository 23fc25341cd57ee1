"""The first words are messages like all others, byte for byte."""

from __future__ import annotations

from launcher.wire.codec import decode_to_session, decode_to_station, encode
from launcher.wire.first_words import SHOW_LINE, beat_line, shown_line, warm_line
from launcher.wire.messages import Beat, Show, Shown, Warm


def test_they_are_what_the_codec_writes_and_reads() -> None:
    assert encode(Show()) == SHOW_LINE
    assert warm_line(7) == encode(Warm(pid=7))
    assert shown_line(1.5) == encode(Shown(took_ms=1.5))
    assert beat_line(0.0) == encode(Beat(screen_age_ms=0.0))
    assert decode_to_session(SHOW_LINE) == Show()
    assert decode_to_station(warm_line(7)) == Warm(pid=7)
