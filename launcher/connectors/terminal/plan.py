"""Turns a terminal's entry into a launch plan; no line is opened here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from launcher.addresses import host_matches, is_this_computer
from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.base import require_sound, spec_fault
from launcher.connectors.plan import (
    CredentialName,
    GrantName,
    LaunchPlan,
    ScreenChange,
    ScreenSignOff,
    TerminalTarget,
    TicketName,
    family_of,
)
from launcher.connectors.recipe_rules import never_changed, refused_faults
from launcher.connectors.terminal.known_hosts import key_entered
from launcher.connectors.terminal.screen_rules import fills_of, screens_faults, screens_of, screens_warnings
from launcher.connectors.terminal.spec import TerminalSpec
from launcher.policy.settings import Settings
from launcher.policy.toml_faults import unknown
from launcher.policy.toml_text import Fault
from launcher.terminal.keyboards import USUAL


class TerminalConnector:
    """Hosts with terminals: 3270, SSH, telnet."""

    kind: ClassVar[str] = "terminal"
    spec: ClassVar[type[Spec]] = TerminalSpec

    def judge(self, entry: Entry, settings: Settings | None) -> list[Fault]:
        """Return what is wrong with the entry; its host is held against the policy where there are settings."""
        spec = _spec(entry)
        found = [*_step_faults(entry), *screens_faults(entry, spec), *_method_faults(entry, spec)]
        found += _keyboard_faults(entry, spec)
        found += refused_faults(entry, otp=spec.otp)
        found += never_changed(entry, spec.credential, changes=spec.change_password is not None)
        if settings is not None:
            found += _policy_faults(entry, spec, settings)
        return found + screens_warnings(entry, spec)

    def plan(self, entry: Entry, settings: Settings) -> LaunchPlan:
        """Say how to open the terminal. Raises :class:`CatalogueError`."""
        spec = _spec(entry)
        require_sound(entry, self.judge(entry, settings))
        return LaunchPlan(
            system=entry.id,
            name=entry.name,
            kind=self.kind,
            sign_on=spec.sign_on,
            target=_target(entry, spec, settings),
            recipe=entry.recipe,
            markers=entry.markers,
            grants=tuple(_grants(entry, spec, settings)),
            within_s=entry.within_s,
            usual_ms=entry.usual_s * 1000,
        )

    def address(self, entry: Entry) -> str:
        """Return the host, and its port where the entry names one."""
        spec = _spec(entry)
        host = f"[{spec.host}]" if ":" in spec.host else spec.host
        return f"{host}:{spec.port}" if spec.port else host


def _spec(entry: Entry) -> TerminalSpec:
    if not isinstance(entry.spec, TerminalSpec):
        raise spec_fault(entry, TerminalSpec)
    return entry.spec


def _target(entry: Entry, spec: TerminalSpec, settings: Settings) -> TerminalTarget:
    policy, off, change = settings.terminals, spec.sign_off, spec.change_password
    is_3270, is_ssh = spec.line == "tn3270", spec.line == "ssh"
    return TerminalTarget(
        line=spec.line,
        host=spec.host,
        port=spec.usual_port,
        screens=entry.screens,
        begins=spec.begins,
        sign_off=ScreenSignOff(off.screen, off.within_s, off.line_end) if off is not None else None,
        change=ScreenChange(change.screen, change.within_s, change.rules) if change is not None else None,
        in_clear=_may_go_in_clear(spec, settings),
        tls=is_3270 and spec.tls,
        ca_file=policy.ca_file if is_3270 else None,
        lu_names=spec.lu_names,
        model=spec.model,
        code_page=spec.code_page if is_3270 else "",
        term="" if is_3270 else spec.term,
        encoding="" if is_3270 else spec.encoding,
        rows=spec.rows,
        columns=spec.columns,
        scroll_back_rows=0 if is_3270 else policy.scroll_back,
        user=spec.user,
        key_file=spec.key_file,
        known_hosts=policy.known_hosts if is_ssh else None,
        keyboard=entry.keyboards.get(spec.keyboard) or USUAL,
        session_logs=policy.session_logs,
    )


def _may_go_in_clear(spec: TerminalSpec, settings: Settings) -> bool:
    """Say whether the line may be without encryption: a 3270's to this computer only, whatever the policy."""
    if is_this_computer(spec.host):
        return True
    return spec.line == "telnet" and host_matches(spec.host, settings.terminals.telnet_hosts)


def _grants(entry: Entry, spec: TerminalSpec, settings: Settings) -> Iterator[GrantName]:
    if _needs_credential(entry, spec):
        yield CredentialName(entry.id, spec.credential, spec.otp)
    if spec.sign_on == "ticket" and settings.kerberos is not None:
        yield TicketName()


def _needs_credential(entry: Entry, spec: TerminalSpec) -> bool:
    if spec.sign_on in {"form", "password"}:
        return True
    fills = [fill for screens in screens_of(entry, spec).values() for fill in fills_of(screens)]
    names_the_officer = spec.line == "ssh" and (not spec.user or "{username}" in spec.key_file)
    return names_the_officer or any(fill.names for fill in fills)


def _step_faults(entry: Entry) -> list[Fault]:
    faults = []
    if entry.pages:
        faults.append(entry.fault(("page", 0), "pages are for the kind web; a terminal has [[screen]]"))
    elif entry.markers:
        faults.append(entry.fault(("marker", 0), "markers are for pages and programs; a terminal has [[screen]]"))
    if entry.recipe.steps:
        faults.append(entry.fault(("step", 0), "steps are for pages and programs; a terminal has [[screen]]"))
    return faults


def _method_faults(entry: Entry, spec: TerminalSpec) -> list[Fault]:
    names = frozenset().union(*(fill.names for fill in fills_of(entry.screens)))
    faults = []
    if spec.sign_on == "form" and not names:
        faults.append(entry.fault(("terminal", "sign_on"), "sign_on = form needs a screen that fills a field"))
    if spec.otp and "otp" not in names:
        faults.append(entry.fault(("terminal", "otp"), "otp = true needs a screen that fills {otp}"))
    return faults


def _keyboard_faults(entry: Entry, spec: TerminalSpec) -> list[Fault]:
    """A faulty map is the map's fault: the system can be used with the usual keys."""
    if not spec.keyboard:
        return []
    at = ("terminal", "keyboard")
    if spec.keyboard not in entry.keyboards:
        return [entry.fault(at, unknown("keyboard", spec.keyboard, entry.keyboards))]
    keyboard = entry.keyboards[spec.keyboard]
    if keyboard is None:
        message = f"the keyboard {spec.keyboard!r} is faulty: the usual keys are used"
        return [entry.fault(at, message, warning=True)]
    if keyboard.family not in {None, family_of(spec.line)}:
        lines = "tn3270" if keyboard.family == "3270" else "ssh or telnet"
        return [entry.fault(at, f"the keyboard {spec.keyboard!r} is for line = {lines}")]
    return []


def _policy_faults(entry: Entry, spec: TerminalSpec, settings: Settings) -> list[Fault]:
    policy = settings.terminals
    if policy.hosts and not host_matches(spec.host, policy.hosts):
        message = f"the policy does not allow terminals of {spec.host!r} ([terminals] hosts)"
        return [entry.fault(("terminal", "host"), message)]
    if spec.line == "telnet" and not _may_go_in_clear(spec, settings):
        message = f"the policy does not allow telnet to {spec.host!r} ([terminals] telnet_hosts)"
        return [entry.fault(("terminal", "host"), message)]
    if spec.line != "ssh":
        return []
    if policy.known_hosts is None:
        message = "the policy does not name the keys of SSH hosts, so none is reached ([terminals] known_hosts)"
        return [entry.fault(("terminal", "host"), message)]
    if not key_entered(policy.known_hosts, spec.host, spec.usual_port):
        message = f"no key of {spec.host!r} is in {policy.known_hosts}: the host will be refused"
        return [entry.fault(("terminal", "host"), message, warning=True)]
    return []
