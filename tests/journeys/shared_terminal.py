"""A terminal that two officers of a real directory share: a wiki, a notice board for each of them, an X11 program.

Each officer's board fills the window with a colour of its own and sets a cookie of its own, and each officer's password
is made for this run: what one has is looked for where the other one is.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store, key_store
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from tests.servers import dokuwiki
from tests.servers.certificates import certificates
from tests.servers.dokuwiki import DokuWiki, running_dokuwiki
from tests.servers.people import ALICE, BOB, Person
from tests.servers.slapd import BASE_DN, LOOKUP_DN, LOOKUP_PASSWORD, Slapd, running_slapd

ALICE_COLOUR, BOB_COLOUR, XTERM_COLOUR = 0xC81E5A, 0x1EC85A, 0x5A1EC8
ALICES = ("board-alice", "case-terminal", "station-wiki")
"""What Alice opens; Bob may see the wiki, and his own board."""


@dataclass(frozen=True, slots=True)
class OfficerHere:
    """One of the two: who they are, and what only they have."""

    person: Person
    password: str
    cookie: str

    @classmethod
    def of(cls, person: Person) -> OfficerHere:
        """Make what is this run's."""
        # Letters and digits, so that each is a key of its own.
        return cls(person, f"pw{secrets.token_hex(8)}", secrets.token_hex(12))


@dataclass(frozen=True, slots=True)
class SharedTerminal:
    """The running servers, and the station's files."""

    station: Path
    state: Path
    servers: Path
    directory: Slapd
    wiki: DokuWiki
    alice: OfficerHere
    bob: OfficerHere


@contextmanager
def shared_terminal(folder: Path, lock: str) -> Iterator[SharedTerminal]:
    """Start the servers and write the station's files into ``folder``; ``lock`` is its [lock] section's lines."""
    before = tempfile.tempdir
    with ExitStack() as stack:
        # What the servers keep of their callers is left out where the station searches: it is the servers' own.
        apart = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="servers-")))
        stack.callback(setattr, tempfile, "tempdir", before)
        tempfile.tempdir = str(apart)
        made = stack.enter_context(certificates())
        directory = stack.enter_context(running_slapd(made))
        # Of this run alone, as each officer's: the station finds what another test beside this one writes of its own.
        wiki_password = f"wk{secrets.token_hex(8)}"
        wiki = stack.enter_context(running_dokuwiki(password=wiki_password))
        alice, bob = OfficerHere.of(ALICE), OfficerHere.of(BOB)
        for one in (alice, bob):
            directory.set_password(one.person.uid, one.password)
        boards = stack.enter_context(_boards(alice, bob))
        here = SharedTerminal(folder / "station.toml", folder / "state", apart, directory, wiki, alice, bob)
        _write(here, made.ca, boards, lock, wiki_password)
        yield here


@contextmanager
def _boards(alice: OfficerHere, bob: OfficerHere) -> Iterator[int]:
    """Serve a board for each at ``http://<uid>.localhost``; a page of one colour, a field, and a cookie."""
    pages = {
        f"{one.person.uid}.localhost": (f"#{colour:06x}", one.cookie)
        for one, colour in ((alice, ALICE_COLOUR), (bob, BOB_COLOUR))
    }

    class Board(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            colour, cookie = pages[self.headers["Host"].partition(":")[0]]
            page = (
                f"<!doctype html><title>Board</title><body style='margin:0;background:{colour}'>"
                "<main id=board><input id=note></main>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Set-Cookie", f"board={cookie}; Path=/; HttpOnly; SameSite=Lax")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Board) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            serving.join()


def _write(here: SharedTerminal, ca: Path, boards: int, lock: str, wiki_password: str) -> None:
    here.state.mkdir(mode=0o700)
    keys = key_store("file", here.state)
    assert keys is not None
    keys.put("directory-search", Secret(LOOKUP_PASSWORD))
    store = credential_store("file", here.state)
    for person in (ALICE, BOB):
        kept = Credential(person.uid, Secret(wiki_password))
        asyncio.run(store.put(OfficerId(f"ldap:{BASE_DN}", person.entry_uuid), "station-wiki", kept))
    xterm = shutil.which("xterm") or "/usr/bin/xterm"
    here.station.write_text(f"""\
[station]
terminal = "FD-02"
place = "Front desk"
helpdesk = "ext. 4100"
fullscreen = false

[sign_in]
methods = ["directory"]

[directory]
servers = ["{here.directory.ldaps_url}"]
ca_file = "{ca}"
base = "{BASE_DN}"
search_as = "{LOOKUP_DN}"

[web]
hosts = ["*.localhost"]

[programs]
executables = [{json.dumps(xterm)}]

[credentials]
keep = "file"

[lock]
{lock}
""")
    catalogue = here.station.parent / "catalogue"
    catalogue.mkdir()
    argv = [xterm, "-bg", f"#{XTERM_COLOUR:06x}", "-geometry", "40x6+20+860", "-e", "cat"]
    entries = {
        "station-wiki": _web("Station Wiki", here.wiki.url, "response", WIKI),
        "board-alice": _web("Custody Board", f"http://alice.localhost:{boards}/", "custody", BOARD),
        "board-bob": _web("Response Board", f"http://bob.localhost:{boards}/", "response", BOARD, on_demand=True),
        "case-terminal": 'name = "Case Terminal"\nkind = "program"\ngroups = ["custody"]\n\n'
        f'[program]\nargv = {json.dumps(argv)}\ngive = "none"\n',
    }
    for system, text in entries.items():
        (catalogue / f"{system}.toml").write_text(text)


def _web(name: str, url: str, group: str, rest: str, *, on_demand: bool = False) -> str:
    demand = 'open = "on demand"\n' if on_demand else ""
    return f'name = "{name}"\nkind = "web"\ngroups = ["{group}"]\n{demand}\n[web]\nurl = "{url}"\n{rest}'


BOARD = """\
sign_on = "none"

[[marker]]
means = "ready"
selector = "#board"
"""

WIKI = f"""\
sign_on = "form"
credential = "store"

[[step]]
do = "fill"
field = '{dokuwiki.USERNAME}'
value = "{{username}}"

[[step]]
do = "fill"
field = '{dokuwiki.PASSWORD_FIELD}'
value = "{{password}}"

[[step]]
do = "press"
control = '{dokuwiki.SUBMIT}'

[[marker]]
means = "ready"
selector = '{dokuwiki.READY}'

[[marker]]
means = "failed"
selector = "{dokuwiki.FAILURE}"
"""
