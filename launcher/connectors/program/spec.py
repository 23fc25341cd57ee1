"""What a program has of its own."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import Literal

from pydantic import Field, model_validator

from launcher.catalogue.entry import Spec
from launcher.policy.toml_faults import refuse
from launcher.recipes.steps import ANY_PLACEHOLDER, FIELD_VALUE

# The placeholders that arguments and environment may have; each is a setting or a number, none is a secret.
ARGUMENT_VALUES = ("descriptor", "terminal", "place")
ENVIRONMENT_VALUES = ("terminal", "place")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# With these an entry could make an allowed program load or run what no policy allowed.
_LOADS_CODE = re.compile(
    r"(?:LD_|DYLD_|GLIBC_|GCONV_|PYTHON|PERL|RUBY|NODE_|LUA_|GIO_|GST_|QT_|GTK|XDG_|BASH)\w*"
    r"|PATH|PATHEXT|COMSPEC|HOME|TMPDIR|TEMP|TMP|ENV|IFS|SHELL|PS4|PROMPT_COMMAND|EDITOR|VISUAL|PAGER|BROWSER"
    r"|CLASSPATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|DISPLAY|XAUTHORITY",
    re.IGNORECASE,
)


class ProgramSpec(Spec):
    """The table ``[program]`` of an entry."""

    argv: tuple[str, ...] = Field(
        min_length=1,
        max_length=100,
        description="The program's absolute path and its arguments, one each; never a shell's line. Arguments may hold "
        "{terminal}, {place} and, for give = descriptor, {descriptor}.",
    )
    give: Literal["stdin", "descriptor", "none"] = Field(
        default="none", description="How it is given name and password: on standard input, on a pipe of its own, not."
    )
    lines: tuple[str, ...] = Field(
        default=(), max_length=20, description='What it is given, a line each, e.g. ["{username}", "{password}"].'
    )
    credential: Literal["store", "sign-in"] = Field(
        default="store", description="The officer's own name and password for this system, or those of the sign-in."
    )
    otp: bool = Field(default=False, description="A one-time code is given too.")
    env: dict[str, str] = Field(
        default_factory=dict, max_length=50, description="Further environment; may hold {terminal} and {place}."
    )
    cwd: str = Field(default="", description="The folder it is started in, an absolute path; empty: the session's own.")

    @model_validator(mode="after")
    def _sound(self) -> ProgramSpec:
        wrong = [*self._argv_faults(), *self._line_faults(), *self._env_faults()]
        if self.cwd and not is_absolute(self.cwd):
            wrong.append(("cwd", f"{self.cwd!r} is not an absolute path"))
        if self.give == "none":
            wrong += [
                (key, f"{key} needs give = stdin or give = descriptor")
                for key in ("lines", "credential", "otp")
                if key in self.model_fields_set
            ]
        refuse(wrong)
        return self

    def _argv_faults(self) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        if not is_absolute(self.argv[0]):
            wrong.append(("argv", f"{self.argv[0]!r} is not the absolute path of a program"))
        if ANY_PLACEHOLDER.search(self.argv[0]):
            wrong.append(("argv", "the program's path holds no placeholder"))
        for argument in self.argv[1:]:
            wrong += [("argv", fault) for fault in placeholder_faults(argument, ARGUMENT_VALUES)]
        if any("\0" in argument for argument in self.argv):
            wrong.append(("argv", "an argument may not hold a zero byte"))
        names_it = any("{descriptor}" in argument for argument in self.argv[1:])
        if names_it and self.give != "descriptor":
            wrong.append(("argv", "{descriptor} needs give = descriptor"))
        if self.give == "descriptor" and not names_it:
            wrong.append(("give", "give = descriptor needs an argument with {descriptor}"))
        return wrong

    def _line_faults(self) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        for line in self.lines:
            wrong += [
                ("lines", f"{{{name}}} is not known; known are {{username}}, {{password}}, {{otp}}")
                for name in ANY_PLACEHOLDER.findall(line)
                if not FIELD_VALUE.fullmatch("{" + name + "}") or name.startswith("subject.")
            ]
            if "\n" in line or "\r" in line:
                wrong.append(("lines", "a line may not hold a line break"))
        named = {name for line in self.lines for name in FIELD_VALUE.findall(line)}
        if "otp" in named and not self.otp:
            wrong.append(("lines", "{otp} needs otp = true"))
        return wrong

    def _env_faults(self) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        for name, value in self.env.items():
            key = f"env.{name}" if _NAME.fullmatch(name) else "env"
            if not _NAME.fullmatch(name):
                wrong.append((key, f"{name!r} is not a name for the environment"))
            elif _LOADS_CODE.fullmatch(name):
                wrong.append((key, f"an entry may not set {name}"))
            wrong += [(key, fault) for fault in placeholder_faults(value, ENVIRONMENT_VALUES)]
            if "\0" in value:
                wrong.append((key, "a value may not hold a zero byte"))
        return wrong


def placeholder_faults(text: str, known: tuple[str, ...]) -> list[str]:
    """Return a sentence for each placeholder that is not known there."""
    listed = ", ".join("{" + name + "}" for name in known)
    return [
        f"{{{name}}} is not known here; known are {listed}"
        + ("; name and password are never arguments" if name in {"username", "password", "otp"} else "")
        for name in ANY_PLACEHOLDER.findall(text)
        if name not in known
    ]


def is_absolute(path: str) -> bool:
    """Say whether a path is absolute on this kind of computer or the other."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
