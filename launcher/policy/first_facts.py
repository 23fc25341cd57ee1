"""The few facts of the station file that the first screen shows, read tolerantly and long before pydantic is loaded.

The screen is painted from them; the settings proper, checked, take their place behind it. A faulty value is the
default here: what is wrong is said by whoever reads the settings (:mod:`launcher.policy.station_file`), which the
station does before it shows any screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from launcher.policy.layers import MACHINE_POLICY, laid_over
from launcher.policy.toml_text import Fault, Table, read_toml

if TYPE_CHECKING:
    from launcher.policy.settings import Settings

PASSWORD_LABEL: Final = "Name and password"  # noqa: S105 - words on the screen
PROVIDER_LABEL: Final = "Force account"
HEARTBEAT_S: Final = 1.0

_LABELS: Final = {"directory": PASSWORD_LABEL, "federated": PROVIDER_LABEL, "local": PASSWORD_LABEL}

Theme = Literal["light", "dark", "auto"]

_THEMES: Final[dict[str, Theme]] = {"light": "light", "dark": "dark", "auto": "auto"}


@dataclass(frozen=True, slots=True)
class Force:
    """Another force whose officers log on here: the name of its method, its own, and by what it is known."""

    method: str
    label: str
    domains: tuple[str, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class FirstFacts:
    """What the first screen needs; ``methods`` are names and labels in the order they are shown."""

    terminal: str = ""
    place: str = ""
    force: str = ""
    helpdesk: str = ""
    theme: Theme = "light"
    text_scale: float = 1.0
    reduced_motion: bool = False
    fullscreen: bool = True
    methods: tuple[tuple[str, str], ...] = ()
    heartbeat_s: float = HEARTBEAT_S
    private_ca_file: Path | None = None
    keeps_in_os: bool = True
    proxied: bool = False
    """Whether the policy names a proxy: the road out is there before the browser is."""
    proxy_ca_file: Path | None = None
    kerberos_config: Path | None = None
    forces: tuple[Force, ...] = ()


def facts_of(settings: Settings) -> FirstFacts:
    """Return the facts of checked settings."""
    station = settings.station
    sections = (("directory", settings.directory), ("federated", settings.federated), ("local", settings.local))
    labels = {name: section.label for name, section in sections if section is not None}
    return FirstFacts(
        station.terminal,
        station.place,
        station.force,
        station.helpdesk,
        station.theme,
        station.text_scale,
        station.reduced_motion,
        station.fullscreen,
        tuple((name, labels[name]) for name in settings.sign_in.methods),
        settings.limits.heartbeat_s,
        settings.web.private_ca_file,
        settings.credentials.keep == "os",
        settings.proxy.mode != "none",
        settings.proxy.ca_file,
        settings.kerberos.config if settings.kerberos is not None else None,
        tuple(Force(force.method, force.label, force.domains, force.listed) for force in settings.force),
    )


def first_facts(file: Path, policy_file: Path = MACHINE_POLICY) -> FirstFacts:
    """Read the facts, the machine policy over the station file; never raises."""
    untrusted = _read_both(file, policy_file)
    station, limits, web = (_table(untrusted, name) for name in ("station", "limits", "web"))
    ca_file = _text(web, "private_ca_file")
    proxy = _table(untrusted, "proxy")
    proxy_ca_file = _text(proxy, "ca_file")
    kerberos_config = _text(_table(untrusted, "kerberos"), "config")
    return FirstFacts(
        _text(station, "terminal"),
        _text(station, "place"),
        _text(station, "force"),
        _text(station, "helpdesk"),
        _THEMES.get(_text(station, "theme"), "light"),
        min(2.0, max(1.0, _number(station, "text_scale", 1.0))),
        station.get("reduced_motion") is True,
        station.get("fullscreen") is not False,
        _methods(untrusted),
        _number(limits, "heartbeat_s", HEARTBEAT_S) or HEARTBEAT_S,
        Path(ca_file) if ca_file else None,
        _text(_table(untrusted, "credentials"), "keep") in ("", "os"),
        _text(proxy, "mode") not in ("", "none"),
        Path(proxy_ca_file) if proxy_ca_file else None,
        Path(kerberos_config) if kerberos_config else None,
        _forces(untrusted),
    )


def names_a_hub(file: Path, policy_file: Path = MACHINE_POLICY) -> bool:
    """Say whether there is a hub in the station file: without one nothing of the road there is loaded; never raises."""
    return bool(_table(_read_both(file, policy_file), "hub"))


def _read_both(file: Path, policy_file: Path) -> Table:
    untrusted = _read(file)
    if policy_file.is_file():
        policy = _read(policy_file)
        untrusted_locked = policy.pop("locked", [])
        names = untrusted_locked if isinstance(untrusted_locked, list) else []
        locked = tuple(tuple(name.split(".")) for name in names if isinstance(name, str))
        untrusted = laid_over(untrusted, policy, locked, [])
    return untrusted


def _read(file: Path) -> Table:
    read = read_toml(file)
    if isinstance(read, Fault):
        return {}
    found = read.untrusted
    for section, key in (("web", "private_ca_file"), ("proxy", "ca_file"), ("kerberos", "config")):
        table = _table(found, section)
        if path := _text(table, key):
            # A path is resolved against the folder of the file it stands in.
            found = {**found, section: {**table, key: str(file.resolve().parent / path)}}
    return found


def _methods(untrusted: Table) -> tuple[tuple[str, str], ...]:
    names = _table(untrusted, "sign_in").get("methods")
    if not isinstance(names, list):
        return ()
    return tuple(
        (name, _text(_table(untrusted, name), "label") or _LABELS[name])
        for name in names
        if isinstance(name, str) and name in _LABELS
    )


def _forces(untrusted: Table) -> tuple[Force, ...]:
    listed = untrusted.get("force")
    found: list[Force] = []
    for one in listed if isinstance(listed, list) else []:
        name, label = (_text(one, "name"), _text(one, "label")) if isinstance(one, dict) else ("", "")
        domains = one.get("domains") if isinstance(one, dict) else None
        if name and label and isinstance(domains, list) and all(isinstance(domain, str) for domain in domains):
            known = tuple(domain.casefold() for domain in domains)
            found.append(Force(force_method(name), label, known, one.get("listed") is not False))
    return tuple(found)


def force_method(name: str) -> str:
    """Return the name of the sign-in method of another force."""
    return f"force:{name}"


def _table(untrusted: Table, name: str) -> Table:
    inner = untrusted.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(untrusted: Table, key: str) -> str:
    value = untrusted.get(key)
    return value.strip() if isinstance(value, str) else ""


def _number(untrusted: Table, key: str, default: float) -> float:
    value = untrusted.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
