"""Putting one thing of an installation in its place, and taking it away again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from launcher.station.install.accounts import AccountFiles
from launcher.station.install.dictionary import made_dictionary
from launcher.station.install.plan import Dictionary, File, Folder, Group, Link, Slot, Step
from launcher.station.install.record import Item, Record, mark_of

KEPT: Final = "changed since, kept"
NOT_MADE: Final = "not made"
_ASIDE: Final = ".before-station-launcher"

Undo = Callable[[], None]


class Placing:
    """Does one step at a time below ``root``; ``undo`` collects how to take this run's steps back, last first."""

    def __init__(self, root: Path, accounts: AccountFiles, record: Record) -> None:
        self._root = root
        self._accounts = accounts
        self._record = record
        self.undo: list[tuple[str, Undo]] = []

    def place(self, step: Step) -> str:
        """Do one step; return what was done, or "" where all is as it should be. Raises ``OSError`` and the like."""
        match step:
            case Group(name):
                return self._group(name)
            case Slot(name, groups):
                return self._slot(name, groups)
            case Folder(path, mode):
                return self._folder(path, mode)
            case File():
                return self._file(step, step.text.encode())
            case Dictionary(path):
                return self._dictionary(path)
            case Link(path, to):
                return self._link(path, to)

    def take_away(self, item: Item) -> str:
        """Undo one thing of the record; return what is left of it, or ""."""
        match item.kind:
            case "group":
                left = self._tool(item.what, self._accounts.group_exists(item.what), self._accounts.remove_group)
            case "slot":
                there = self._accounts.account(item.what) is not None
                left = self._tool(item.what, there, self._accounts.remove_account)
            case "folder":
                self._record.strike(item)
                return self._remove_folder(item.what)
            case "file" | "link":
                return self._remove_file(item)
        if not left:
            self._record.strike(item)
        return left

    # --- each kind

    def _group(self, name: str) -> str:
        if self._accounts.group_exists(name):
            return ""
        self._note(name, Item(kind="group", what=name))
        self._accounts.make_group(name)
        return "made"

    def _slot(self, name: str, groups: tuple[str, ...]) -> str:
        account = self._accounts.account(name)
        if account is None:
            self._note(name, Item(kind="slot", what=name))
            self._accounts.make_account(name, groups)
            return "made"
        if set(account.others) == set(groups):
            return ""
        self.undo.append((name, lambda: self._accounts.set_groups(name, account.others)))
        self._accounts.set_groups(name, groups)
        return "groups changed"

    def _folder(self, path: str, mode: int) -> str:
        folder = self._at(path)
        if folder.is_dir():
            return ""
        self._note(path, Item(kind="folder", what=path))
        folder.mkdir(mode=mode)
        folder.chmod(mode)  # whatever the umask took off
        return "made"

    def _dictionary(self, path: str) -> str:
        if self._record.get("file", path) is None and os.path.lexists(self._at(path)):
            return ""  # IT's own
        try:
            content = made_dictionary(self._root)
        except subprocess.SubprocessError as fault:  # a station does without
            return f"{NOT_MADE}: {said(fault)}"
        return "" if content is None else self._file(File(path, ""), content)

    def _file(self, step: File, content: bytes) -> str:
        file = self._at(step.path)
        noted = self._record.get("file", step.path)
        item = Item(kind="file", what=step.path, marks=(mark_of(content),), starter=step.starter)
        if not os.path.lexists(file):
            self._note(step.path, item if noted is None else noted.model_copy(update={"marks": item.marks}))
            self._write(file, content, step.mode)
            return "made"
        if step.starter:
            return ""
        present = None if file.is_symlink() else file.read_bytes()
        if present == content:
            return self._right_mode(file, step.mode) if noted is not None else ""
        mark = mark_of(present) if present is not None else ""
        if noted is not None:
            if mark not in noted.marks or present is None:
                return KEPT
            item = item.model_copy(update={"before": noted.before})
            mode = file.stat().st_mode & 0o7777
            self._note_over(step.path, item, noted, lambda: self._write(file, present, mode), mark)
        else:
            item = item.model_copy(update={"before": self._record.save(file)})
            self._note(step.path, item.model_copy(update={"marks": (*item.marks, mark)}))
        self._write(file, content, step.mode)
        self._record.note(item)
        return "replaced" if noted is None else "renewed"

    def _link(self, path: str, to: str) -> str:
        link = self._at(path)
        noted = self._record.get("link", path)
        if link.is_symlink() and str(link.readlink()) == to:
            return ""
        there = os.path.lexists(link)
        if noted is not None and there:
            return KEPT
        before = self._record.save(link) if there else ""
        item = Item(kind="link", what=path, marks=(to,), before=before)
        self._note(path, noted or item)
        fresh = link.with_name(f"{link.name}.station-launcher-new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(to)
        fresh.replace(link)
        return "replaced" if before else "made"

    # --- notes and their way back

    def _note(self, what: str, item: Item) -> None:
        """Note a thing that will be done now, and that taking it back means taking it away."""
        earlier = self._record.get(item.kind, item.what)  # somebody took away what was noted

        def back() -> None:
            left = self.take_away(item)
            if left:
                raise OSError(left)
            if earlier is not None:
                self._record.note(earlier)

        self.undo.append((what, back))
        self._record.note(item)

    def _note_over(self, what: str, item: Item, earlier: Item, restore: Undo, mark: str) -> None:
        def back() -> None:
            restore()
            self._record.note(earlier)

        self.undo.append((what, back))
        self._record.note(item.model_copy(update={"marks": (*item.marks, mark)}))

    # --- the way back

    def _tool(self, name: str, there: bool, remove: Callable[[str], None]) -> str:
        if not there:
            return ""
        try:
            remove(name)
        except (OSError, subprocess.SubprocessError) as fault:
            return f"{name}: {said(fault)}"
        return ""

    def _remove_folder(self, path: str) -> str:
        folder = self._at(path)
        try:
            folder.rmdir()
        except (FileNotFoundError, NotADirectoryError):
            return ""  # it is not there, or is another's
        except OSError:
            try:
                inside = sorted(one.name for one in folder.iterdir())
            except OSError as fault:
                return f"{path}: {fault.strerror}"
            more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
            return f"{path}: not empty, kept ({', '.join(inside[:3])}{more})"
        return ""

    def _remove_file(self, item: Item) -> str:
        file = self._at(item.what)
        try:
            if os.path.lexists(file) and not self._is_ours(item, file):
                left = f"{item.what}: {KEPT}"
                if item.before:
                    aside = file.with_name(file.name + _ASIDE)
                    self._record.put_back(item.before, aside)
                    left += f"; what was there before is {item.what}{_ASIDE}"
            else:
                file.unlink(missing_ok=True)
                left = ""
                if item.before:
                    self._record.put_back(item.before, file)
        except OSError as fault:
            return f"{item.what}: {said(fault)}"
        self._record.strike(item)
        return left

    def _is_ours(self, item: Item, file: Path) -> bool:
        if item.kind == "link":
            return file.is_symlink() and str(file.readlink()) in item.marks
        if file.is_symlink():
            return bool(item.before) and "" in item.marks
        return mark_of(file.read_bytes()) in item.marks

    # --- files

    def _at(self, path: str) -> Path:
        return self._root / path.lstrip("/")

    def _right_mode(self, file: Path, mode: int) -> str:
        if file.stat().st_mode & 0o7777 == mode:
            return ""
        file.chmod(mode)
        return "permissions put right"

    def _write(self, file: Path, content: bytes, mode: int) -> None:
        fresh = file.with_name(f"{file.name}.station-launcher-new")
        try:
            with fresh.open("wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            fresh.chmod(mode)
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)


def said(fault: BaseException) -> str:
    """Return what a failed step said, in one line."""
    if isinstance(fault, subprocess.CalledProcessError):
        lines = str(fault.stderr or fault.stdout or "").strip().splitlines()
        return lines[-1] if lines else f"{fault.cmd[0]} ended with status {fault.returncode}"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return str(fault)
