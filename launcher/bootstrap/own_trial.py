"""``system try ID --own``: signs on to a host with a name and password of the host's own, and off again.

There is no session here and no officer, and nothing is kept: it is how IT tries an entry that was just written. What is
asked is asked at the terminal, before the host is called.
"""

from __future__ import annotations

from typing import Final

from launcher.bootstrap.asked import SecretNotReadError, read_secret
from launcher.bootstrap.host_loop import HostLoop
from launcher.bootstrap.recording import NO_PASSWORD, STOPPED, Ask, planned, say_left
from launcher.bootstrap.road import one_look
from launcher.bootstrap.where import Where
from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.grants.credential import Credential
from launcher.secret import Secret
from launcher.session.openers.host_call import call_terminal
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace

_WITHOUT: Final = "Try it without --own: an officer logs on, and what the system wants of its own is asked for."


def run_own_trial(where: Where, system: str, user_name: str | None, password_fd: int | None, ask: Ask = input) -> int:
    """Try a host and print what was seen. Raises :class:`LauncherError`; exit status 0 when it became ready."""
    settings = where.settings()
    plan, target = planned(settings, system, otherwise=_WITHOUT)
    try:
        credential = _asked(plan, user_name, password_fd, ask)
        with one_look(where, settings), HostLoop() as loop:
            return loop.call(_tried(plan, target, credential))
    except KeyboardInterrupt:
        print(f"\nStopped. Where it had the name and password already, log off at {target.host}:{target.port}.")
        return STOPPED


def _asked(plan: LaunchPlan, user_name: str | None, password_fd: int | None, ask: Ask) -> Credential:
    try:
        user_name = user_name or ask(f"Name at {plan.name}: ")
    except EOFError:
        raise SecretNotReadError("No name could be read: give one with --user.") from None
    none = plan.sign_on in NO_PASSWORD and password_fd is None
    return Credential(user_name, Secret("") if none else read_secret(f"Password at {plan.name}: ", password_fd))


async def _tried(plan: LaunchPlan, target: TerminalTarget, credential: Credential) -> int:
    terminal = await call_terminal(plan, target, credential)
    may_be_on, trace = plan.sign_on in {"password", *NO_PASSWORD}, Trace()
    driver = TerminalDriver(terminal, encoding=target.encoding or "utf-8")
    try:
        outcome = SignOnOutcome("unknown", last_seen=driver.last_seen())
        if target.screens:
            values = Values(credential.user_name, credential.password)
            may_be_on = True
            try:
                outcome = await sign_on_screens(
                    driver, target.screens, values, within_s=plan.within_s, begins=target.begins, trace=trace
                )
            finally:
                print("\n".join(map(str, trace.lines)))
            may_be_on = outcome.outcome != "failed" or plan.sign_on in {"password", *NO_PASSWORD}
        print(f"{outcome.outcome}: {outcome.says or outcome.last_seen}")
        if may_be_on and target.sign_off is not None:
            may_be_on = not await _signed_off(target, driver, credential.user_name)
        return 0 if outcome.outcome == "ready" else 1
    finally:
        say_left(target, may_be_on=may_be_on, confirmed=await terminal.close())


async def _signed_off(target: TerminalTarget, driver: TerminalDriver, user_name: str) -> bool:
    off, trace = target.sign_off, Trace()
    if off is None:
        return False
    done = await sign_off_screens(
        driver, off.screens, Values(user_name), within_s=off.within_s, line_end=off.line_end, trace=trace
    )
    print("\n".join(map(str, trace.lines)))
    print("Signed off." if done.proved else f"Not signed off: {done.why_not}.")
    return done.proved
