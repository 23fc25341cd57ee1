"""Code pages: the United Kingdom's by default, the others by name, and none that there is not."""

from __future__ import annotations

import pytest

from launcher.terminal.tn3270.codepages import DEFAULT_CODE_PAGE, code_page, code_page_names, known_code_page
from launcher.terminal.tn3270.engine import Tn3270Engine
from tests.unit.terminal.tn3270.streams import engine, line

PRINTED_IN_CP285 = {
    0x4A: "$", 0x5B: "£", 0xA1: "¯", 0xB1: "[", 0xBB: "]", 0xBC: "~", 0x5A: "!", 0x4F: "|", 0x5F: "¬", 0x7B: "#",
    0x7C: "@", 0xC0: "{", 0xD0: "}", 0xE0: "\\", 0x79: "`", 0xBA: "^", 0x6A: "¦", 0x9F: "¤", 0x40: " ", 0xC1: "A",
}  # fmt: skip
"""Cells of IBM's table for code page 285."""


def test_the_default_is_the_united_kingdoms() -> None:
    assert DEFAULT_CODE_PAGE == "cp285"
    page = code_page("cp285")
    assert {byte: page.shown[byte] for byte in PRINTED_IN_CP285} == PRINTED_IN_CP285
    assert (page.number, page.character_set) == (285, 697)


@pytest.mark.parametrize("name", code_page_names())
def test_what_can_be_typed_is_shown_as_it_was_typed(name: str) -> None:
    page = code_page(name)
    assert len(page.shown) == 256
    assert all(len(character) == 1 and character.isprintable() for character in page.shown)
    for character in "ABCXYZ0123456789 .-/":
        byte = page.byte_of(character)
        assert byte is not None, character
        assert page.shown[byte] == character


def test_controls_are_blank_and_cannot_be_typed() -> None:
    page = code_page("cp285")
    assert page.text_of(b"\x00\x15\x0c\x19\xff\x3f") == " " * 6
    assert page.text_of(b"\x1c\x1e") == "*;"
    assert [page.byte_of(character) for character in "\n\t\x00\x9f→€"] == [None] * 6


def test_the_host_says_which_one_it_uses() -> None:
    assert line(engine(b"\x5b\xb1", code_page_name="cp037"), 0) == "$£"
    assert line(engine(b"\x5b\xb1", code_page_name="cp285"), 0) == "£["
    assert code_page("cp1146").byte_of("€") == 0x9F


@pytest.mark.parametrize("name", ["cp286", "285", "CP285", "utf-8", "cp500ms", "", "latin-1"])
def test_one_that_there_is_not_is_refused_by_name(name: str) -> None:
    assert not known_code_page(name)
    with pytest.raises(LookupError, match="there is no code page"):
        Tn3270Engine(code_page_name=name)
