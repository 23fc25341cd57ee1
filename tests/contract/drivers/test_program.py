"""The driver of programs keeps the contract, against a program that asks for name and password."""

from __future__ import annotations

import asyncio
import sys
from typing import Literal

import pytest

from launcher.connectors.plan import ProgramTarget
from launcher.recipes.steps import Place
from launcher.session.openers.program import ProgramDriver
from tests.contract.drivers.contract import DriverContract, DriverWalk, Scene
from tests.contract.drivers.site import NAME, PASSWORD

ASKS = """
import os, sys
descriptor = int(sys.argv[1])
print("console: who are you?", flush=True)
pipe = os.fdopen(descriptor, "r")
name, password = pipe.readline().strip(), pipe.readline().strip()
print("REFUSED" if (name, password) != (sys.argv[2], "correct horse") else "READY for " + name, flush=True)
sys.stdin.read()
"""


class _ProgramContract(DriverContract):
    give: Literal["stdin", "descriptor"]

    @pytest.fixture
    def scene(self) -> Scene:
        return Scene(
            here=Place(text="who are you?"),
            also_here=Place(text="console"),
            nowhere=Place(text="READY"),
            name_field="",
            password_field="",
            control="",
            key="",
            accepted=Place(text="READY for"),
            refused=Place(text="REFUSED"),
            right=(NAME, PASSWORD),
        )

    def drive(self, walk: DriverWalk) -> None:
        descriptor = "0" if self.give == "stdin" else "{descriptor}"

        async def run() -> None:
            target = ProgramTarget((sys.executable, "-c", ASKS, descriptor, NAME), self.give)
            driver = await ProgramDriver.start(target, lambda: None)
            try:
                await walk(driver)
            finally:
                await driver.end(5.0)

        asyncio.run(run())


class TestProgramOnStandardInput(_ProgramContract):
    give = "stdin"


class TestProgramOnADescriptor(_ProgramContract):
    give = "descriptor"
