"""Makes example systems: always the same ones, for tests, benchmarks and a first look at a full launchpad.

The names are of the kind a force's estate holds; the addresses are in a domain nobody can own (RFC 6761).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

HOW_MANY = 750
DOMAIN = "systems.force.example"


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    """A part of the force, and what its systems are about."""

    name: str
    hue: str
    icon: str
    subjects: tuple[str, ...]
    seen_by: tuple[str, ...] = ()


GROUPS = (
    ExampleGroup("Custody", "clay", "lock-simple", ("Custody", "Detention", "Bail", "Prisoner Escort"), ("custody",)),
    ExampleGroup("Crime", "plum", "magnifying-glass", ("Crime", "Warrants", "Suspects", "Fraud", "Stolen Goods")),
    ExampleGroup("Intelligence", "slate", "binoculars", ("Intelligence", "Source", "Gangs"), ("intelligence",)),
    ExampleGroup("Roads", "sea", "car-profile", ("Vehicle", "Collision", "Number Plate", "Speed Camera", "Recovery")),
    ExampleGroup("Response", "steel", "siren", ("Incident", "Command and Control", "Radio", "Dispatch", "Airwave")),
    ExampleGroup("Public protection", "plum", "shield", ("Missing Persons", "Domestic Abuse", "Child Protection")),
    ExampleGroup(
        "Forensics", "moss", "fingerprint", ("Fingerprint", "DNA", "Exhibit", "Digital Forensics", "Laboratory")
    ),
    ExampleGroup("Justice", "slate", "gavel", ("Court", "Case File", "Witness", "Disclosure", "Penalty Notice")),
    ExampleGroup("Firearms", "clay", "target", ("Firearms Licence", "Armoury"), ("firearms",)),
    ExampleGroup(
        "People", "moss", "user-list", ("Duty", "Overtime", "Training", "Leave", "Payroll", "Occupational Health")
    ),
    ExampleGroup(
        "Estate and fleet", "steel", "buildings", ("Fleet", "Buildings", "Uniform", "Stores", "Radio Battery")
    ),
    ExampleGroup(
        "Neighbourhood", "sea", "house", ("Neighbourhood", "Licensing", "Lost Property", "Event", "Dog Section")
    ),
)

# Many more forms than one subject needs: the last rounds are cut off at HOW_MANY.
FORMS = (
    "Record", "Register", "Search", "Portal", "Index", "Log", "Diary", "Planner", "Archive", "Map", "Reports",
    "Enquiry", "Library", "Requests", "Briefing", "Workbench",
)  # fmt: skip

WEB_METHODS = ("federated", "form", "federated", "basic", "form", "token", "none")


def example_files(how_many: int = HOW_MANY) -> list[tuple[str, str]]:
    """Return file names and texts of example entries, the same at every call."""
    pairs = [(group, subject, form) for form in FORMS for group in GROUPS for subject in group.subjects]
    if how_many > len(pairs):
        raise ValueError(f"there are {len(pairs)} example systems, not {how_many}")
    return [_example(number, *pair) for number, pair in enumerate(pairs[:how_many])]


def write_examples(folder: Path, how_many: int = HOW_MANY) -> None:
    """Write the example entries into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in example_files(how_many):
        (folder / name).write_text(text, encoding="utf-8")


def _example(number: int, group: ExampleGroup, subject: str, form: str) -> tuple[str, str]:
    name = f"{subject} {form}"
    identity = name.lower().replace(" ", "-")
    # Every eleventh is a program, every fifth opens on demand, every third has a second name.
    lines = [
        f"name = {_quoted(name)}",
        f"group = {_quoted(group.name)}",
        f"hue = {_quoted(group.hue)}",
        f"usual_s = {1 + number * 7 % 90 / 10}",
        f"description = {_quoted(f'The {form.lower()} of {subject.lower()}, example {number + 1}.')}",
    ]
    if number % 4 == 0:
        lines.append(f"icon = {_quoted(group.icon)}")
    if number % 3 == 0:
        lines.append(f"aliases = [{_quoted(f'{_letters(name)}{number:03}')}, {_quoted(f'{form} of {subject}')}]")
    if group.seen_by:
        lines.append(f"groups = {json.dumps(list(group.seen_by))}")
    if number % 5 == 4:
        lines.append('open = "on demand"')
    lines += _program(identity) if number % 11 == 10 else _web(identity, WEB_METHODS[number % len(WEB_METHODS)])
    return f"{identity}.toml", "\n".join(lines) + "\n"


def _web(identity: str, method: str) -> list[str]:
    lines = ['kind = "web"', "", "[web]", f'url = "https://{identity}.{DOMAIN}/"', f'sign_on = "{method}"']
    if method == "federated":
        lines.append('visits = ["https://id.force.example"]')
    if method == "token":
        lines += [f'token_origin = "https://api.{identity}.{DOMAIN}"', f'token_scopes = ["{identity}.read"]']
    if method == "form":
        lines += [
            *("", "[[step]]", 'do = "fill"', 'field = "#name"', 'value = "{username}"'),
            *("", "[[step]]", 'do = "fill"', 'field = "#password"', 'value = "{password}"'),
            *("", "[[step]]", 'do = "press"', 'control = "button[type=submit]"'),
        ]
    lines += ["", "[[marker]]", 'means = "ready"', 'selector = "#main"']
    if method == "form":
        lines += ["", "[[marker]]", 'means = "failed"', 'selector = ".refused"', 'says = "Name or password refused."']
    return lines


def _program(identity: str) -> list[str]:
    return [
        *('kind = "program"', "", "[program]", f'argv = ["/opt/force/bin/{identity}"]', 'give = "stdin"'),
        'lines = ["{username}", "{password}"]',
        *("", "[[marker]]", 'means = "ready"', 'text = "READY"'),
    ]


def _letters(name: str) -> str:
    return "".join(word[0] for word in name.split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
