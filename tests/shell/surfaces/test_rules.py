"""The rules that need no browser: addresses, bounds, the environment, and who may import the engine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import launcher
from launcher.connectors.plan import WebTarget
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.environment import UNWANTED, browser_environment
from launcher.shell.surfaces.origins import Bounds


def test_bounds_fill_less_than_they_visit() -> None:
    bounds = Bounds.of(
        WebTarget("https://a.example/in", ("https://a.example",), ("https://id.example",), "https://api.example")
    )
    assert bounds.may_fill("https://a.example/x")
    assert bounds.may_visit("https://id.example/x")
    assert not bounds.may_fill("https://id.example/x")
    assert not bounds.may_visit("https://api.example/")
    assert bounds.may_visit("blob:https://a.example/7d1c")
    assert not bounds.may_fill("blob:https://a.example/7d1c")
    for one in ("blob:https://api.example/7d1c", "blob:null/7d1c", "blob:blob:https://a.example/7d1c", "blob:"):
        assert not bounds.may_visit(one)
    assert bounds.may_carry_token("https://api.example/v1", "https://a.example")
    assert not bounds.may_carry_token("https://api.example/v1", "https://id.example")
    assert not bounds.may_carry_token("https://a.example/", "https://a.example")
    assert not Bounds.of(WebTarget("http://a.example", ("http://a.example",))).may_fill("http://a.example/")
    assert not Bounds.of(WebTarget("https://a.example", ("https://a.example",))).may_carry_token("", "")


def test_arguments_are_quoted_whatever_they_hold() -> None:
    nasty = "'\"\\\n\u2028</script>${x}`"
    script = scripts.fill(nasty, Secret(nasty), frozenset({"https://a.example"}), hides=True)
    assert "\u2028" not in script
    assert nasty not in script
    assert scripts.look([Place(text=nasty)]).isascii()


@pytest.mark.parametrize("untrusted", ["", None, 3.0, "[]", "{", '["complete","200","x","1"]', '["complete",200,"x"]'])
def test_what_a_page_sends_back_is_checked(untrusted: object) -> None:
    assert scripts.DocumentSeen.read(untrusted) is None


def test_the_sandbox_is_off_for_root_only_and_no_debugging_port_is_left() -> None:
    assert "QTWEBENGINE_DISABLE_SANDBOX" not in browser_environment(root=False, gpu=False)
    assert browser_environment(root=True, gpu=True)["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    assert "--no-sandbox" not in str(browser_environment(root=True, gpu=True))
    assert "webrtc" not in browser_environment(root=False, gpu=False)["QTWEBENGINE_CHROMIUM_FLAGS"]
    behind = browser_environment(root=False, gpu=False, proxied=True)["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert "--force-webrtc-ip-handling-policy=disable_non_proxied_udp" in behind
    software = browser_environment(root=False, gpu=False)
    assert software["QT_QUICK_BACKEND"] == "software"
    assert "--disable-gpu" in software["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert "--disable-gpu" not in browser_environment(root=False, gpu=True)["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert "--renderer-process-limit" not in str(software)
    assert "QTWEBENGINE_REMOTE_DEBUGGING" in UNWANTED


def test_one_module_imports_the_engine_and_one_folder_reads_it() -> None:
    root = Path(launcher.__file__).parent
    importing, reading = set(), set()
    for path in root.rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        if "WebEngine" not in code and "web_engine" not in code:
            continue  # nor can an import name it there
        for node in ast.walk(ast.parse(code)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any("WebEngine" in name for name in names):
                importing.add(path.relative_to(root).as_posix())
            if any(name.endswith("web_engine.qt") for name in names):
                reading.add(path.relative_to(root).parent.as_posix())
    assert importing == {"shell/surfaces/web_engine/qt.py"}
    assert reading == {"shell/surfaces/web_engine"}
