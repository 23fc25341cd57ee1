"""The demo's report: figures made of what the station recorded and nothing else, as data and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from launcher.timings import totals
from launcher.wire.records import LaunchRecord, PhaseSpan, SignInRecord, SwitchRecord

BAR_CHARACTERS = 48
_records: TypeAdapter[SignInRecord | LaunchRecord | SwitchRecord] = TypeAdapter(
    Annotated[SignInRecord | LaunchRecord | SwitchRecord, Field(discriminator="kind")]
)
_LETTERS = {
    "queue": "q", "policy": "p", "token": "t", "secret": "s", "reach": "r", "spawn": "w", "load": "L",
    "inject": "I", "ready": "R",
}  # fmt: skip


@dataclass(slots=True)
class Run:
    """What was seen of one run, filled from the station's events."""

    officer: str = ""
    sign_in: SignInRecord | None = None
    launches: dict[str, LaunchRecord] = field(default_factory=dict)
    switch: SwitchRecord | None = None
    residue: Mapping[str, object] | None = None
    remained: tuple[str, ...] = ()
    left_signed_on: tuple[str, ...] = ()
    """What the hosts say after the log-off, not what the station says of it."""
    not_understood: int = 0

    def take(self, untrusted: Mapping[str, object]) -> None:
        """Take one event line of the station; one that cannot be read is counted among the faults."""
        match untrusted:
            case {"event": "OfficerSignedIn", "number": str(number)}:
                self.officer = number
            case {"event": "RecordKept", "record": dict(untrusted_record)}:
                self._record(untrusted_record)
            case {"event": "SessionEnded", "remained": list(remained)}:
                self.remained += tuple(map(str, remained))  # of every session: a spare's end hides no officer's
            case {"event": "ResidueChecked", "residue": dict(residue)}:
                self.residue = residue
            case {"event": "OfficerSignedIn" | "RecordKept" | "SessionEnded" | "ResidueChecked"}:
                self.not_understood += 1
            case _:
                pass

    def _record(self, untrusted: Mapping[str, object]) -> None:
        try:
            record = _records.validate_python(untrusted)
        except ValidationError:
            self.not_understood += 1
            return
        match record:
            case SignInRecord():
                self.sign_in = record
            case LaunchRecord(again=False):
                self.launches[record.system] = record
            case SwitchRecord() if record.reason != "resume":  # an officer who comes back is no switch
                self.switch = record
            case _:
                pass

    def all_ready_ms(self) -> float:
        """Return the time from the first launch's start to the last one's ready, in ms."""
        if not self.launches:
            return 0.0
        first = min(record.at for record in self.launches.values())
        return max((record.at - first) * 1000.0 + record.total_ms for record in self.launches.values())

    def faults(self, expected: Iterable[str]) -> list[str]:
        """Return a sentence for everything that is not as it should be."""
        found = [] if self.sign_in and self.sign_in.outcome == "signed-in" else ["nobody was signed in"]
        if self.not_understood:
            found.append(f"{self.not_understood} lines of the station were not understood")
        for system in expected:
            record = self.launches.get(system)
            if record is None:
                found.append(f"{system} was not opened")
            elif record.outcome != "ready":
                found.append(f"{system} ended {record.outcome} ({record.reference or 'no reference'})")
            elif record.prompts:
                found.append(f"{system} asked {record.prompts} times")
        if self.residue is None:
            found.append("no residue check was made")
        else:
            found += [f"left: {one}" for one in _texts(self.residue.get("found"))]
            found += [f"not searched: {one}" for one in _texts(self.residue.get("unscanned"))]
        found += [f"still there: {one}" for one in self.remained]
        found += [f"still signed on at {one}" for one in self.left_signed_on]
        return found

    def as_data(self) -> dict[str, object]:
        """Return the report in the agreed form."""
        residue = self.residue or {}
        return {
            "officer": self.officer,
            "sign_in": {"method": self.sign_in.method, **_figures(self.sign_in)} if self.sign_in else None,
            "systems": [
                {
                    "id": record.system,
                    "kind": record.system_kind,
                    "sign_on": record.sign_on,
                    "outcome": record.outcome,
                    "prompts": record.prompts,
                    **_figures(record),
                }
                for record in self.launches.values()
            ],
            "all_ready_ms": round(self.all_ready_ms(), 1),
            "switch": {
                "next_sign_in_screen_ms": round(_span(self.switch.phases, "next_screen"), 1) if self.switch else None,
                "phases": _phases(self.switch.phases) if self.switch else [],
            },
            "left_signed_on": list(self.left_signed_on),
            "residue": {name: _texts(residue.get(name)) for name in ("scanned", "unscanned", "found")},
        }

    def as_table(self, names: Mapping[str, str]) -> str:
        """Return the waterfall for a terminal: a line a system, a letter a phase, a dot where nothing was measured."""
        lines: list[str] = []
        if self.sign_in:
            sums = totals(self.sign_in.phases, self.sign_in.total_ms)
            lines.append(f"Logged on as {self.officer} in {sums.machine_ms / 1000:.2f} s (besides typing).")
        longest = max((record.total_ms for record in self.launches.values()), default=0.0) or 1.0
        width = max((len(name) for name in names.values()), default=10)
        how = max(map(len, ("sign-on", *(record.sign_on for record in self.launches.values()))))
        end = max(map(len, ("outcome", *(record.outcome for record in self.launches.values()))))
        lines.append(f"{'':{width}}  {'sign-on':{how}}  {'outcome':{end}} {'asked':>5}  {'s':>5}")
        for record in sorted(self.launches.values(), key=lambda one: one.total_ms):
            name = names.get(record.system, record.system)
            lines.append(
                f"{name:{width}}  {record.sign_on:{how}}  {record.outcome:{end}} {record.prompts:5}  "
                f"{record.total_ms / 1000:5.2f}  {_bar(record, longest)}"
            )
        lines.append(
            "q queue  p policy  t token  s secret  r reach  w spawn  L load  I inject  R ready  . not measured  # you"
        )
        lines.append(f"All {len(self.launches)} systems: {self.all_ready_ms() / 1000:.2f} s.")
        if self.switch:
            lines.append(f"Next log-on screen: {_span(self.switch.phases, 'next_screen'):.0f} ms after log-off.")
        return "\n".join(lines)


def _bar(record: LaunchRecord, longest_ms: float) -> str:
    cells = ["."] * max(1, round(record.total_ms / longest_ms * BAR_CHARACTERS))
    for span in record.phases:
        first = int(span.start_ms / longest_ms * BAR_CHARACTERS)
        last = int((span.start_ms + span.duration_ms) / longest_ms * BAR_CHARACTERS)
        for at in range(first, min(last + 1, len(cells))):
            cells[at] = "#" if span.human else _LETTERS.get(span.phase, "?")
    return "".join(cells)


def _figures(record: SignInRecord | LaunchRecord) -> dict[str, object]:
    sums = totals(record.phases, record.total_ms)
    return {
        "machine_ms": round(sums.machine_ms, 1),
        "human_ms": round(sums.human_ms, 1),
        "gap_ms": round(sums.gap_ms, 1),
        "phases": _phases(record.phases),
    }


def _phases(spans: Iterable[PhaseSpan]) -> list[dict[str, object]]:
    return [
        {"phase": one.phase, "start_ms": round(one.start_ms, 1), "duration_ms": round(one.duration_ms, 1)}
        for one in spans
    ]


def _span(spans: Iterable[PhaseSpan], phase: str) -> float:
    return next((one.duration_ms for one in spans if one.phase == phase), 0.0)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
