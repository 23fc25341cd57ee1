"""Systems behind a terminal: 3270 hosts, and those reached by SSH or telnet."""

from launcher.connectors.terminal.plan import TerminalConnector
from launcher.connectors.terminal.spec import TerminalSpec

__all__ = ["TerminalConnector", "TerminalSpec"]
