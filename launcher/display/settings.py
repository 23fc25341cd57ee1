"""What programs can set on a whole X display and the server keeps when they are gone: noted once, and put back.

Resources decide what keys and colours later programs have, a keyboard's map what a password comes out as, and the list
of hosts who may look on. None of it is to reach from one officer to the next. Not looked at: single input devices
(xinput), screens' sizes (RandR), power saving (DPMS), the root window's picture.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.display.x_server import XServer

XKBCOMP_WITHIN_S = 5.0

_MANAGERS = ("_NET_", "_OB_", "_OPENBOX_", "_WIN_", "WM_", "CUT_BUFFER")
"""Begins the names of what a window manager keeps on the root window for as long as it runs, and of what is emptied."""

_LEVELS = 4
"""What a key means alone and with Shift, in two groups. What else a server says of it follows from these."""

_ANY_TYPE = 0
_REPLACE = 0
_DELETE = 1


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the root window; ``data`` are bytes or numbers of 16 or 32 bits."""

    kind: int
    bits: int
    data: bytes | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """The settings of one display at one time."""

    properties: Mapping[str, Property]
    first_key: int
    keys: tuple[tuple[int, ...], ...]
    modifiers: tuple[tuple[int, ...], ...]
    buttons: tuple[int, ...]
    pointer: tuple[int, int, int]
    repeats: int
    keyboard: bytes
    """All of it in the words of xkbcomp(1), empty where that is missing: the keys alone do not bring it back."""
    saver: tuple[int, int, int, int]
    closed: bool
    """Only who knows the cookie, or is of ``hosts``, may connect."""
    hosts: frozenset[tuple[int, bytes]]

    def to_text(self) -> str:
        """Return them for a file, as :meth:`from_text` reads them."""
        told = asdict(self)
        told["keyboard"] = self.keyboard.hex()
        told["hosts"] = [[family, address.hex()] for family, address in sorted(self.hosts)]
        told["properties"] = {
            name: [one.kind, one.bits, one.data.hex() if isinstance(one.data, bytes) else list(one.data)]
            for name, one in self.properties.items()
        }
        return json.dumps(told)

    @classmethod
    def from_text(cls, text: str) -> DisplaySettings:
        """Read what :meth:`to_text` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
        told = json.loads(text)
        rows = {name: tuple(tuple(map(int, row)) for row in told[name]) for name in ("keys", "modifiers")}
        return cls(
            properties={
                name: Property(int(kind), int(bits), bytes.fromhex(data) if isinstance(data, str) else tuple(data))
                for name, (kind, bits, data) in told["properties"].items()
            },
            first_key=int(told["first_key"]),
            keys=rows["keys"],
            modifiers=rows["modifiers"],
            buttons=tuple(map(int, told["buttons"])),
            pointer=(int(told["pointer"][0]), int(told["pointer"][1]), int(told["pointer"][2])),
            repeats=int(told["repeats"]),
            keyboard=bytes.fromhex(told["keyboard"]),
            saver=(int(told["saver"][0]), int(told["saver"][1]), int(told["saver"][2]), int(told["saver"][3])),
            closed=bool(told["closed"]),
            hosts=frozenset((int(family), bytes.fromhex(address)) for family, address in told["hosts"]),
        )


def note_settings(display_name: str) -> DisplaySettings:
    """Return what is set on a display now. Raises :class:`launcher.display.x_server.DisplayGoneError`. Blocks."""
    from launcher.display.x_server import XServer  # late: loads Xlib

    server = XServer(display_name)
    try:
        return replace(_read(server), keyboard=_xkbcomp("-xkb", display_name, "-"))
    finally:
        server.close()


def put_settings_back(display_name: str, noted: DisplaySettings) -> tuple[str, ...]:
    """Set on a display what was noted; return what could not be put back.

    Raises :class:`launcher.display.x_server.DisplayGoneError`. Blocks.
    """
    from launcher.display.x_server import XServer

    server = XServer(display_name)
    try:
        now = _read(server)
        if noted.keyboard and (now.keys, now.modifiers) != (noted.keys, noted.modifiers):
            _xkbcomp("-w0", "-", display_name, told=noted.keyboard)
            now = _read(server)
        _write(server, noted, now)
        server.sync()
        now = _read(server)
    finally:
        server.close()
    pairs = {
        "properties": (now.properties, noted.properties),
        "keyboard": ((now.keys, now.modifiers), (noted.keys, noted.modifiers)),
        "mouse": ((now.buttons, now.pointer), (noted.buttons, noted.pointer)),
        "repeat of keys": (now.repeats, noted.repeats),
        "screen saver": (now.saver, noted.saver),
        "who may connect": ((now.closed, now.hosts), (noted.closed, noted.hosts)),
    }
    return tuple(name for name, (is_now, was) in pairs.items() if is_now != was)


def _read(server: XServer) -> DisplaySettings:
    with server.asking() as display:
        root = display.screen().root
        properties: dict[str, Property] = {}
        for atom in root.list_properties():
            name = str(display.get_atom_name(atom))
            found = None if name.startswith(_MANAGERS) else root.get_full_property(atom, _ANY_TYPE)
            if found is not None:
                data: bytes | tuple[int, ...] = found.value if found.format == 8 else tuple(map(int, found.value))
                properties[name] = Property(int(found.property_type), int(found.format), data)
        info = display.display.info
        first, count = int(info.min_keycode), int(info.max_keycode - info.min_keycode + 1)
        pointer, saver = display.get_pointer_control(), display.get_screen_saver()
        hosts = display.list_hosts()
        return DisplaySettings(
            properties=properties,
            first_key=first,
            keys=tuple(row[:_LEVELS] for row in _rows(display.get_keyboard_mapping(first, count))),
            modifiers=_rows(display.get_modifier_mapping()),
            buttons=tuple(display.get_pointer_mapping()),
            pointer=(pointer.accel_num, pointer.accel_denom, pointer.threshold),
            keyboard=b"",
            repeats=int(display.get_keyboard_control().global_auto_repeat),
            saver=(saver.timeout, saver.interval, saver.prefer_blanking, saver.allow_exposures),
            closed=bool(hosts.mode),
            hosts=frozenset((int(host.family), bytes(host.name)) for host in hosts.hosts),
        )


def _xkbcomp(*arguments: str, told: bytes = b"") -> bytes:
    """Run the X server's own compiler of keyboards; return what it says, nothing where it is missing or refuses."""
    with suppress(OSError, subprocess.SubprocessError):
        argv = ("xkbcomp", *arguments)
        return subprocess.run(argv, input=told, capture_output=True, check=True, timeout=XKBCOMP_WITHIN_S).stdout
    return b""


def _rows(told: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(map(int, row)) for row in told)


def _write(server: XServer, noted: DisplaySettings, now: DisplaySettings) -> None:
    with server.asking() as display:
        root = display.screen().root
        for name in now.properties.keys() - noted.properties.keys():
            root.delete_property(display.intern_atom(name))
        for name, was in noted.properties.items():
            if now.properties.get(name) != was:
                values = was.data if isinstance(was.data, bytes) else list(was.data)
                root.change_property(display.intern_atom(name), was.kind, was.bits, values, _REPLACE)
        if now.keys != noted.keys:
            display.change_keyboard_mapping(noted.first_key, noted.keys)
        if now.modifiers != noted.modifiers:
            display.set_modifier_mapping(noted.modifiers)  # refused while one of them is held down: said, and met again
        if now.buttons != noted.buttons:
            display.set_pointer_mapping(noted.buttons)
        if now.pointer != noted.pointer:
            accel_num, accel_denom, threshold = noted.pointer
            display.change_pointer_control((accel_num, accel_denom), threshold)
        if now.repeats != noted.repeats:
            display.change_keyboard_control(auto_repeat_mode=noted.repeats)
        if now.saver != noted.saver:
            display.set_screen_saver(*noted.saver)
        for family, address in now.hosts - noted.hosts:
            with suppress(ValueError):
                display.change_hosts(_DELETE, family, address)
        if now.closed != noted.closed:
            display.set_access_control(int(noted.closed))
