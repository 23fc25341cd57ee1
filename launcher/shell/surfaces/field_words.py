"""Why a field was not filled, or a control not pressed, by the words that the scripts in a page return; free of Qt."""

from __future__ import annotations

from typing import Final

FIELD_WORDS: Final = {
    "missing": "is not on the page",
    "hidden": "is not visible",
    "disabled": "cannot be used",
    "kind": "is not a field to type into",
    "shown": "would show what is typed",
    "refused": "did not keep its value",
    "replaced": "was replaced while it was filled",
    "selector": "is not described rightly in the catalogue",
    "unfocused": "could not be given the keys",
    "option": "offers no such choice",
}
