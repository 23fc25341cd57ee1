"""The small part of inetd(8) that a telnetd needs, as a program: a port, and a server for each who connects.

``python inetd.py PORT PROGRAM …`` listens on the loopback and says so; the program gets the connection as its standard
input and output.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys


def main() -> None:
    port, *program = sys.argv[1:]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", int(port)))
    listening.listen()
    print("listening", flush=True)
    served = []
    while True:
        connection, _ = listening.accept()
        # Its own session ends with the connection; SIGCHLD is the default again in what it starts.
        served.append(
            subprocess.Popen(program, stdin=connection, stdout=connection, stderr=connection, restore_signals=True)
        )
        connection.close()


if __name__ == "__main__":
    main()
