"""What a host is given while SSH signs on: the proof once, a new password where it wants one, and nothing else.

A host that has taken a password may want another one before it gives a line: by SSH's own message (RFC 4252, 8) or by
the questions of its account management (RFC 4256). Where there is a new one to give, it is kept before it is given. A
question is answered only where its words ask for a password: what asks for a code gets none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.terminal.line import NewPassword

_PASSWORD: Final = re.compile(r"passw|passphrase|kennwort", re.IGNORECASE)
_NEW: Final = re.compile(r"\bnew\b", re.IGNORECASE)
_CHANGES: Final = (
    ("again", re.compile(r"\b(re-?type|re-?enter|repeat|confirm|again|verify)\b", re.IGNORECASE)),
    ("new", _NEW),
    ("current", re.compile(r"\b(current|old|existing)\b", re.IGNORECASE)),
)
"""What a question of a host's account management asks for, by its words; the first that fits."""
_SAID_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Password:
    """What the host is told where it asks for a password, once; ``new`` where it then asks for another one."""

    secret: Secret
    new: NewPassword | None = None


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key in OpenSSH's or PEM form."""

    text: Secret
    passphrase: Secret | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """The officer's Kerberos ticket, in a file of tickets; None: what the environment names."""

    file: Path | None = None


Proof = Password | PrivateKey | Ticket


class Answers:
    """What one host is answered while one line is made."""

    def __init__(self, proof: Proof) -> None:
        self.asked = False
        """The host has been given what there is to give."""
        self.must_change = False
        """The host wants a new password before it lets anybody in."""
        self.gave_new = False
        """The host may have the new one."""
        self.said = ""
        """What the host has said of a new one that it does not take."""
        self.not_kept: LauncherError | None = None
        """Why the new one could not be kept, and was not given."""
        self._proof = proof
        self._repeated = False

    @property
    def gives_passwords(self) -> bool:
        """Whether there is a password to give that has not been given yet."""
        return isinstance(self._proof, Password) and not self.asked

    def password(self) -> str | None:
        """Give the password, once: a host counts the wrong ones."""
        if self.asked or not isinstance(self._proof, Password):
            return None
        self.asked = True
        return self._proof.secret.reveal()

    async def old_and_new(self, untrusted_prompt: str) -> tuple[str, str] | None:
        """Give the new password, once, to a host that asks for it by SSH's own message."""
        new = await self._new(untrusted_prompt)
        return (self._proof.secret.reveal(), new) if new is not None and isinstance(self._proof, Password) else None

    async def questions(self, untrusted_prompts: Sequence[tuple[str, bool]]) -> list[str] | None:
        """Answer questions, each with whether the answer is shown; None where one of them has no answer here."""
        if any(shown for _, shown in untrusted_prompts):
            return None
        answers: list[str] = []
        for prompt, _ in untrusted_prompts:
            if not _PASSWORD.search(_question(prompt)):
                return None
            answer = await self._of_change(prompt) if self.asked else self.password()
            if answer is None:
                return None
            answers.append(answer)
        return answers

    async def _of_change(self, prompt: str) -> str | None:
        asked = next((kind for kind, words in _CHANGES if words.search(_question(prompt))), "")
        if not asked or not isinstance(self._proof, Password):
            return None
        if asked == "again" and not self.gave_new:
            asked = next((kind for kind, words in _CHANGES[1:] if words.search(_question(prompt))), "")
            if not asked:
                return None  # it is the old one that is asked for again: it was wrong
        if asked == "again":
            if self._repeated or self._proof.new is None:
                return None
            self._repeated = True
            return self._proof.new.secret.reveal()
        if asked == "current":
            self.must_change = True
            # Asked for after the new one, or without one to come: nothing would be gained by it.
            return None if self.gave_new or self._proof.new is None else self._proof.secret.reveal()
        return await self._new(prompt)

    async def _new(self, prompt: str) -> str | None:
        self.must_change = True
        new = self._proof.new if isinstance(self._proof, Password) else None
        if self.gave_new:
            said = " ".join(prompt.strip().rpartition("\n")[0].split())
            self.said = "".join(filter(str.isprintable, said))[:_SAID_MOST]
        if new is None or self.gave_new:
            return None
        try:
            await new.keep()
        except LauncherError as fault:
            self.not_kept = fault
            return None
        self.gave_new = True
        return new.secret.reveal()


def _question(prompt: str) -> str:
    """Return a prompt's last line: what stands before it is what the host has to say."""
    return prompt.strip().rpartition("\n")[2]
