"""Writes the demo's station file, officers and catalogue: what an administrator would write by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from launcher.demo.content import SYSTEMS, DemoSystem
from launcher.demo.estate import LAUNCHER, VEHICLES_API, Addresses
from launcher.demo.people import DemoOfficer
from launcher.demo.systems.briefing_entry import briefing_tables
from launcher.demo.systems.endpoint import LOGON
from launcher.demo.systems.form import CODE_REFUSED
from launcher.demo.terminals.entries import terminal_tables
from launcher.identity.local import hash_password
from launcher.secret import Secret

SIGN_ON = {
    "federated": "federated", "cas": "federated", "basic": "basic", "token": "token", "endpoint": "endpoint",
    "certificate": "certificate",
}  # fmt: skip
"""The sign-on of a web system that is none by form."""

PROGRAM = Path(__file__).parent / "programs" / "records_console.py"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a station of the demo stands."""

    terminal: str = "FD-02"
    place: str = "Front desk"


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the demo looks."""

    theme: str = "light"
    text_scale: float = 1.0
    fullscreen: bool = False


def write_station(
    folder: Path,
    where: Addresses,
    officers: tuple[DemoOfficer, ...],
    looks: Appearance,
    delay_s: float = 0.0,
    more: str = "",
    desk: Desk = Desk(),
) -> Path:
    """Write everything into ``folder``, with ``more`` at the station file's end, and return that file."""
    (folder / "catalogue").mkdir()
    for system in SYSTEMS:
        (folder / "catalogue" / f"{system.id}.toml").write_text(_entry(system, where, delay_s), encoding="utf-8")
    (folder / "officers.toml").write_text(_officers(officers), encoding="utf-8")
    station = folder / "station.toml"
    station.write_text(_station(where, looks, desk) + more, encoding="utf-8")
    return station


def _station(where: Addresses, looks: Appearance, desk: Desk) -> str:
    return f"""\
# The embedded station of the demo, made anew for each run.
[station]
terminal = {_text(desk.terminal)}
place = {_text(desk.place)}
force = "Demo force"
helpdesk = "ext. 4100"
theme = {_text(looks.theme)}
text_scale = {looks.text_scale}
fullscreen = {str(looks.fullscreen).lower()}

[sign_in]
methods = ["local", "federated"]

[local]
officers_file = "officers.toml"

[federated]
label = "Force account"
authority = {_text(where.issuer)}
client_id = {_text(LAUNCHER.client_id)}
redirect_uri = {_text(LAUNCHER.redirect_uri)}
post_logout_redirect_uri = {_text(LAUNCHER.post_logout_redirect_uri)}
scopes = ["openid", "profile", "offline_access"]
ca_file = {_text(where.ca_file)}

[federated.logon]
steps = [
    {{ do = "fill", field = "#username", value = "{{username}}" }},
    {{ do = "fill", field = "#password", value = "{{password}}" }},
    {{ do = "press", control = "#go" }},
]
markers = [{{ means = "failed", selector = "#refused", says = "Name or password not recognised." }}]

[web]
hosts = ["*.localhost"]
private_ca_file = {_text(where.ca_file)}

[programs]
executables = [{_text(sys.executable)}]

[terminals]
hosts = ["*.localhost"]
known_hosts = {_text(where.known_hosts)}
ca_file = {_text(where.ca_file)}

[credentials]
keep = "file"
"""


def _officers(officers: tuple[DemoOfficer, ...]) -> str:
    return "\n".join(
        f"""\
[[officer]]
id = {_text(officer.subject)}
user_name = {_text(officer.user_name)}
number = {_text(officer.user_name)}
display_name = {_text(officer.display_name)}
mail = {_text(officer.mail)}
groups = {_list(officer.groups)}
password = {_text(hash_password(Secret(officer.password)))}
"""
        for officer in officers
    )


def _entry(system: DemoSystem, where: Addresses, delay_s: float) -> str:
    kind = "program" if system.id in where.accounts else "terminal" if system.id in where.terminals else "web"
    common = f"""\
name = {_text(system.name)}
kind = {_text(kind)}
group = {_text(system.group)}
hue = {_text(system.hue)}
icon = {_text(system.icon)}
aliases = {_list(system.aliases)}
groups = ["all-staff"]
within_s = {30 + 10 * delay_s:g}

"""
    if system.id in where.accounts:
        return common + _program(system, where, delay_s)
    if system.id in where.terminals:
        return common + terminal_tables(system.how, *where.terminals[system.id], delay_s)
    if system.how == "pages":
        return common + briefing_tables(where.systems[system.id], delay_s)
    return common + _web(system, where)


def _web(system: DemoSystem, where: Addresses) -> str:
    origin = where.systems[system.id]
    provider = where.issuer.rsplit("/", 1)[0]
    ready = '\n[[marker]]\nmeans = "ready"\nselector = "#work"\n'
    refused = '\n[[marker]]\nmeans = "failed"\nselector = "#refused"\n'
    if system.how == "one-time code":
        of_code = refused + f'text = {_text(CODE_REFUSED)}\nrefused = "code"\n'
        refused = of_code + refused
    sign_on = SIGN_ON.get(system.how, "form")
    lines = ["[web]", f"url = {_text(origin + '/')}", f"sign_on = {_text(sign_on)}"]
    if sign_on == "federated":
        lines.append(f"visits = {_list((provider,))}")
    if sign_on in ("form", "basic", "endpoint"):
        lines.append(f"credential = {_text('store' if system.own_account else 'sign-in')}")
    if system.how == "one-time code":
        lines.append("otp = true")
    if sign_on == "token":
        lines += [f"token_scopes = {_list((VEHICLES_API + '/read',))}", f"token_origin = {_text(origin)}"]
    if sign_on == "endpoint":
        body = '{ name = "{username}", password = "{password}" }'
        lines += ["", "[web.endpoint]", f"url = {_text(origin + LOGON)}", f"body = {body}"]
    return "\n".join(lines) + "\n" + _steps(system) + ready + refused


def _steps(system: DemoSystem) -> str:
    name = '\n[[step]]\ndo = "fill"\nfield = "#user"\nvalue = "{username}"\n'
    password = '\n[[step]]\ndo = "fill"\nfield = "#password"\nvalue = "{password}"\n'
    go = '\n[[step]]\ndo = "press"\ncontrol = "#go"\n'
    match system.how:
        case "form":
            return name + password + go
        case "two pages":
            following = '\n[[step]]\ndo = "press"\ncontrol = "#next"\n\n[[step]]\ndo = "wait"\nselector = "#password"\n'
            return name + following + password + go
        case "one-time code":
            code = (
                '\n[[step]]\ndo = "wait"\nselector = "#code"\n'
                '\n[[step]]\ndo = "fill"\nfield = "#code"\nvalue = "{otp}"\n'
                '\n[[step]]\ndo = "press"\ncontrol = "#check"\n'
            )
            return name + password + go + code
        case _:
            return ""


def _program(system: DemoSystem, where: Addresses, delay_s: float) -> str:
    argv = [sys.executable, str(PROGRAM), "--title", system.name, "--accounts", str(where.accounts[system.id])]
    if delay_s:
        argv += ["--delay-s", str(delay_s)]
    if system.how == "descriptor":
        argv += ["--credentials-fd", "{descriptor}"]
    return f"""\
[program]
argv = {_list(tuple(argv))}
give = {_text(system.how)}
lines = ["{{username}}", "{{password}}"]

[[marker]]
means = "ready"
text = "READY:"

[[marker]]
means = "failed"
text = "REFUSED:"
"""


def _text(value: object) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's."""
    return json.dumps(str(value), ensure_ascii=False)


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"
