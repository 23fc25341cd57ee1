"""Refuses a Python that is too old in words, then hands over to the commands."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an old Python runs this very line, and must be told so
    _found = "this is {} at {}".format(sys.version.split()[0], sys.executable)  # noqa: UP032 - as above
    sys.exit("Station Launcher needs Python 3.11 or newer; " + _found + ".\nRun: python3.11 -m installer (or newer)")

from installer.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
