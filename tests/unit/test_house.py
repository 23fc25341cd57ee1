"""The house stands as DESIGN cuts it: what import-linter cannot say is said here."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "launcher"

ONE_MODULE_EACH = (
    "aiohttp",
    "Xlib",
    "ldap3",
    "msal",
    "keyring",
    "pyotp",
    "tnz",
    "ebcdic",
    "asyncssh",
    "telnetlib3",
    "pyghostty",
    "pyte",
    "choreographer",
    "requests",
    "gssapi",
    "quickjs",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
)
TOP_LEVEL = {
    "launcher", "resources", "installer", "tests", ".ci", "pyproject.toml", "README.md", "LICENSE", ".gitignore",
}  # fmt: skip


@cache
def imported() -> dict[str, frozenset[str]]:
    """What each file of the launcher imports, by its dotted names; every file is read once."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        found[str(file.relative_to(ROOT))] = frozenset(names)
    return found


def importers(library: str) -> set[str]:
    return {
        file
        for file, names in imported().items()
        if any(name == library or name.startswith(library + ".") for name in names)
    }


@pytest.mark.parametrize("library", ONE_MODULE_EACH)
def test_a_third_party_client_is_imported_in_one_module_of_ours(library: str) -> None:
    # The demo stands on the other side of the wire: as a server it may make the codes that the launcher fills in.
    found = {file for file in importers(library) if not file.startswith("launcher/demo/")}
    assert len(found) == 1, f"{library} is imported by {sorted(found)}"


def test_the_launcher_without_its_screen_runs_with_qt_absent() -> None:
    below = sorted(
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in PACKAGE.rglob("*.py")
        if not {"shell", "demo"} & set(file.relative_to(PACKAGE).parts) and file.name != "__main__.py"
    )
    program = (
        "import sys, importlib\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'shiboken6'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, NoQt())\n"
        f"for name in {below!r}:\n"
        "    try: importlib.import_module(name)\n"
        "    except ModuleNotFoundError as fault:\n"
        # Its package is not built for every computer, and pyte is there in its place.
        "        if not (fault.name == 'pyghostty' and name.startswith('launcher.terminal.vt.')): raise\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def skip_reasons(tree: ast.AST) -> list[str]:
    """The words, as far as they are fixed, by which a module's tests say that they did not run."""
    reasons: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in ("skip", "skipif") or ast.unparse(node.func.value) not in ("pytest", "pytest.mark"):
            continue
        given = [word.value for word in node.keywords if word.arg == "reason"]
        said = given[0] if given else node.args[0]
        start = said.values[0] if isinstance(said, ast.JoinedStr) else said
        reasons.append(str(start.value) if isinstance(start, ast.Constant) else ast.unparse(said))
    return reasons


def test_what_did_not_run_is_said_in_the_account_of_the_checks() -> None:
    # tests/conftest.py reads "needs NAME: reason"; a skip in other words would be missing from the closing account.
    modules = [file for file in (ROOT / "tests").rglob("*.py") if "node_modules" not in file.parts]
    # The tests are more than the launcher, and hardly any module of theirs has the word.
    skipping = {file: code for file in modules if "skip" in (code := file.read_text(encoding="utf-8"))}
    said = {file: skip_reasons(ast.parse(code)) for file, code in skipping.items()}
    assert said[Path(__file__)] == ["needs git: not installed (Debian: git)"]
    assert not [(file, one) for file, reasons in said.items() for one in reasons if not one.startswith("needs ")]


def test_only_the_agreed_names_stand_at_the_top_level() -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git: not installed (Debian: git)")
    tracked = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert set(tracked) <= TOP_LEVEL | {"CHANGELOG.md", "CONTRIBUTING.md", ".gitattributes", ".editorconfig"}


def test_no_module_is_called_after_a_pattern() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert file.stem not in {"utils", "util", "helpers", "helper", "misc", "common", "manager"}, file
