"""A secret is found in each of its encodings, wherever it stands, and by nobody's pattern in clear."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.residue import Patterns, masked_patterns
from launcher.wire.codec import decode_to_session, decode_to_station, encode
from launcher.wire.messages import Canaries, ScanYourself

_SECRETS = st.text(alphabet=st.characters(codec="utf-8", min_codepoint=1), min_size=8, max_size=40)
_AROUND = st.binary(max_size=20)


@given(_SECRETS, _AROUND, _AROUND)
def test_every_encoding_is_found_in_any_surroundings(secret: str, before: bytes, after: bytes) -> None:
    patterns = masked_patterns([secret])
    for form in (
        secret.encode(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
        quote(secret, safe="").encode(),
        quote_plus(secret, safe="").encode(),
        secret.encode().hex().encode(),
        secret.encode().hex().upper().encode(),
    ):
        assert patterns.found_in(before + form + after)


@given(st.text(min_size=12, max_size=40).filter(lambda text: text.isprintable()), _AROUND, _AROUND)
def test_base64_is_found_in_all_three_phases(secret: str, before: bytes, after: bytes) -> None:
    patterns = masked_patterns([secret])
    for encode_ in (base64.b64encode, base64.urlsafe_b64encode):
        assert patterns.found_in(encode_(before + secret.encode() + after))


def test_other_bytes_are_not_found() -> None:
    patterns = masked_patterns([secrets.token_urlsafe(18)])
    assert patterns.found_in(secrets.token_bytes(100_000)) == ()


@given(_SECRETS, st.integers(0, 127))
def test_the_masked_pattern_is_not_the_secret_nor_becomes_it_when_masked_again(secret: str, half: int) -> None:
    patterns = masked_patterns([secret], mask=half * 2 + 1)
    once = b"\xff".join(patterns.masked)
    twice = once.translate(patterns.table)
    assert secret.encode() not in once
    assert patterns.masked[0] not in twice


def test_a_short_secret_is_counted_and_not_searched_for() -> None:
    patterns = masked_patterns(["1234", "long enough to find"])
    assert patterns.too_short == 1
    assert patterns.found_in(b"1234") == ()


def test_bytes_that_are_no_text_are_searched_for_too() -> None:
    ticket = bytes(range(128, 160))
    assert masked_patterns([ticket]).found_in(b"x" + ticket + b"y")


def test_patterns_travel_and_say_nothing_in_their_repr() -> None:
    patterns = masked_patterns(["a secret of some length", "42"])
    canaries = decode_to_station(encode(patterns.to_wire()))
    assert isinstance(canaries, Canaries)
    assert Patterns.from_wire(canaries) == patterns
    wish = decode_to_session(encode(patterns.to_survivor()))
    assert isinstance(wish, ScanYourself)
    assert Patterns.from_wire(wish).masked == patterns.masked
    assert "masked" not in repr(patterns)


@pytest.mark.parametrize("masked", ["no base64!", base64.b64encode(b"short").decode()])
def test_patterns_that_cannot_be_searched_with_are_refused(masked: str) -> None:
    with pytest.raises(ValueError):
        Patterns.from_wire(Canaries(mask=3, masked=(masked,)))
