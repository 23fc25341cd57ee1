"""What a system behind a terminal has of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from launcher.addresses import is_host, is_this_computer
from launcher.catalogue.entry import Spec
from launcher.connectors.new_password_spec import NewPasswordSpec
from launcher.connectors.plan import TerminalLine, TerminalMethod
from launcher.policy.toml_faults import refuse, unknown
from launcher.recipes.screens import Screen

_LU_NAME: Final = re.compile(r"[A-Za-z0-9@#$._-]{1,64}")

_ASCII: Final = "".join(map(chr, range(32, 127)))

METHODS: Final[Mapping[TerminalLine, tuple[TerminalMethod, ...]]] = MappingProxyType(
    {"tn3270": ("form", "none"), "telnet": ("form", "none"), "ssh": ("password", "key", "ticket")}
)
_ONLY_FOR: Final[Mapping[str, tuple[TerminalLine, ...]]] = MappingProxyType(
    {
        "tls": ("tn3270",),
        "lu_names": ("tn3270",),
        "model": ("tn3270",),
        "code_page": ("tn3270",),
        "term": ("ssh", "telnet"),
        "encoding": ("ssh", "telnet"),
        "rows": ("ssh", "telnet"),
        "columns": ("ssh", "telnet"),
        "user": ("ssh",),
        "key_file": ("ssh",),
    }
)


class SignOffSpec(Spec):
    """How the officer is signed off at the host before the line is closed, from whatever screen it shows."""

    within_s: float = Field(
        default=10.0, gt=0, le=60, description="Seconds until it must be proved; else it is said to be left signed on."
    )
    line_end: bool = Field(
        default=False,
        description="true: that the host closes the line proves it too, as a shell does, over TLS with its "
        "close_notify; else only a screen that means logon.",
    )
    screen: tuple[Screen, ...] = Field(
        min_length=1, max_length=50, description="Its screens; any may be the first. One may be recognised by nothing."
    )


class ChangePasswordSpec(NewPasswordSpec):
    """How a new password is given to the host where it asks for one, and what it lets one be."""

    screen: tuple[Screen, ...] = Field(
        min_length=1, max_length=50, description="Its screens; any may be the first. One must mean changed."
    )


class TerminalSpec(Spec):
    """The table ``[terminal]`` of an entry."""

    host: str = Field(description="The host's name or address.")
    line: TerminalLine = Field(description="How it is reached: tn3270 for a 3270, ssh or telnet for a VT.")
    port: int = Field(
        default=0, ge=0, le=65535, description="0: the usual one; tn3270: 992, without TLS 23; ssh: 22; telnet: 23."
    )
    sign_on: TerminalMethod = Field(
        description="form: the screens are filled; for ssh, password, key or ticket: how SSH itself signs on, before "
        "the screens; none: nothing to sign on."
    )
    credential: Literal["store", "sign-in"] = Field(
        default="store", description="The officer's own name and password for this system, or those of the sign-in."
    )
    otp: bool = Field(default=False, description="A one-time code is filled too.")
    begins: tuple[str, ...] = Field(
        default=(), max_length=20, description="Screens that may come first; left out: the first of all."
    )
    tls: bool = Field(default=True, description="tn3270: over TLS; false is for this computer's own addresses only.")
    lu_names: tuple[str, ...] = Field(
        default=(), max_length=20, description="tn3270: LU names to ask for, in order; left out: the host chooses."
    )
    model: Literal[2, 3, 4, 5] = Field(
        default=2,
        description="tn3270: the display; 2: 24 × 80, 3: 32 × 80, 4: 43 × 80, 5: 27 × 132. All hosts know the model 2, "
        "and a text stands on it where the host's manual says.",
    )
    code_page: str = Field(default="cp285", description="tn3270: the host's code page; cp285 is the United Kingdom's.")
    term: str = Field(
        default="xterm-256color",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,39}$",
        description="ssh, telnet: the type of terminal that the host is told, e.g. vt220.",
    )
    encoding: str = Field(default="utf-8", description="ssh, telnet: the host's encoding, e.g. iso8859-1.")
    rows: int = Field(default=24, ge=10, le=200, description="ssh, telnet: rows while signing on.")
    columns: int = Field(default=80, ge=40, le=400, description="ssh, telnet: columns while signing on.")
    user: str = Field(
        default="", max_length=64, description="ssh: a name that all officers share there; left out: the officer's."
    )
    key_file: str = Field(
        default="", description="ssh, sign_on = key: file of the private key, an absolute path; may hold {username}."
    )
    keyboard: str = Field(
        default="",
        pattern=r"^[a-z0-9-]{0,40}$",
        description="Name of its keyboard map: usual, pcomm (Personal Communications), or one in the folder keyboards; "
        "left out: the usual one.",
    )
    sign_off: SignOffSpec | None = Field(default=None, description="How it is signed off.")
    change_password: ChangePasswordSpec | None = Field(default=None, description="How a new password is given.")

    @field_validator("host")
    @classmethod
    def _a_host(cls, host: str) -> str:
        if not is_host(host):
            raise ValueError(f"{host!r} is not a host such as records.force.example")
        return host.lower()

    @field_validator("lu_names")
    @classmethod
    def _lu_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _LU_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of an LU")
        return names

    @field_validator("code_page")
    @classmethod
    def _known_code_page(cls, name: str) -> str:
        # Read for 3270 entries only: the tables are of no use to anybody else.
        from launcher.terminal.tn3270.codepages import code_page_names, known_code_page

        if not known_code_page(name):
            raise ValueError(unknown("code page", name, code_page_names()))
        return name

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        try:
            coded = _ASCII.encode(name)
        except (LookupError, ValueError):  # ValueError: one with a zero byte; UnicodeError is one
            raise ValueError(f"unknown encoding {name!r}") from None
        if coded != _ASCII.encode():
            raise ValueError(f"{name!r} is not an encoding of a terminal: its letters are not those of ASCII")
        return name

    @model_validator(mode="after")
    def _sound(self) -> TerminalSpec:
        wrong = [
            (key, f"{key} is for line = {' or '.join(lines)}")
            for key, lines in _ONLY_FOR.items()
            if key in self.model_fields_set and self.line not in lines
        ]
        if self.line == "tn3270" and not self.tls and not is_this_computer(self.host):
            wrong.append(("tls", "a 3270 without TLS is for this computer's own addresses only"))
        if self.sign_on not in METHODS[self.line]:
            known = ", ".join(METHODS[self.line])
            wrong.append(("sign_on", f"sign_on = {self.sign_on} is not for line = {self.line}; known are {known}"))
        elif self.line == "ssh":
            wrong += self._ssh_faults()
        if self.sign_on == "none":
            wrong += [
                (key, f"{key} needs another sign_on than none")
                for key in ("credential", "otp", "change_password")
                if key in self.model_fields_set
            ]
        refuse(wrong)
        return self

    def _ssh_faults(self) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        if self.sign_on == "key" and not self.key_file:
            wrong.append(("sign_on", "sign_on = key needs key_file"))
        if self.sign_on != "key" and self.key_file:
            wrong.append(("key_file", "key_file is for sign_on = key"))
        if self.key_file:
            if not self.key_file.startswith("/"):
                wrong.append(("key_file", f"{self.key_file!r} is not an absolute path"))
            if "\0" in self.key_file or set("{}") & set(self.key_file.replace("{username}", "")):
                wrong.append(("key_file", "of placeholders a path may hold {username} only"))
        if any(not one.isprintable() for one in self.user) or "{" in self.user:
            wrong.append(("user", f"{self.user!r} is not a name"))
        return wrong

    @property
    def usual_port(self) -> int:
        """The port that is called."""
        if self.port:
            return self.port
        return 22 if self.line == "ssh" else 992 if self.line == "tn3270" and self.tls else 23
