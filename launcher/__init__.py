"""Station Launcher: one sign-in opens every system an officer needs."""

__version__ = "0.1.0"
