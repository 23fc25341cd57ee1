"""What holds for the recipe of every kind: which values its fills may take, and that something proves its end."""

from __future__ import annotations

from launcher.catalogue.entry import Entry
from launcher.policy.toml_text import Fault
from launcher.recipes.steps import Fill
from launcher.sign_on.runner import repeated_password

CREDENTIAL_VALUES = frozenset({"username", "password", "otp"})


def fills(entry: Entry) -> list[tuple[int, Fill]]:
    """Return the entry's fill steps with their index."""
    return [(index, step) for index, step in enumerate(entry.recipe.steps) if isinstance(step, Fill)]


def fill_faults(entry: Entry, *, credential: bool, otp: bool, why_none: str) -> list[Fault]:
    """Find fills of values that the entry's method does not have; ``why_none`` says so where it has no credential."""
    faults: list[Fault] = []
    names: set[str] = set()
    for index, fill in fills(entry):
        key = ("step", index, "value")
        names |= fill.names
        if beyond := sorted(fill.names - CREDENTIAL_VALUES):
            faults.append(entry.fault(key, f"{{{beyond[0]}}} is not known while signing on"))
        if not credential and fill.names & CREDENTIAL_VALUES:
            faults.append(entry.fault(key, why_none))
        elif "otp" in fill.names and not otp:
            faults.append(entry.fault(key, "{otp} needs otp = true"))
    again = repeated_password(entry.recipe.steps)
    if again is not None:
        message = "this fills the same password again on the same page: a refused password is never tried twice"
        faults.append(entry.fault(("step", again), message))
    if otp and "otp" not in names:
        faults.append(entry.fault((entry.kind, "otp"), "otp = true needs a step that fills {otp}"))
    return faults


def waited_press_faults(entry: Entry) -> list[Fault]:
    """Find presses that a wait parts from what they are to send: where the page has gone on, nothing is pressed."""
    message = (
        "a wait stands between what is filled and the press that sends it: a press waits for its control by itself; "
        "where the page goes on by itself once it is filled, write the logon as [[page]]"
    )
    faults: list[Fault] = []
    filled = waited = False
    for index, step in enumerate(entry.recipe.steps):
        if step.do == "wait":
            waited = True
            continue
        if step.do == "press" and filled and waited:
            faults.append(entry.fault(("step", index), message))
        filled, waited = isinstance(step, Fill), False
    return faults


def never_changed(entry: Entry, credential: str, *, changes: bool) -> list[Fault]:
    """Warn of a change of password that is never run."""
    if not changes or credential != "sign-in":
        return []
    message = "never run: the password of the sign-in is not changed in a system; credential = store has its own"
    return [entry.fault((entry.kind, "change_password"), message, warning=True)]


def refused_faults(entry: Entry, *, otp: bool) -> list[Fault]:
    """Find refusals of a one-time code in an entry whose recipe fills none."""
    found = [("marker", index) for index, one in enumerate(entry.markers) if one.refused]
    found += [("page", index) for index, one in enumerate(entry.pages) if one.refused]
    found += [("screen", index) for index, one in enumerate(entry.screens) if one.refused]
    message = 'refused = "code" needs otp = true, and a recipe that fills {otp}'
    return [] if otp else [entry.fault((*at, "refused"), message) for at in found]


def marker_warnings(entry: Entry) -> list[Fault]:
    """Warn where nothing proves that the system is ready: its outcome would always be unknown."""
    if any(marker.means in {"ready", "already-signed-on"} for marker in entry.markers):
        return []
    what = "page" if entry.pages else "marker"
    message = f"no {what} means ready: whether it is signed on will always be unknown"
    return [entry.fault((entry.kind,), message, warning=True)]


def screen_faults(entry: Entry) -> list[Fault]:
    """Find screens, and pages, in an entry whose kind has none."""
    message = f"screens are for the kind terminal; a {entry.kind} has [[step]] and [[marker]]"
    faults = [entry.fault(("screen", 0), message)] if entry.screens else []
    if entry.pages and entry.kind != "web":
        message = f"pages are for the kind web; a {entry.kind} has [[step]] and [[marker]]"
        faults.append(entry.fault(("page", 0), message))
    return faults
