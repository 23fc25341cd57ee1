"""A server of the tests: one program on ports of its own, ended and its folder deleted when its block is left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Self, TypeVar

from tests.servers.process import (
    LOOPBACK,
    START_DEADLINE_S,
    STOP_DEADLINE_S,
    ReservedPort,
    ServerProcess,
    accepts,
    server_folder,
)


class Server:
    """One program; its ports stay the same from start to start, and nobody else's while it is stopped.

    A kind of server writes its configuration into ``folder`` and then says what :meth:`runs`. One whose ports are fixed
    reserves none.
    """

    start_within_s: ClassVar[float] = START_DEADLINE_S
    stop_within_s: ClassVar[float] = STOP_DEADLINE_S

    process: ServerProcess

    def __init__(self, folder: Path, host: str = LOOPBACK, *, scheme: str = "http", ports: int = 1) -> None:
        self.folder = folder
        self.host = host
        self._reserved = tuple(ReservedPort() for _ in range(ports))
        self.ports = tuple(port.number for port in self._reserved)
        self.port = next(iter(self.ports), 0)
        self.origin = f"{scheme}://{host}:{self.port}"

    def runs(
        self,
        *argv: str,
        name: str = "",
        env: Mapping[str, str] | None = None,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        """Say what the server is; ``ready``: when it is up, where that is not when its ports accept connections."""
        self.process = ServerProcess(
            name or Path(argv[0]).name, argv, folder=self.folder, ready=ready or self.accepts, env=env
        )

    def accepts(self) -> bool:
        """Whether all its ports accept connections."""
        return all(accepts(port) for port in self.ports)

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        """Start it and return once it is up."""
        self.process.start(self.start_within_s)

    def stop(self) -> None:
        """End it; its ports then refuse connections."""
        self.process.stop(self.stop_within_s)

    def log_text(self) -> str:
        """All it has written so far."""
        return self.process.log_text()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for port in self._reserved:
            port.release()


_S = TypeVar("_S", bound=Server)


@contextlib.contextmanager
def running(name: str, made_in: Callable[[Path], _S]) -> Iterator[_S]:
    """The started server in a folder of its own, ended and deleted afterwards."""
    with server_folder(name) as folder, made_in(folder) as server:
        yield server
