"""The sign-in screen."""

from launcher.shell.sign_in.screen import SignInScreen

__all__ = ["SignInScreen"]
