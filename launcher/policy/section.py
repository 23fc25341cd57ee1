"""The base of every section of a station file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


# Wherever a type holds a path, a relative one is resolved against the folder of the file it stands in.
OptionalPath = Annotated[Path | None, BeforeValidator(_empty_is_none)]


_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class Section(BaseModel):
    """The base of all sections: frozen; a key it does not know is refused."""

    # Built when it is first used, which is as a part of the whole.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


def only_domains(domains: tuple[str, ...]) -> tuple[str, ...]:
    """Return domains in lower case. Raises :class:`ValueError` for what is none."""
    for domain in domains:
        if not _DOMAIN.fullmatch(domain.casefold()):
            raise ValueError(f"{domain!r} is not a domain such as northshire.example")
    return tuple(domain.casefold() for domain in domains)


def split_address(address: str) -> SplitResult | None:
    """Return the parts of an address; None for one that cannot be split, or whose port is no number."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
