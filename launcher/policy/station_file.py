"""Reads the station file and the machine policy over it: defaults < station file < machine policy.

The machine policy is a file of the same shape that only an administrator can write. Its values win over the station
file's, and its ``locked`` list names keys or sections that the station file has no say in at all, even where the
policy gives no value: there the default stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from launcher.errors import SettingsError
from launcher.policy.layers import MACHINE_POLICY, laid_over
from launcher.policy.settings import LocalSettings, Settings, StationSettings, missing_sections
from launcher.policy.toml_faults import plain_faults, sentence, unknown
from launcher.policy.toml_text import Fault, Key, Table, TomlText, read_toml


@dataclass(frozen=True, slots=True)
class Reading:
    """The settings in force, and which keys of the station file the machine policy overruled."""

    settings: Settings
    overruled: tuple[str, ...]


def load(file: Path, policy_file: Path | None = None) -> Settings:
    """Read a station file. Raises :class:`SettingsError` whose ``detail`` lists every fault, one a line.

    ``policy_file`` defaults to the machine's own; one that does not exist is no fault.
    """
    return read(file, policy_file).settings


def read(file: Path, policy_file: Path | None = None) -> Reading:
    """Read a station file and say what the machine policy overruled. Raises :class:`SettingsError`."""
    policy_file = MACHINE_POLICY if policy_file is None else policy_file
    faults: list[Fault] = []
    station = _read_one(file, faults)
    policy = _read_one(policy_file, faults) if _is_there(policy_file) else None
    if station is None or faults:
        raise _refusal(faults)
    merged = station.untrusted
    overruled: list[str] = []
    if policy is not None:
        locked = _locked(policy, faults)
        merged = laid_over(merged, policy.untrusted, locked, overruled)
    _place_beside(file.resolve().parent, merged)
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        found = plain_faults(error, Settings)
        found += [
            (("sign_in", "methods"), message)
            for message in _early_cross_check(merged)
            if not any(message in text for _, text in found)
        ]
        faults += [_placed(station, policy, key).fault(key, message) for key, message in found]
    if faults:
        raise _refusal(faults)
    return Reading(settings, tuple(dict.fromkeys(overruled)))


def schema() -> str:
    """Return the JSON schema of a station file, as it is kept in ``resources/schemas/station.schema.json``."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(),
        "title": "Station file of Station Launcher",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_schema(file: Path) -> None:
    """Write the schema, after a setting was added."""
    file.write_text(schema(), encoding="utf-8")


def _refusal(faults: list[Fault]) -> SettingsError:
    ordered = sorted(faults, key=lambda fault: (str(fault.file), fault.line, fault.column))
    return SettingsError(sentence("The station file cannot be used", ordered), detail="\n".join(map(str, ordered)))


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return True  # there or not, this account may not look: reading it says so


def _read_one(file: Path, faults: list[Fault]) -> TomlText | None:
    read_file = read_toml(file)
    if isinstance(read_file, Fault):
        faults.append(read_file)
        return None
    resolved = with_paths_resolved(read_file.untrusted, Settings, file.resolve().parent)
    return TomlText(read_file.file, resolved, read_file.text)


def with_paths_resolved(table: Table, model: type[BaseModel], folder: Path) -> Table:
    """Return what a file says with its relative paths taken from the file's folder."""
    resolved: Table = {}
    for name, value in table.items():
        field = model.model_fields.get(name)
        inner = _section_model(field.annotation) if field is not None else None
        if isinstance(value, dict) and inner is not None:
            resolved[name] = with_paths_resolved(value, inner, folder)
        elif isinstance(value, list) and field is not None and (many := _section_model_of_many(field.annotation)):
            resolved[name] = [with_paths_resolved(one, many, folder) if isinstance(one, dict) else one for one in value]
        elif isinstance(value, str) and value and field is not None and _holds_a_path(field.annotation):
            resolved[name] = str(folder / value)
        else:
            resolved[name] = value
    return resolved


def _holds_a_path(annotation: object) -> bool:
    if annotation is Path:
        return True
    if get_origin(annotation) in {Union, UnionType, Annotated}:
        return any(_holds_a_path(part) for part in get_args(annotation))
    return False


def _section_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType}:
        return next((found for part in get_args(annotation) if (found := _section_model(part)) is not None), None)
    return None


def _section_model_of_many(annotation: object) -> type[BaseModel] | None:
    if get_origin(annotation) is Annotated:
        return _section_model_of_many(get_args(annotation)[0])
    return _section_model(get_args(annotation)[0]) if get_origin(annotation) is tuple else None


def _locked(policy: TomlText, faults: list[Fault]) -> tuple[tuple[str, ...], ...]:
    """Take the ``locked`` list out of the policy; each name must be a section or a key of a section."""
    untrusted = policy.untrusted.pop("locked", [])
    if not isinstance(untrusted, list) or not all(isinstance(name, str) for name in untrusted):
        faults.append(policy.fault(("locked",), "'locked' should be a list of keys, e.g. [\"web.hosts\"]"))
        return ()
    known = {".".join(names) for names in setting_keys()} | set(Settings.model_fields)
    faults += [policy.fault(("locked",), unknown("key", name, known)) for name in untrusted if name not in known]
    return tuple(tuple(name.split(".")) for name in untrusted)


def setting_keys(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return every key there is, as parts: ``("station", "terminal")`` …, in the order of the models."""
    keys: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        inner = _section_model(field.annotation)
        keys += setting_keys(inner, (*above, name)) if inner is not None else [(*above, name)]
    return keys


def _place_beside(folder: Path, merged: Table) -> None:
    """Give the paths whose default is a name beside the station file their folder."""
    for section, key in (("station", "catalogue"), ("local", "officers_file")):
        inner = merged.get(section)
        if isinstance(inner, dict):
            default: object = (StationSettings if section == "station" else LocalSettings).model_fields[key].default
            merged[section] = {key: str(folder / str(default)), **inner}


def _placed(station: TomlText, policy: TomlText | None, key: Key) -> TomlText:
    """Return the file a fault stands in: the policy where it gives the key, else the station file."""
    if policy is not None:
        for length in range(len(key), 0, -1):
            if policy.has(key[:length]):
                return policy
            if station.has(key[:length]):
                return station
    return station


def _early_cross_check(merged: Table) -> list[str]:
    """Check methods against sections even where other keys are wrong, so that all is said at once."""
    sign_in = merged.get("sign_in")
    untrusted_methods = sign_in.get("methods") if isinstance(sign_in, dict) else None
    if not isinstance(untrusted_methods, list):
        return []
    known = [name for name in untrusted_methods if name in ("directory", "federated", "local")]
    return missing_sections(tuple(known), set(merged))
