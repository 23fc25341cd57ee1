"""The set-up itself: from a bare machine to one that can run the demonstration or the checks, and quick when done."""

import contextlib
import importlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from installer import environment, stamp, system_packages
from installer.console import Console
from installer.dependencies import install_lock
from installer.hosts import fetch_hosts, hosts_ready
from installer.locks import CONTAINS, DEMO, TEST, lock_digest
from installer.machine import Machine
from installer.node import install_node_packages, node_ready
from installer.paths import LOGS, VENV, shown
from installer.screen import ScreenTried, try_screen
from installer.stamp import Stamp, Verdict
from installer.tickets import show_tickets, tickets_ready

_PURPOSES = {DEMO: system_packages.DEMO_PURPOSES, TEST: system_packages.TEST_PURPOSES}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a set-up arrived at: complete, or what is missing and how a person gets it."""

    missing: tuple[str, ...]  # system packages
    command: str  # that installs them; empty where nothing is missing
    screen_problem: str  # why the screen's libraries do not load; empty where they do

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for can run."""
        return not self.missing and not self.screen_problem


@dataclass(frozen=True, slots=True)
class _Findings:
    missing: tuple[str, ...]
    verdict: Verdict
    stamp: Stamp | None
    besides: bool  # what is no package of the lock: tickets; for tests the Node.js packages and the terminals' hosts

    @property
    def nothing_to_do(self) -> bool:
        return self.verdict is Verdict.READY and self.besides and self.stamp is not None and self.stamp.screen_loads


def prepare(lock: str, machine: Machine, *, windows: bool) -> Prepared:
    """Sets this checkout up for `lock` (demo or test); `windows` is whether windows on a display are meant to open.

    Raises SetUpError when a step fails. Missing system packages that may not be installed here are no failure: they
    are said, and told in the answer.
    """
    started_s = time.monotonic()
    with _alone():
        return _prepare(lock, machine, windows=windows, started_s=started_s)


def _prepare(lock: str, machine: Machine, *, windows: bool, started_s: float) -> Prepared:
    found = _look(lock, machine)
    console = Console(7 if lock == TEST else 5)
    version = ".".join(str(part) for part in machine.python_version)
    who = "as root" if machine.root else "as an ordinary user"
    if found.nothing_to_do and not (found.missing and machine.may_install):
        _say_missing(console, machine, found.missing)
        console.say(
            f"Set up already, {time.monotonic() - started_s:.1f} s (Python {version}, {machine.system}, {who})."
        )
        return Prepared(found.missing, _command(machine, found.missing), "")
    console.say(f"Setting up Station Launcher: Python {version} at {machine.python}, {machine.system}, {who}.")
    console, missing, now = _packages(console, machine, found, lock)
    if lock == TEST:
        _hosts(console, machine)
    _tickets(console, machine)
    tried = _screen(console, now, windows=windows)
    console.say(f"Set up in {time.monotonic() - started_s:.1f} s.")
    return Prepared(missing, _command(machine, missing), tried.problem)


def _look(lock: str, machine: Machine) -> _Findings:
    names = system_packages.wanted(_PURPOSES[lock])
    missing = system_packages.missing(names, system_packages.installed()) if machine.debian_like else ()
    found = stamp.read_stamp(VENV)
    now = stamp.expected(VENV, machine)
    works = environment.works(VENV, machine)
    verdict = stamp.judge(found, now, lock, lock_digest(lock), there=VENV.exists(), works=works)
    besides = tickets_ready(machine) and (lock != TEST or (node_ready() and hosts_ready(machine)))
    return _Findings(missing, verdict, found, besides)


def _packages(
    console: Console, machine: Machine, found: _Findings, lock: str
) -> tuple[Console, tuple[str, ...], Stamp]:
    """Brings the packages, the system's and the environment's; returns the console of the steps that follow, too.

    Where the environment needs none of the system's, both are fetched and laid out at once. The terminals' hosts come
    after them: a second apt clears away what the first has fetched, where a container's hooks have it do so.
    """
    if not (found.missing and machine.may_install and environment.needs_no_package(machine)):
        missing = _system_packages(console, machine, found.missing)
        return console, missing, _own_packages(console, machine, found, lock)
    meanwhile, held = console.meanwhile(begun=1)
    with ThreadPoolExecutor(max_workers=1) as pool:
        own = pool.submit(_own_packages, meanwhile, machine, found, lock)
        missing = _system_packages(console, machine, found.missing)
        held.let_go()
        return meanwhile, missing, own.result()


def _own_packages(console: Console, machine: Machine, found: _Findings, lock: str) -> Stamp:
    now = _python_packages(console, machine, _environment(console, machine, found), lock)
    if lock == TEST:
        _node_packages(console)
    return now


def _system_packages(console: Console, machine: Machine, missing: tuple[str, ...]) -> tuple[str, ...]:
    """Installs what is missing where that may be done; returns what is still missing."""
    title = "System packages"
    if missing and machine.may_install:
        with console.step(title, f"{len(missing)} missing, for {_listed(missing)}") as step:
            missing = system_packages.install(missing, step)
    else:
        with console.step(title) as step:
            if not machine.debian_like:
                step.result("not looked for: this system's packages are not Debian's")
            else:
                step.result("", f"{len(missing)} missing" if missing else "all there")
    _say_missing(console, machine, missing)
    return missing


def _say_missing(console: Console, machine: Machine, missing: tuple[str, ...]) -> None:
    if not missing:
        return
    if machine.may_install:
        console.say(f"      This system has no package of these names: {' '.join(missing)}")
    else:
        console.say(f"      Missing for {_listed(missing)}. Only root may install them; the command is:")
        console.say(f"      {_command(machine, missing)}")
        if services := system_packages.services_of(missing):
            console.say(f"      (It also starts {' and '.join(services)}; nothing here needs them running.)")


def _environment(console: Console, machine: Machine, found: _Findings) -> Stamp:
    begun = stamp.expected(VENV, machine)
    title = f"Python environment {shown(VENV)}"
    match found.verdict:
        case Verdict.READY | Verdict.FILL if found.stamp is not None:
            with console.step(title) as step:
                step.result("there already")
            return found.stamp
        case Verdict.ADOPT:
            with console.step(title) as step:
                step.result("there already, made by somebody else; kept, and filled")
            return replace(begun, complete=True, adopted=True)
        case Verdict.SET_ASIDE:
            aside = environment.set_aside(VENV)
            console.say(f"      The environment made by somebody else does not fit here; it is now {shown(aside)}.")
        case Verdict.MAKE_ANEW:
            console.say("      The environment is unfinished, or for another place or Python: it is made anew.")
        case _:
            pass
    with console.step(title, "making it") as step:
        road = environment.make(machine, step, begun)
        step.result(f"made by {road.value}")
    return begun


def _python_packages(console: Console, machine: Machine, now: Stamp, lock: str) -> Stamp:
    title = "Python packages"
    digests = {name: lock_digest(name) for name in CONTAINS[lock]}
    if now.complete and all(now.locks.get(name) == digest for name, digest in digests.items()):
        with console.step(title) as step:
            step.result("as the lock says")
        return now
    if not now.adopted:
        stamp.write_stamp(VENV, replace(now, complete=False))
    with console.step(title, f"bringing {shown(VENV)} in line with installer/locks/{lock}.txt") as step:
        install_lock(lock, machine, step)
        environment.write_commands()
    # What another lock had laid may have changed versions just now, so only what this one holds counts.
    done = replace(now, complete=True, screen_loads=False, locks=digests)
    stamp.write_stamp(VENV, done)
    return done


def _node_packages(console: Console) -> None:
    with console.step("Node.js packages of the test servers", "" if node_ready() else "npm ci") as step:
        if node_ready():
            step.result("as the lock says")
        else:
            install_node_packages(step)


def _hosts(console: Console, machine: Machine) -> None:
    ready = hosts_ready(machine)
    with console.step("Hosts that the terminals' tests call", "" if ready else "fetching them") as step:
        fetch_hosts(machine, step)


def _tickets(console: Console, machine: Machine) -> None:
    with console.step("Kerberos for Python, the system's own") as step:
        step.result(show_tickets(machine))


def _screen(console: Console, now: Stamp, *, windows: bool) -> ScreenTried:
    with console.step("Screen and browser engine") as step:
        tried = try_screen(windows=windows)
        if tried.loads:
            stamp.write_stamp(VENV, replace(now, screen_loads=True))
            step.result("their libraries load")
        else:
            step.result(f"{tried.problem} (all of it: {shown(tried.log)})", "THEIR LIBRARIES DO NOT LOAD")
    return tried


def _command(machine: Machine, missing: tuple[str, ...]) -> str:
    return system_packages.command_for(machine, missing) if missing else ""


def _listed(missing: tuple[str, ...]) -> str:
    return ", ".join(system_packages.purposes_of(missing))


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up of a checkout at a time: a second one waits, and says so."""
    LOGS.mkdir(parents=True, exist_ok=True)
    try:
        fcntl = importlib.import_module("fcntl")
    except ImportError:  # Windows: the second one meets files in use, and says that
        yield
        return
    with (LOGS / "lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this checkout is under way; waiting for it.", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
