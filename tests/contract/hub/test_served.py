"""A link and a hub that is served in TLS by processes of its own, killed and started again."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from launcher.bootstrap.hub_link import hub_link
from launcher.bootstrap.where import Where
from launcher.cli import main
from tests.contract.hub.terminal import PaperDesk
from tests.servers.certificates import Certificates
from tests.servers.hub import running_hub


def test_a_hub_that_was_killed_is_found_again_over_tls(tmp_path: Path, certificates: Certificates) -> None:
    with running_hub(certificate=certificates.server) as served:
        station = tmp_path / "station.toml"
        station.write_text(
            '[station]\nterminal = "FD-02"\n[sign_in]\nmethods = ["local"]\n[local]\n'
            f'[hub]\naddresses = ["{served.origin}"]\nca_file = "{certificates.ca}"\n',
            encoding="utf-8",
        )
        where = Where(station, tmp_path / "state")
        reading, writing = os.pipe()
        os.write(writing, served.code().encode())
        os.close(writing)
        words = ["--code-fd", str(reading), "--station", str(station), "--state", str(where.state)]
        assert main(["station", "enrol", *words]) == 0

        async def play() -> None:
            link = hub_link(where)
            assert link is not None
            desk = PaperDesk(link)
            link.begin(asyncio.get_running_loop(), desk)
            try:
                await desk.is_reachable()
                refused = await asyncio.to_thread(served.command, "serve", status=1)
                assert "hub-already-runs" in refused
                await asyncio.to_thread(served.kill9)
                await desk.until(lambda: desk.states[-1] == (True, False))
                await asyncio.to_thread(served.start)
                await desk.is_reachable()
            finally:
                await asyncio.to_thread(link.close)

        asyncio.run(play())
