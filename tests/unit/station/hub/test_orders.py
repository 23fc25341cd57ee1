"""Every kind of command has an order that says how it begins; what all have in common is none by itself."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest

from launcher.station.hub.order import Order
from launcher.station.hub.orders import KINDS
from launcher.wire.hub.commands import CommandKind


@pytest.mark.parametrize("kind", get_args(CommandKind))
def test_each_kind_of_command_has_an_order_that_begins(kind: CommandKind) -> None:
    assert not inspect.isabstract(KINDS[kind])


def test_what_orders_have_in_common_is_no_order() -> None:
    assert inspect.isabstract(Order)
    assert not {one for one in Order.__subclasses__() if inspect.isabstract(one)}
