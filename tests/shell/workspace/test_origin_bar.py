"""The bar above a page: what there is no room for leaves it, and the system's name and host last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from launcher.shell.look import Look, current
from launcher.shell.workspace.origin_bar import Origin, OriginBar
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small
from tests.shell.workspace.sample import SYSTEMS


@pytest.fixture
def bar(dressed: None) -> Iterator[OriginBar]:
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    bar = OriginBar()
    column.addWidget(bar)
    window.resize(1280, 100)
    window.show()
    yield bar
    window.close()


def origin(at: int, can_go: tuple[bool, bool] | None) -> Origin:
    system = SYSTEMS[at]
    return Origin(
        name=system.name,
        hue=system.hue,
        icon=system.icon,
        kind="web",
        host=system.host,
        signed_on="Signed on as 4471",
        ready="Ready in 4.2 s",
        can_go=can_go,
        is_page=True,
        can_reload=True,
        reload="Reload",
    )


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("at", range(6))
def test_the_name_and_the_host_are_whole_at_any_size_of_text(bar: OriginBar, at: int, scale: float) -> None:
    current().wear(Look(scale=scale))
    bar.draw(origin(at, (True, False)))
    settle()
    assert (cut_texts(bar), too_small(bar), nameless(bar)) == ([], [], [])
    assert bar.more.isVisible()
    assert bar.back.isVisible() == bar.forward.isVisible()
    if scale == 1.0:
        assert bar.back.isVisible()
        assert (bar.back.isEnabled(), bar.forward.isEnabled()) == (True, False)


def test_the_steps_of_a_browser_of_its_own_are_in_that_browser(bar: OriginBar) -> None:
    bar.draw(origin(0, None))
    settle()
    assert not bar.back.isVisible()
    assert not bar.forward.isVisible()
    assert bar.more.isVisible()
