"""The scripts that run in a page's isolated world, with their arguments quoted; free of Qt.

A page cannot see this world: not its variables, not its ``console``, not its prototypes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from launcher.recipes.steps import Place
from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """How far a document is; ``id`` is another one for each document, ``status`` 0 when there is none.

    ``ready``: it can be looked at; ``whole``: its pictures and scripts have come too.
    """

    ready: bool
    whole: bool
    status: int
    address: str
    id: str

    @classmethod
    def read(cls, untrusted: object) -> DocumentSeen | None:
        """Check what the document script gave back; None for anything else, such as a lost answer."""
        try:
            values = json.loads(untrusted) if isinstance(untrusted, str) else None
        except ValueError:
            return None
        match values:
            case [str(state), int(status), str(address), str(ident)]:
                return cls(state in ("interactive", "complete"), state == "complete", status, address, ident)
        return None


@cache
def _source(name: str) -> str:
    return (Path(__file__).parent / "js" / f"{name}.js").read_text(encoding="utf-8").strip()


def _called(name: str, *arguments: object) -> str:
    return f"{_source(name)}({','.join(json.dumps(argument) for argument in arguments)})"


def _called_deep(name: str, *arguments: object) -> str:
    """Return a call of a script that finds elements as ``deep.js`` does."""
    given = ",".join(json.dumps(argument) for argument in arguments)
    return (
        f"(function () {{ const station = {_source('deep')};\nconst act = {_source(name)};\nreturn act({given}) }})()"
    )


def watch(wake: str, edited: str, sent: str, hidden: str, posts: str, follows: str) -> str:
    """Return the script that runs before each document's own: it says these six words and nothing else."""
    return _called("watch", wake, edited, sent, hidden, posts, follows)


def playing(plays: str, rests: str) -> str:
    """Return the script that says by these two words, and the document's number, whether a video is played in it."""
    return _called("playing", plays, rests)


def acts(act: str) -> str:
    """Return the script that says this word for each of a person's own acts, where no widget hears of them."""
    return _called("acts", act)


def messages(scheme: str, heard: str) -> str:
    """Return the script for a page's own world that asks by a request of this scheme, told by an event of this name."""
    return _called("messages", scheme, heard)


def asks(word: str, heard: str) -> str:
    """Return the script that says this word, and which, for each question that the event tells of."""
    return _called("asks", word, heard)


def rest(*, on: bool) -> str:
    """Return the script that pauses what plays in a document, or plays on what it had paused."""
    return _called("rest", on)


def look(places: Sequence[Place]) -> str:
    """Return the script that gives the index of the first place that holds, or -1."""
    return _called_deep("look", [_plain(place) for place in places])


def fill(field: str, value: Secret, origins: frozenset[str], *, hides: bool, notes: bool = True) -> str:
    """Return the script that fills a field. It holds the secret: run it at once and keep it nowhere.

    ``hides``: only a field that hides its value is filled. ``notes``: a press is to send it.
    """
    return _called_deep("fill", field, value.reveal(), sorted(origins), hides, notes)


def aim(field: str, origins: frozenset[str], *, hides: bool) -> str:
    """Return the script that gives the keys to a field, which alone takes the keys of ours that come now."""
    return _called_deep("aim", field, sorted(origins), hides)


def stands(field: str, value: Secret, origins: frozenset[str], *, hides: bool, notes: bool = True) -> str:
    """Return the script that says whether a value stands in a field. It holds the secret: run it at once."""
    return _called_deep("stands", field, value.reveal(), sorted(origins), hides, notes)


def press(control: str, key: str, origins: frozenset[str], *, expected: bool) -> str:
    """Return the script that presses a control, or the key in the field filled last.

    ``expected``: fields were filled for this press; where the document holds none of them it presses nothing.
    """
    return _called_deep("press", control, key, sorted(origins), expected)


def document() -> str:
    """Return the script that says how far the document is."""
    return _called("document")


def _plain(place: Place) -> dict[str, str]:
    text = " ".join((place.text or "").split())
    return {"selector": place.selector or "", "text": text, "url": place.url or "", "absent": place.absent or ""}


def document_id() -> str:
    """Return the script that gives the id of the document that is there now."""
    return "globalThis.stationWorld?.id ?? ''"


def now(words_at: str) -> str:
    """Return the script that says which document is there, and the text at a selector."""
    return _called_deep("now", words_at)
