from __future__ import annotations

import pytest
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from launcher.shell.look import Look, Type, current, look
from launcher.shell.look.fonts import MONO_FAMILY, TEXT_FAMILY
from launcher.shell.look.tokens import Role

ROLES = [role for role in vars(Type).values() if isinstance(role, Role)]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_our_own_font_in_its_weight(role: Role) -> None:
    info = QFontInfo(Look().font(role))
    assert info.family() == (MONO_FAMILY if role.mono else TEXT_FAMILY)
    assert info.weight() == role.weight
    assert info.pixelSize() == role.size


def test_weights_differ_in_width() -> None:
    widths = [Look().metrics(role).horizontalAdvance("Custody Record") for role in (Type.BODY, Type.STRONG)]
    assert widths[0] < widths[1]


def test_tabular_figures_have_one_width() -> None:
    metrics = Look().metrics(Type.META)
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


def test_type_grows_with_the_scale_and_space_half_as_fast() -> None:
    large = Look(scale=2.0)
    assert large.font(Type.BODY).pixelSize() == 32
    assert large.line(Type.BODY) == 48
    assert large.space(20) == 30
    assert large.grow(22) == 44
    assert large.font(Type.CLOCK).pixelSize() == round(88 * 1.35)
    assert large.large
    assert not Look(scale=1.25).large


def test_reduced_motion_takes_no_time() -> None:
    assert Look(reduced_motion=True).ms(140) == 0
    assert Look().ms(140) == 140


def test_wearing_another_look_changes_palette_and_tells(qapp: QApplication) -> None:
    seen: list[str] = []
    current().changed.connect(lambda: seen.append(look().theme))
    current().wear(Look("dark", 1.5))
    assert seen == ["dark"]
    assert qapp.palette().color(QPalette.ColorRole.Window) == Look("dark").colours.canvas
    assert qapp.font().pixelSize() == 24
