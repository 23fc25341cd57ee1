"""How far a headless demo is, a line for each thing that happened, made of the station's events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class Progress:
    """What was said already. ``systems``: how many there are to open; ``leaving``: the officer was told to log off."""

    systems: int
    leaving: bool = False
    _shown: bool = False
    _officers: str = ""
    _opened: int = 0

    def take(self, untrusted: Mapping[str, object], opened: int) -> Iterator[str]:
        """Yield what is news in an event; ``opened``: how many systems' opening has ended, this one's too."""
        match untrusted:
            case {"event": "ScreenShown"} if not self._shown:
                self._shown = True
                yield "The station is up, and its log-on screen is shown."
            case {"event": "OfficerSignedIn", "session": session, "number": str(number)}:
                self._officers = str(session)
                yield f"Logged on as {number}."
            case {"event": "RecordKept", "record": {"system": str(system), "outcome": str(outcome)}}:
                if opened > self._opened:
                    self._opened = opened
                    yield f"{opened:>2} of {self.systems}  {system}: {outcome}"
            case {"event": "SessionEnded", "session": session} if str(session) == self._officers:
                yield "Logged off. Searching for what may be left."
            case _:
                pass


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 - of a command
