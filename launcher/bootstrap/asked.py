"""Asks whoever calls a command for a secret, which is never a word of the command line."""

from __future__ import annotations

import getpass
import os
import warnings

from launcher.errors import LauncherError
from launcher.secret import Secret


class SecretNotReadError(LauncherError):
    """A password was to be read from a descriptor or typed, and there was none."""

    reference = "secret-not-read"
    hint = (
        "Type it at a terminal, or give it as one line that is not empty, on the descriptor that --password-fd names "
        "(--value-fd for a key, --code-fd for an enrolment code)."
    )


def read_secret(prompt: str, descriptor: int | None) -> Secret:
    """Read a secret from a descriptor, or ask for it without showing it. Raises :class:`SecretNotReadError`."""
    try:
        if descriptor is None:
            secret = _typed(prompt)
        else:
            with os.fdopen(descriptor, encoding="utf-8") as pipe:
                secret = Secret(pipe.readline().rstrip("\r\n"))
    except getpass.GetPassWarning:
        raise SecretNotReadError("There is no terminal here to type it at unseen.") from None
    except (OSError, EOFError, ValueError) as fault:  # the last: no UTF-8, or a descriptor below 0
        raise SecretNotReadError("Nothing could be read.", detail=type(fault).__name__) from None
    if not secret and descriptor is None:
        raise SecretNotReadError("Nothing was typed.", hint="Type it, and press Enter after it.")
    if not secret:
        raise SecretNotReadError("What was given is empty.")
    return secret


def _typed(prompt: str) -> Secret:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
        return Secret(getpass.getpass(prompt))
