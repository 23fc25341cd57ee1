"""Runs recipes and sign-on methods against a driver and says how it ended."""

from launcher.sign_on.methods import provider_prompts, sign_on_page, sign_on_program
from launcher.sign_on.outcome import SignOnOutcome, SignOnRefusedError, SignOnTimedOutError, ValueMissingError
from launcher.sign_on.run import Values, run_recipe
from launcher.sign_on.screen_run import SignedOff, change_password_on_screens, sign_off_screens, sign_on_screens
from launcher.sign_on.stage_run import PasswordChanged
from launcher.sign_on.trace import Trace

__all__ = [
    "PasswordChanged",
    "SignOnOutcome",
    "SignOnRefusedError",
    "SignOnTimedOutError",
    "SignedOff",
    "Trace",
    "ValueMissingError",
    "Values",
    "change_password_on_screens",
    "provider_prompts",
    "run_recipe",
    "sign_off_screens",
    "sign_on_page",
    "sign_on_program",
    "sign_on_screens",
]
