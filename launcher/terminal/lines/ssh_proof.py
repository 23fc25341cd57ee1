"""What a host is given while SSH signs on: the proof once, a new password where it wants one, and nothing else.

A host that has taken a password may want another one before it gives a line: by SSH's own message (RFC 4252, 8) or by
the questions of its account management (RFC 4256). Where there is a new one to give, it is kept before it is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import asyncssh

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.terminal.errors import TerminalSignInRefusedError
from launcher.terminal.line import NewPassword

_QUESTIONS: Final = (
    ("again", re.compile(r"\b(re-?type|re-?enter|repeat|confirm|again|verify)\b", re.IGNORECASE)),
    ("new", re.compile(r"\bnew\b", re.IGNORECASE)),
    ("current", re.compile(r"\b(current|old|existing)\b", re.IGNORECASE)),
)
"""What a question of a host's account management asks for, by its words; the first that fits."""


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
    """The officer's Kerberos ticket, of the session's own ticket cache."""


Proof = Password | PrivateKey | Ticket


class ProofGiver(asyncssh.SSHClient):
    """Answers what the host asks while it signs on: the proof once, a new password once, and nothing else."""

    def __init__(self, proof: Proof, key: asyncssh.SSHKey | None) -> None:
        self.offered: asyncssh.SSHKey | None = None
        self.asked = False
        self.must_change = False
        """The host wants a new password before it lets anybody in."""
        self.gave_new = False
        """The host may have the new one."""
        self.said = ""
        """What the host has said of a new one that it does not take."""
        self.not_kept: LauncherError | None = None
        """Why the new one could not be kept, and was not given."""
        self.proof = proof
        self._key = key
        self._repeated = False

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Note the key that is none of the entered ones, and refuse it."""
        self.offered = key
        return False

    def validate_host_ca_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Note the authority that is none of the entered ones, and refuse it."""
        self.offered = key
        return False

    def public_key_auth_requested(self) -> asyncssh.SSHKey | None:
        """Offer the key, once."""
        key, self._key = self._key, None
        self.asked = self.asked or key is not None
        return key

    def password_auth_requested(self) -> str | None:
        """Give the password, once: a host counts the wrong ones."""
        return self._password()

    async def password_change_requested(self, prompt: str, lang: str) -> tuple[str, str]:
        """Give the new password, once; a host that asks again has refused it."""
        new = await self._new(prompt)
        if new is None or not isinstance(self.proof, Password):
            return NotImplemented  # type: ignore[no-any-return] # how the library wants a refusal
        return self.proof.secret.reveal(), new

    def kbdint_auth_requested(self) -> str | None:
        """Take part where the password has not been given yet."""
        return "" if isinstance(self.proof, Password) and not self.asked else None

    async def kbdint_challenge_received(  # type: ignore[override] # the library waits for it as well
        self,
        name: str,
        instructions: str,
        lang: str,
        prompts: list[tuple[str, bool]],
    ) -> list[str] | None:
        """Give the password to the one question whose answer is not shown, and a new one to those that want it."""
        if any(shown for _, shown in prompts):
            return None
        if not self.asked and len(prompts) == 1:
            password = self._password()
            return None if password is None else [password]
        answers: list[str] = []
        for prompt, _ in prompts:
            answer = await self._of_change(prompt) if self.asked else None
            if answer is None:
                return None
            answers.append(answer)
        return answers

    async def _of_change(self, prompt: str) -> str | None:
        """Answer a question of a change of password; what is none, e.g. one for a code, has no answer here."""
        question = prompt.strip().rpartition("\n")[2]
        asked = next((kind for kind, words in _QUESTIONS if words.search(question)), "")
        if not asked or not isinstance(self.proof, Password):
            return None
        if asked == "again" and self.gave_new and self.proof.new is not None:
            again, self._repeated = self._repeated, True
            return None if again else self.proof.new.secret.reveal()
        if asked == "current":
            self.must_change = True
            # Asked for after the new one, or without one to come: nothing would be gained by it.
            return None if self.gave_new or self.proof.new is None else self.proof.secret.reveal()
        return await self._new(prompt)

    async def _new(self, prompt: str) -> str | None:
        self.must_change = True
        new = self.proof.new if isinstance(self.proof, Password) else None
        if self.gave_new:
            self.said = " ".join(prompt.strip().rpartition("\n")[0].split())
        if new is None or self.gave_new:
            return None
        try:
            await new.keep()
        except LauncherError as fault:
            self.not_kept = fault
            return None
        self.gave_new = True
        return new.secret.reveal()

    def _password(self) -> str | None:
        if self.asked or not isinstance(self.proof, Password):
            return None
        self.asked = True
        return self.proof.secret.reveal()


def private_key(proof: PrivateKey) -> asyncssh.SSHKey:
    """Read a private key; why it cannot be read is not repeated, as the words may quote it."""
    passphrase = proof.passphrase.reveal() if proof.passphrase else None
    try:
        return asyncssh.import_private_key(proof.text.reveal(), passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        raise TerminalSignInRefusedError("Your key for this system cannot be read.") from None
