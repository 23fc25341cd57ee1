"""A directory on paper, for sessions without a screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted, Proof, Stopwatch
from launcher.identity.refusals import PasswordMustChange, PasswordNotAccepted
from launcher.secret import Secret
from launcher.session.parts import Parts
from tests.unit.session.bench import PASSWORD


class PaperDirectory:
    """A directory on paper: a password method that can be told to wait, to want a new password, or to break."""

    name: ClassVar[str] = "directory"

    def __init__(self, password: str = PASSWORD) -> None:
        self.password = password
        self.must_change = False
        self.refuses_new: list[Exception] = []
        self.breaks: Exception | None = None
        self.held: asyncio.Event | None = None
        self.asked = asyncio.Event()
        self.proofs: list[tuple[str, str]] = []

    async def prepare(self) -> None:
        """Nothing to get ready."""

    async def sign_in(self, proof: Proof, watch: Stopwatch) -> Accepted:
        self.proofs.append((proof.user_name, proof.password.reveal()))
        self.asked.set()
        with watch.phase("primary"):
            if self.held is not None:
                await self.held.wait()
        if self.breaks is not None:
            raise self.breaks
        if proof.password.reveal() != self.password:
            raise PasswordNotAccepted.given()
        if self.must_change:
            raise PasswordMustChange.given()
        officer = Officer(OfficerId("paper", proof.user_name), proof.user_name, "4471", "A. Okafor", frozenset())
        return Accepted(officer, self.name, proof.password)

    async def change_password(self, proof: Proof, new: Secret, watch: Stopwatch) -> None:
        if self.refuses_new:
            raise self.refuses_new.pop(0)
        self.password, self.must_change = new.reveal(), False


def with_directory(directory: PaperDirectory) -> Callable[[Parts], Parts]:
    """Put a paper directory beside the local officers."""
    return lambda parts: replace(parts, methods={**parts.methods, "directory": directory})
