"""The two families of the product, loaded from its own files.

A missing family falls back silently in Qt and every width would be wrong, so loading asserts that each one is there.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from launcher.errors import LauncherError
from launcher.resources import resources

TEXT_FAMILY = "Atkinson Hyperlegible Next"
MONO_FAMILY = "Atkinson Hyperlegible Mono"

_FILES = (
    "AtkinsonHyperlegibleNext_400Regular.ttf",
    "AtkinsonHyperlegibleNext_500Medium.ttf",
    "AtkinsonHyperlegibleNext_600SemiBold.ttf",
    "AtkinsonHyperlegibleNext_700Bold.ttf",
    "AtkinsonHyperlegibleMono_400Regular.ttf",
    "AtkinsonHyperlegibleMono_600SemiBold.ttf",
)


_added = False


class FontsMissingError(LauncherError):
    """The product's own fonts are not where they were installed."""

    reference = "fonts-missing"
    hint = "Install Station Launcher again: its folder of fonts is incomplete."


def load_fonts() -> None:
    """Add the product's fonts to this process; safe to call again.

    Raises FontsMissingError when a file or a family is not there.
    """
    global _added
    # Not asked before they were added: Qt looks through the fonts of the whole system for a family that is not there.
    if _added and _present():
        return
    folder = resources() / "fonts"
    for name in _FILES:
        if QFontDatabase.addApplicationFont(str(folder / name)) < 0:
            raise FontsMissingError(f"The font file {name} cannot be read.")
    _added = True
    if not _present():
        raise FontsMissingError("The fonts were read, but their families did not appear.")


def _present() -> bool:
    wanted = ((TEXT_FAMILY, (400, 500, 600, 700)), (MONO_FAMILY, (400, 600)))
    return all(_exact(family, weight) for family, weights in wanted for weight in weights)


def _exact(family: str, weight: int) -> bool:
    font = QFont(family)
    font.setWeight(QFont.Weight(weight))
    info = QFontInfo(font)
    return info.family() == family and info.weight() == weight
