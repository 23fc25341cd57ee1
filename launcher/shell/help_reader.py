"""The reader of the help: a page of Markdown in our own type and colours."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser

from launcher.shell.help_pages import Page
from launcher.shell.look import Radius, RingShape, Role, Type, current, look, thin_bars, word


class Reader(QTextBrowser):
    """A page in our own type and colours. It opens nothing by itself and loads nothing from anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self.setAccessibleName(word("help.page"))
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        thin_bars(self)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def ring_shape(self) -> RingShape:
        """The ring goes around the card."""
        card = self.parentWidget() or self
        return RingShape(card, card.rect(), look().space(Radius.CARD), False)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return None

    def show_page(self, page: Page | None) -> None:
        """Show ``page``, from its beginning."""
        if page is self._page:
            return
        self._page = page
        self.setAccessibleName(page.title if page is not None else word("help.page"))
        self._look_changed()

    def _look_changed(self) -> None:
        here = look()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, here.colours.text)
        self.setPalette(palette)
        self.setViewportMargins(0, 0, here.space(12), 0)
        document = self.document()
        document.setDefaultFont(here.font(Type.BODY))
        document.setDocumentMargin(0)
        document.setMarkdown(self._page.markdown if self._page is not None else "")
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            _dress_block(block, here.colours.accent)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _dress_table(frame, here.colours.line)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)


def _dress_table(table: QTextTable, line: QColor) -> None:
    here = look()
    shape = table.format()
    shape.setCellPadding(here.space(6))
    shape.setBorderCollapse(True)
    shape.setBorder(1)
    shape.setBorderBrush(line)
    shape.setTopMargin(here.space(8))
    table.setFormat(shape)


_HEADINGS = {1: Type.TITLE, 2: Type.SECTION}


def _dress_block(block: QTextBlock, link: QColor) -> None:
    """Give a paragraph the type of its role: font, fixed line height, and room above."""
    here = look()
    level = block.blockFormat().headingLevel()
    role = _HEADINGS.get(level, Type.STRONG) if level else Type.BODY
    listed = block.textList() is not None
    cursor = QTextCursor(block)
    shape = QTextBlockFormat(block.blockFormat())
    shape.setLineHeight(here.line(role), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    if shape.hasProperty(QTextFormat.Property.BlockCodeFence):
        # Every line of a listing is a paragraph of its own to Qt.
        shape.setTopMargin(0)
        shape.setBottomMargin(0)
    else:
        shape.setTopMargin(0 if block.blockNumber() == 0 else here.space(20 if level else 4 if listed else 8))
        shape.setBottomMargin(here.space(4 if level or listed else 8))
    cursor.setBlockFormat(shape)
    for start, length, format_ in _runs(block):
        run = QTextCursor(block)
        run.setPosition(start)
        run.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        run.setCharFormat(_dressed(format_, role, link))


def _runs(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    runs = []
    walk = block.begin()
    while not walk.atEnd():
        piece = walk.fragment()
        runs.append((piece.position(), piece.length(), piece.charFormat()))
        walk += 1
    return runs


def _dressed(given: QTextCharFormat, role: Role, link: QColor) -> QTextCharFormat:
    here = look()
    mono = given.fontFixedPitch() or "mono" in " ".join(given.fontFamilies() or []).casefold()
    strong = given.fontWeight() >= QFont.Weight.DemiBold and role is Type.BODY
    dressed = QTextCharFormat(given)
    dressed.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    dressed.setFont(
        here.font(Type.MONO if mono and role is Type.BODY else Type.STRONG if strong else role),
        QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly,
    )
    if given.fontItalic():
        dressed.setFontItalic(True)
    if given.isAnchor():
        dressed.setForeground(link)
        dressed.setFontUnderline(True)
    return dressed
