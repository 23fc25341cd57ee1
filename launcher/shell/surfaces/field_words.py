"""Why a field was not filled, or a control not pressed, by the words that the scripts in a page return; free of Qt."""

from __future__ import annotations

from typing import Final

from launcher.addresses import host_of

FIELD_WORDS: Final = {
    "silent": "is on a page that did not answer in time",
    "missing": "is not on the page",
    "hidden": "is not visible",
    "disabled": "cannot be used",
    "kind": "is not a field to type into",
    "shown": "would show what is typed",
    "refused": "did not keep its value",
    "replaced": "was replaced while it was filled",
    "selector": "is not described rightly in the catalogue",
    "option": "offers no such choice",
    "deaf": "takes no keys",
    "unfocused": "could not be given the keys",
    "beside": "stands beside a frame of another origin, which could take what is typed",
    "frame": "lies in a frame of another origin, which is left alone",
}


def is_known(untrusted_word: str) -> bool:
    """Say whether a word says why."""
    return untrusted_word.partition(" ")[0] in FIELD_WORDS


def said(untrusted_word: str) -> str:
    """Return what a word says, for a person; a frame's has its address behind it."""
    kind, _, untrusted_address = untrusted_word.partition(" ")
    if kind == "frame" and (host := host_of(untrusted_address)):
        return f"lies in a frame of {host}, which is left alone"
    return FIELD_WORDS.get(kind, FIELD_WORDS["silent"])
