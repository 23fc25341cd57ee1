"""Systems that are programs of this computer."""

from launcher.connectors.program.plan import ProgramConnector
from launcher.connectors.program.spec import ProgramSpec

__all__ = ["ProgramConnector", "ProgramSpec"]
