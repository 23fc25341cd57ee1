"""The workspace: the tabs of the systems that are open."""

from launcher.shell.workspace.workspace import Workspace

__all__ = ["Workspace"]
