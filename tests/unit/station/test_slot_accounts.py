"""A session that runs as an account of its own: nothing of it stays, and nothing of another's is in its reach."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from launcher.residue import kernel_views
from launcher.station.errors import NoSlotFreeError, SlotAccountsFaultyError, StationAlreadyRunsError
from launcher.station.slot_cleaning import mount_points, open_places, processes_of, remove_all
from launcher.station.slot_homes import SlotHomes
from launcher.station.slots import Slot, checked
from tests.servers.root import unused_slots
from tests.unit.station.slot_bench import SAY, Guest, few_places, program, slot_homes

pytestmark = pytest.mark.needs("root")

# Processes that leave their parent, group, session and environment behind, ignore what can be ignored, and say so last.
ESCAPES = f"""{SAY}
for number in range(1, 65):
    if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
        signal.signal(number, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        say("there")
        os.execve("/bin/sleep", ["sleep", "1000"], {{}})
signal.pause()
"""

# Each child makes the next one and goes: whoever looks for them sees the ones that are gone. Bounded in number, and in
# time should nobody end them.
FORKS = f"""{SAY}
import resource, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_NPROC, (30, 30))
until = time.monotonic() + 30
def chain():
    os.setsid()
    while time.monotonic() < until:
        try:
            if os.fork(): os._exit(0)
        except OSError:
            pass
    os._exit(0)
for _ in range(4):
    if os.fork() == 0: chain()
say("there")
while time.monotonic() < until:
    try:
        os.wait()
    except OSError:
        signal.pause()
"""


@pytest.fixture(scope="module")
def homes() -> Iterator[SlotHomes]:
    with slot_homes(3, open_to_all=few_places) as made:
        yield made


@pytest.mark.parametrize("code", [ESCAPES, FORKS], ids=["escapes", "forks"])
def test_no_process_of_the_account_outlives_its_end(homes: SlotHomes, code: str) -> None:
    home = homes.make()
    guest = Guest(homes, home, program(code))
    assert guest.said == "there"
    ended, remained = guest.end()
    assert ended >= 1, "what forks all the time may not be seen before it is ended"
    assert remained == ()
    assert processes_of(guest.slot.uid) == []
    assert homes.remove(home).remained == ()


LEAVES = f"""{SAY}
import ctypes
c = ctypes.CDLL(None, use_errno=True)
for folder in sys.argv[2:]:
    top = os.path.join(folder, "left-" + sys.argv[1])
    os.makedirs(top + "/shut")
    open(top + "/shut/file", "w").write("x")
    os.chmod(top + "/shut", 0)
os.chdir(os.path.join(sys.argv[-1], "left-" + sys.argv[1]))
for _ in range(1100):
    os.mkdir("deep"); os.chdir("deep")
made = [c.shmget(0, 4096, 0o1600), c.semget(0, 1, 0o1600), c.msgget(0, 0o1600)]
made.append(c.mq_open(b"/left-" + sys.argv[1].encode(), os.O_CREAT | os.O_RDWR, 0o600, None))
say(all(one >= 0 for one in made))
signal.pause()
"""


def test_no_file_of_the_account_outlives_its_end() -> None:
    assert {Path(one) for one in ("/tmp", "/var/tmp", "/dev/shm")} <= set(open_places())
    # Searched is a folder in each of them: /tmp may hold very much where we test.
    with ExitStack() as made:
        places = tuple(
            Path(made.enter_context(tempfile.TemporaryDirectory(dir=folder)))
            for folder in ("/tmp", "/var/tmp", "/dev/shm")
        )
        for one in places:
            one.chmod(0o1777)
        homes = made.enter_context(slot_homes(1, open_to_all=lambda: places))
        _leave_and_clear(homes, places)


def _leave_and_clear(homes: SlotHomes, places: tuple[Path, ...]) -> None:
    home = homes.make()
    guest = Guest(homes, home, program(LEAVES, home.name, *map(str, places)))
    assert guest.said == "True"
    left = [folder / f"left-{home.name}" for folder in places]
    assert all(one.exists() for one in left)
    others = places[0] / f"others-{home.name}"
    others.write_text("another account's")
    assert _system_v(guest.slot) == {"shm": 1, "sem": 1, "msg": 1}
    guest.end()
    cleared = homes.remove(home)
    try:
        assert cleared.remained == ()
        assert any(str(guest.slot.uid) in one for one in cleared.searched)
        assert set(map(str, places)) <= set(cleared.searched)
        assert not any(one.exists() for one in left)
        assert others.exists()
        assert not home.exists()
        assert not homes.kept_of(home).exists()
        assert _system_v(guest.slot) == {"shm": 0, "sem": 0, "msg": 0}
        assert all(not list(one.iterdir()) for one in homes.folder.glob(".queues"))
    finally:
        others.unlink()


def _system_v(slot: Slot) -> dict[str, int]:
    rows = {kind: Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:] for kind in ("shm", "sem", "msg")}
    return {kind: sum(str(slot.uid) in line.split() for line in lines) for kind, lines in rows.items()}


KEEPS_A_KEY = f"""{SAY}
import ctypes
c = ctypes.CDLL(None, use_errno=True)
add = {{"x86_64": 248, "aarch64": 217}}[os.uname().machine]
search = {{"x86_64": 250, "aarch64": 219}}[os.uname().machine]
if sys.argv[1] == "keep":
    say(c.syscall(add, b"user", b"officer", b"secret", 6, ctypes.c_long(-4)) > 0)
else:
    say(c.syscall(search, 10, ctypes.c_long(-4), b"user", b"officer", 0))
"""


def test_no_key_of_the_account_stays_in_the_kernel(homes: SlotHomes) -> None:
    home = homes.make()
    keeps = Guest(homes, home, program(KEEPS_A_KEY, "keep"))
    there = Guest(homes, home, program(KEEPS_A_KEY, "search"))
    keeps.end()
    there.process.wait()
    after = Guest(homes, home, program(KEEPS_A_KEY, "search"))
    after.end()
    homes.remove(home)
    if keeps.said != "True":
        pytest.skip("needs root: this kernel keeps no keys")
    assert int(there.said) > 0
    assert after.said == "-1"


# Tries on another account's session what one must not be able to; says what worked.
PRIES = f"""{SAY}
import ctypes
pid, home, state = int(sys.argv[1]), sys.argv[2], sys.argv[3]
c = ctypes.CDLL(None, use_errno=True)
worked = []
def attempt(name, call):
    try:
        call()
    except OSError:
        return
    worked.append(name)
def ptrace():
    if c.ptrace(16, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
attempt("kill", lambda: os.kill(pid, 0))
attempt("memory", lambda: open(f"/proc/{{pid}}/mem", "rb"))
attempt("environment", lambda: open(f"/proc/{{pid}}/environ", "rb").read())
attempt("descriptors", lambda: os.listdir(f"/proc/{{pid}}/fd"))
attempt("trace", ptrace)
attempt("home", lambda: os.listdir(home))
attempt("kept", lambda: os.listdir(home + "-kept"))
attempt("its place", lambda: os.listdir(os.path.dirname(home)))
attempt("a file there", lambda: open(os.path.dirname(home) + "/new", "w"))
attempt("state", lambda: os.listdir(state))
attempt("keys", lambda: os.listdir(state + "/keys"))
attempt("station's memory", lambda: open(f"/proc/{{os.getppid()}}/mem", "rb"))
attempt("root", lambda: os.setuid(0))
attempt("station's files", lambda: os.listdir("/proc/%d/fd" % os.getppid()))
said = open("/proc/self/status").read()
say((worked, "NoNewPrivs:\\t1" in said, "CapEff:\\t0000000000000000" in said, sorted(os.getgroups())))
"""


def test_one_session_cannot_reach_another_nor_the_station(homes: SlotHomes, tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "keys").mkdir(parents=True)
    first, second = homes.make(), homes.make()
    victim = Guest(homes, first, program(f"{SAY}say('there'); signal.pause()"))
    pries = Guest(homes, second, program(PRIES, str(victim.process.pid), str(first), str(state)))
    group = pries.slot.group
    assert pries.said == str(([], True, True, [group]))
    assert victim.process.poll() is None
    pries.end()
    assert victim.process.poll() is None, "the end of one account is not another's"
    victim.end()
    for home in (first, second):
        assert homes.remove(home).remained == ()


def test_a_session_has_its_own_folders_in_memory(homes: SlotHomes) -> None:
    home = homes.make()
    code = f"""{SAY}
import json
names = ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")
for name in names:
    open(os.environ[name] + "/file", "w").write("x")
mask = os.umask(0)
say(json.dumps([os.environ["USER"], mask, os.getcwd(), os.stat(os.environ["HOME"] + "/file").st_mode & 0o777]))
"""
    guest = Guest(homes, home, program(code))
    assert guest.said == f'["{guest.slot.name}", 63, "/", 384]'
    assert homes.in_memory
    assert home.stat().st_mode & 0o777 == 0o700
    if homes.mounted:
        assert os.path.ismount(home)
    guest.end()
    assert homes.remove(home).remained == ()


def test_without_the_right_to_mount_the_folders_are_made_where_memory_is() -> None:
    with slot_homes(1, mounts=False, open_to_all=few_places) as homes:
        home = homes.make()
        assert not homes.mounted
        guest = Guest(homes, home, program(f"{SAY}open(os.environ['HOME'] + '/file', 'w'); say('there')"))
        assert guest.said == "there"
        guest.end()
        assert homes.remove(home).remained == ()
        assert not home.exists()


def test_what_cannot_be_removed_is_named_and_its_slot_is_kept_back() -> None:
    with slot_homes(1, open_to_all=few_places) as homes:
        home = homes.make()
        slot = homes.slot_of(home.name)
        busy = Path("/var/tmp") / f"busy-{home.name}"
        busy.mkdir()
        os.chown(busy, slot.uid, slot.gid)
        if ctypes.CDLL(None).mount(b"none", os.fsencode(busy), b"tmpfs", 0, None) != 0:
            busy.rmdir()
            pytest.skip("needs root: nothing may be mounted here")
        os.chown(busy, slot.uid, slot.gid)
        try:
            remained = homes.remove(home).remained
            assert len(remained) == 1
            assert str(busy) in remained[0]
            with pytest.raises(NoSlotFreeError):
                homes.make()
        finally:
            subprocess.run(["umount", busy], check=True)
        # Somebody has seen to it.
        homes.clean_again()
        assert not busy.exists()
        assert homes.slot_of(homes.make().name) == slot
        with pytest.raises(NoSlotFreeError):
            homes.make()


def test_two_stations_cannot_have_the_same_slots(homes: SlotHomes) -> None:
    with pytest.raises(StationAlreadyRunsError):
        SlotHomes(unused_slots(1), homes.folder.parent)


# A station's process that makes a home, starts something in it that will not go, and is killed.
STATION = """
import sys
from pathlib import Path
from launcher.station.slot_homes import SlotHomes
from tests.servers.root import Slot
from tests.unit.station.slot_bench import Guest, few_places, program, SAY
slots = tuple(Slot(f"slot{n}", n, n, int(sys.argv[2])) for n in map(int, sys.argv[3:]))
homes = SlotHomes(slots, Path(sys.argv[1]), open_to_all=few_places)
home = homes.make()
code = SAY + "open('/var/tmp/left-' + sys.argv[1], 'w'); say('there'); signal.pause()"
guest = Guest(homes, home, program(code, home.name))
print(guest.process.pid, guest.slot.uid, home, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_station_left_in_the_slots_is_cleared_before_the_first_session() -> None:
    with slot_homes(1, open_to_all=few_places) as homes:
        root = homes.folder.parent.parent / "killed"
        slots = unused_slots(3)[2:]
        argv = [*program(STATION)[1:], str(root), str(slots[0].group), *(str(slot.uid) for slot in slots)]
        with subprocess.Popen(
            [sys.executable, *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            text=True,
        ) as killed:
            assert killed.stdout is not None
            pid, uid, home = killed.stdout.readline().split()
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        assert Path(f"/proc/{pid}").exists()
        assert Path(home).exists()
        left = Path("/var/tmp") / f"left-{Path(home).name}"
        assert left.exists()
        after = SlotHomes(slots, root, open_to_all=few_places)
        try:
            assert after.left_over == 1
            assert after.remained == ()
            assert processes_of(int(uid)) == []
            assert not left.exists()
            assert not Path(home).exists()
            assert [one.name for one in root.iterdir() if one.is_dir()] == [after.folder.name]
        finally:
            assert after.close() == ()


def test_a_slot_that_is_roots_or_anothers_is_refused() -> None:
    good = Slot("slot1", 101, 101, 100)
    assert checked([good]) == (good,)
    for bad in (Slot("slot2", 101, 102, 100), Slot("slot2", 0, 102, 100), Slot("slot2", 102, 0, 100)):
        with pytest.raises(SlotAccountsFaultyError):
            checked([good, bad])
    with pytest.raises(SlotAccountsFaultyError):
        checked([Slot("slot3", 103, 103, 100, more=(0,))])


def test_a_link_is_removed_and_not_followed(homes: SlotHomes, tmp_path: Path) -> None:
    home = homes.make()
    slot = homes.slot_of(home.name)
    (tmp_path / "kept").write_text("the station's")
    link = Path("/var/tmp") / f"link-{home.name}"
    link.symlink_to(tmp_path)
    os.chown(link, slot.uid, slot.gid, follow_symlinks=False)
    assert remove_all((slot,), few_places()).remained == ()
    assert not link.is_symlink()
    assert (tmp_path / "kept").exists()
    assert homes.remove(home).remained == ()


@pytest.mark.parametrize("name", [b"\xc3\x9c", b"not text \xff", b"back\\slash"], ids=["text", "no-text", "escaped"])
def test_a_mount_is_known_whatever_its_name(tmp_path: Path, name: bytes) -> None:
    mounted = tmp_path / os.fsdecode(name)
    mounted.mkdir()
    if ctypes.CDLL(None).mount(b"none", os.fsencode(mounted), b"tmpfs", 0, b"mode=1777,size=64k") != 0:
        pytest.skip("needs root: nothing may be mounted here")
    try:
        assert str(mounted) in mount_points()
        assert mounted in open_places()
        kernel_views()  # reads the same list
    finally:
        subprocess.run(["umount", mounted], check=True)


def test_a_slot_that_meets_a_fault_does_not_keep_the_others_from_being_cleared() -> None:
    faults = iter((1,))

    def places() -> tuple[Path, ...]:
        if ready and next(faults, None) is not None:
            raise UnicodeError("a name that is none")
        return few_places()

    ready = False
    with slot_homes(2, open_to_all=places) as homes:
        made = [homes.make() for _ in range(2)]
        for home in made:
            homes.keep_back(home)
        ready = True
        homes.clean_again()
        assert sorted(one.exists() for one in made) == [False, False]
        assert homes.make().exists()
        with pytest.raises(NoSlotFreeError):
            homes.make()
        homes.clean_again()
        assert homes.make().exists()
