"""The lock files are exact, complete and free of addresses, and say what the project file asks for."""

from __future__ import annotations

import json
import tomllib

import pytest
from packaging.markers import Marker

from installer.licences import licences_of_node_lock
from installer.locks import DEMO, EXTRAS, TEST, Requirement, lock_file, normalised, read_lock
from installer.paths import LICENCES, MOCKER_PIN, NODE_FOLDER, ROOT

LOCKS = (DEMO, TEST)
NODE_LOCK = NODE_FOLDER / "package-lock.json"


def locked(lock: str) -> dict[str, Requirement]:
    return {item.name: item for item in read_lock(lock_file(lock).read_text(encoding="utf-8"))}


def asked_for(lock: str) -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in EXTRAS[lock] for line in project["optional-dependencies"][extra]),
    ]
    pins = (line.split(";")[0].strip().split("==") for line in lines)
    return {normalised(name): version for name, version in pins}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    text = lock_file(lock).read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "//" not in text
    assert "--index" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_has_a_digest(lock: str) -> None:
    for item in locked(lock).values():
        assert item.hashes, item.name
        for digest in item.hashes:
            kind, _, value = digest.partition(":")
            assert kind == "sha256", item.name
            assert len(bytes.fromhex(value)) == 32, item.name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_the_project_asks_for_in_that_version(lock: str) -> None:
    held = {name: item.version for name, item in locked(lock).items()}
    asked = asked_for(lock)
    assert asked
    assert {name: held.get(name) for name in asked} == asked


def test_the_lock_of_the_checks_contains_that_of_the_demonstration() -> None:
    wider = locked(TEST)
    for name, wanted in locked(DEMO).items():
        held = wider[name]
        assert (held.version, held.hashes) == (wanted.version, wanted.hashes)
        # What the checks want besides may want it on more systems, never on fewer.
        assert held.marker == wanted.marker or not held.marker or wanted.marker in held.marker.split(" or ")


def test_a_lock_is_for_every_system() -> None:
    markers = {item.marker for item in locked(DEMO).values()}
    assert any("win32" in marker for marker in markers)
    assert any("linux" in marker for marker in markers)


@pytest.mark.parametrize(
    ("system", "machine", "there"),
    [("linux", "x86_64", True), ("linux", "aarch64", True), ("linux", "armv7l", False), ("win32", "AMD64", False)],
)
def test_the_engine_of_terminals_is_asked_for_where_it_has_a_wheel(system: str, machine: str, there: bool) -> None:
    environment = {"sys_platform": system, "platform_machine": machine, "platform_python_implementation": "CPython"}
    for lock in LOCKS:
        of_engine = Marker(locked(lock)["pyghostty"].marker)
        assert of_engine.evaluate(environment) is there
        assert not locked(lock)["pyte"].marker, "what shows terminals elsewhere"


def test_the_node_lock_has_a_digest_for_every_package_and_no_registry_address() -> None:
    packages = json.loads(NODE_LOCK.read_text(encoding="utf-8"))["packages"]
    places = [place for place in packages if place]
    assert places
    for place in places:
        assert packages[place]["integrity"].startswith("sha512-"), place
        assert "resolved" not in packages[place], place


def test_every_locked_package_is_listed_with_its_licence() -> None:
    listed = tomllib.loads(LICENCES.read_text(encoding="utf-8"))["package"]
    demo = locked(DEMO)
    expected = {("python", item.name, item.version, item.name in demo) for item in locked(TEST).values()}
    expected |= {("python", item.name, item.version, False) for item in read_lock(MOCKER_PIN.read_text("utf-8"))}
    for name, version, _ in licences_of_node_lock(NODE_LOCK.read_text(encoding="utf-8")):
        expected.add(("node", name, version, False))
    assert {(entry["kind"], entry["name"], entry["version"], entry["shipped"]) for entry in listed} == expected
    assert all(entry["licence"] for entry in listed)


def test_a_lock_is_read_line_by_line() -> None:
    text = "# made by hand\nOne.Two==1.2 ; sys_platform == 'win32' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    assert read_lock(text) == (Requirement("one-two", "1.2", "sys_platform == 'win32'", ("sha256:aa", "sha256:bb")),)


@pytest.mark.parametrize("line", ["one>=1", "one", "one @ file:///somewhere", "--extra-index-url somewhere"])
def test_a_lock_with_anything_but_an_exact_version_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not an exact version"):
        read_lock(line + "\n")


def test_the_node_lock_holds_no_address() -> None:
    assert "://" not in (ROOT / "tests" / "servers" / "node" / "package-lock.json").read_text(encoding="utf-8")
