"""Modules that are loaded when one of their names is asked for, and packages that hand out such names.

A first screen is painted from a handful of modules; a package that loaded all of its own would make it wait.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


class LateModule:
    """Stands for a module until one of its names is asked for; a type checker is shown the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        value: object = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value


def handing_out(package: str, names: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return the ``__getattr__`` (PEP 562) of ``package``; ``names`` are those of each of its modules."""
    module_of = {name: module for module, given in names.items() for name in given}

    def find(name: str) -> object:
        module = module_of.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{module}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
