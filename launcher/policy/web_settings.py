"""What the station file says of web systems."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Literal

from pydantic import Field, field_validator

from launcher.policy.section import OptionalPath, Section

INSTALLED: Final = ("chromium", "google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class WebSettings(Section):
    """Which web systems entries may name."""

    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts entries may name, * for one or more labels: *.force.example. Empty: any."
    )
    private_ca_file: OptionalPath = Field(
        default=None, description="PEM file of a CA that the browser trusts in addition."
    )
    downloads_mb: int = Field(
        default=200,
        ge=0,
        le=10_000,
        description="So much may the files be that pages save in a session, in megabytes; they end with it. 0: none.",
    )
    save_to: tuple[Path, ...] = Field(
        default=(),
        description="Folders, by absolute paths, in which officers may save such files, and from which pages may be "
        "given files. Empty: none.",
    )
    permissions: tuple[Literal["camera", "microphone", "location", "clipboard", "notifications"], ...] = Field(
        default=(),
        description="What entries may let their pages have of the computer: camera, microphone, location, "
        "clipboard, notifications. Empty: nothing.",
    )
    managed_browser: tuple[str, ...] = Field(
        default=INSTALLED,
        description="The installed browser for entries with browser = managed: paths, or names looked for on the "
        "search path; the first that is there is taken. Empty: none may be opened.",
    )

    @field_validator("hosts")
    @classmethod
    def _only_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not host or any(mark in host for mark in "/:@ ") or "*" in host.removeprefix("*."):
                raise ValueError(f"{host!r} is not a host such as www.force.example or *.force.example")
        return tuple(host.lower() for host in hosts)

    @field_validator("save_to")
    @classmethod
    def _absolute(cls, folders: tuple[Path, ...]) -> tuple[Path, ...]:
        for folder in folders:
            if not folder.is_absolute():
                raise ValueError(f"{str(folder)!r} is not an absolute path")
        return folders

    @field_validator("managed_browser")
    @classmethod
    def _paths_or_names(cls, browsers: tuple[str, ...]) -> tuple[str, ...]:
        for browser in browsers:
            absolute = PurePosixPath(browser).is_absolute() or PureWindowsPath(browser).is_absolute()
            if not absolute and not _NAME.fullmatch(browser):
                raise ValueError(f"{browser!r} is neither an absolute path nor a program's name")
        return browsers
