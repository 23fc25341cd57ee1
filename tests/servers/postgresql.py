"""PostgreSQL: a cluster of the run's own in a temporary folder, as ``nobody`` where the tests run as root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.process import LOOPBACK, clean_environment, files_missing, wait_for_exit
from tests.servers.server import Server, running

USER = "hub"
_VERSIONS = Path("/usr/lib/postgresql")
_ENDS_WITHIN_MS = 10_000


def missing() -> str | None:
    """What is not installed, if anything."""
    return files_missing("postgresql", str(_bin() / "initdb"), str(_bin() / "postgres"))


class PostgreSql(Server):
    """One cluster. ``safe`` False: it does not wait for the disk, for who never ends it by force."""

    stop_within_s = 10.0

    def __init__(self, folder: Path, *, safe: bool = True) -> None:
        super().__init__(folder, scheme="postgresql")
        self._as: tuple[str, ...] = ()
        if os.geteuid() == 0:  # it refuses root, and accounts without a name
            self._as = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
            shutil.chown(folder, "nobody", "nogroup")
        data = folder / "data"
        self._run(
            *(f"{_bin()}/initdb", "-D", str(data), "-U", USER, "-A", "trust"),
            *("--no-sync", "-E", "UTF8", "--locale=C"),
        )
        self.runs(
            *self._as, f"{_bin()}/postgres", "-D", str(data), "-h", LOOPBACK, "-p", str(self.port), "-k", str(folder),
            *(() if safe else ("-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")),
            *("-c", "max_connections=300"),
            name="postgres", ready=self._takes_queries,
        )  # fmt: skip

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql://{USER}@{LOOPBACK}:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database and return its address."""
        self.query(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever uses it."""
        self.query(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def query(self, statement: str) -> None:
        """Carry out one statement of an administrator's."""
        import psycopg  # not at the top: what does not test it runs without it

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """End it at once, whoever is connected, and in good order."""
        if self.process.running:
            os.kill(self.pid, signal.SIGINT)
        super().stop()

    def kill9(self) -> None:
        """End it as a power cut would."""
        pid = self.pid
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        os.kill(pid, signal.SIGKILL)
        super().stop()
        for child in children:  # each is the leader of a session of its own, and ends when it misses its parent
            wait_for_exit(child, _ENDS_WITHIN_MS)

    def _takes_queries(self) -> bool:
        asked = [f"{_bin()}/pg_isready", "-q", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(asked, check=False, env=clean_environment(self.folder)).returncode == 0

    def _run(self, *argv: str) -> None:
        done = subprocess.run(
            [*self._as, *argv], cwd=self.folder, env=clean_environment(self.folder), check=False, capture_output=True
        )
        if done.returncode:
            raise RuntimeError(f"{Path(argv[0]).name} failed:\n{done.stderr.decode(errors='replace')}")


def running_postgresql(*, safe: bool = True) -> AbstractContextManager[PostgreSql]:
    """The started cluster, ended and deleted afterwards."""
    return running("pg", lambda folder: PostgreSql(folder, safe=safe))


def _bin() -> Path:
    """Where the newest version's programs are: the distribution puts none of them onto the path."""
    found = sorted(_VERSIONS.glob("*/bin/postgres"), key=lambda program: int(program.parts[-3]))
    return found[-1].parent if found else _VERSIONS / "bin"
