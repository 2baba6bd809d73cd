"""The UKEYs plugged in: seen, told apart, read, their PIN changed; and a window that goes on while a library hangs."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit

from app.services.diagnosis import State
from app.services.diagnosis_causes import Layer
from app.services.diagnosis_tokens import LayerFinding
from app.token.host import TokenHost
from app.token.types import KeyKind
from app.views.certificates.expiry import expiry
from app.views.parts.layers import Layers
from app.views.parts.ukey_pin import ChangePinDialog, PinControl, PinDialog
from tests.support.certificates import certificate_for
from tests.support.faulty import Faulty
from tests.support.softhsm import SO_PIN, USER_PIN, SoftHsm
from tests.views.beats import LIMIT, Beat
from tests.views.certificates.conftest import Stage

Show = Callable[..., Stage]


def line(dialog: PinDialog, key: str) -> QLineEdit:
    control = dialog.fields[key].control
    assert isinstance(control, PinControl)
    return control.line


def confirm(stage: Stage, dialog: PinDialog, **pins: str) -> None:
    """Type over what stands there, and press Enter, as people do."""
    for key, pin in pins.items():
        line(dialog, key).setFocus()
        line(dialog, key).selectAll()
        stage.qtbot.keyClicks(line(dialog, key), pin)
    stage.qtbot.keyClick(line(dialog, list(pins)[-1]), Qt.Key.Key_Return)
    stage.settle()
    stage.settle()


@pytest.mark.requirement("E3", "E7")
def test_a_key_is_shown_with_all_that_it_says_of_itself(plugged: Stage, serial: str) -> None:
    ukeys = plugged.page.ukeys
    QAbstractItemModelTester(ukeys.table.rows)
    plugged.seen(lambda: "空白" in plugged.texts(ukeys))
    told = plugged.texts(ukeys)
    for expected in ("SoftHSM", serial, "测试", "✓ PIN 正常", "看到 1 支 UKEY"):
        assert expected in told
    assert ukeys.card is not None
    assert ukeys.card.picture.accessibleName() == "蓝色 UKEY"


@pytest.mark.requirement("E7")
def test_plugging_and_unplugging_is_followed(stage: Show, softhsm: SoftHsm, token_host: TokenHost) -> None:
    first = token_host.prepare("", "第一支", SO_PIN, USER_PIN).serial
    shown = stage(libraries=(softhsm.library,))
    shown.to_ukeys()
    table = shown.page.ukeys.table
    assert [info.serial for info in table.selected_rows()] == [first]
    second = token_host.prepare("", "第二支", SO_PIN, USER_PIN).serial
    shown.page.look_again()  # SoftHSM, unlike hardware, tells of another token only when it is loaded anew
    shown.seen(lambda: table.rows.rowCount() == 2)
    assert [info.serial for info in table.selected_rows()] == [first]
    assert second in {str(table.rows.index(at, 1).data()) for at in range(2)}


@pytest.mark.requirement("E7")
def test_a_key_pulled_out_leaves_the_list(stage: Show, faulty: Faulty, faulty_serial: str) -> None:
    shown = stage(libraries=(faulty.library,))
    shown.to_ukeys()
    ukeys = shown.page.ukeys
    shown.seen(lambda: faulty_serial in shown.texts(ukeys))
    faulty.set("C_GetTokenInfo 0 return 0xE0")
    shown.seen(lambda: ukeys.layers.isVisible())
    assert "没有看到 UKEY" in shown.texts(ukeys)
    faulty.set()
    shown.seen(lambda: faulty_serial in shown.texts(ukeys))
    assert not ukeys.layers.isVisible()


def test_nobody_looks_while_it_is_not_seen(stage: Show, faulty: Faulty, faulty_serial: str) -> None:
    shown = stage(libraries=(faulty.library,))
    shown.settle()
    faulty.forget_calls()
    shown.qtbot.wait(1500)
    assert faulty.calls("C_GetTokenInfo") == 0
    shown.to_ukeys()
    shown.page.segments.setCurrentIndex(0)
    shown.settle()
    faulty.forget_calls()
    shown.qtbot.wait(1500)
    assert faulty.calls("C_GetTokenInfo") == 0


@pytest.mark.requirement("E7")
def test_nothing_seen_names_the_layer_with_steps_and_code(stage: Show) -> None:
    shown = stage()
    shown.to_ukeys()
    layers = shown.page.ukeys.layers
    shown.seen(lambda: layers.isVisible())
    told = shown.texts(layers)
    assert "没有安装任何 UKEY 驱动" in told
    assert "1. " in told
    assert "UK-41" in told


def test_the_first_failing_layer_stands_above_all_layers(stage: Show) -> None:
    shown = stage()
    layers = Layers()
    shown.qtbot.addWidget(layers)
    layers.show()
    fault = LayerFinding(Layer.DRIVER, State.FAULT, "没有驱动", ("装上它", "再看一次"), "UK-41")
    note = LayerFinding(Layer.READER, State.NOTE, "没有插", (), "UK-31")
    layers.show_findings([note, fault, LayerFinding(Layer.BLANK, State.OK, "空白")])
    shown.seen(lambda: "✓ 空白" in shown.texts(layers))
    told = shown.texts(layers)
    assert told.index("2. 再看一次") < told.index("▲ 没有插") < told.index("✓ 空白")
    layers.show_findings([LayerFinding(Layer.BLANK, State.OK, "空白")])
    shown.seen(lambda: "UK-41" not in shown.texts(layers))


@pytest.mark.requirement("E7")
def test_a_driver_that_is_none_is_told_beside_the_keys(
    stage: Show, softhsm: SoftHsm, serial: str, tmp_path: Path
) -> None:
    broken = tmp_path / "libbroken.so"
    broken.write_text("not a library")
    shown = stage(libraries=(softhsm.library, broken))
    shown.to_ukeys()
    shown.seen(lambda: "libbroken.so" in shown.page.notice.text)
    assert shown.page.ukeys.table.rows.rowCount() == 1


@pytest.mark.requirement("E3")
def test_what_is_on_a_key_is_listed_by_its_pin(plugged: Stage, token_host: TokenHost, serial: str) -> None:
    with token_host.open(serial, USER_PIN) as session:
        spki = session.generate(b"id", KeyKind.EC_P256, "张三")
        session.write_certificate(b"id", certificate_for(spki), "张三")
    ukeys = plugged.page.ukeys
    plugged.click(ukeys.list_contents)
    dialog = plugged.dialog(PinDialog)
    assert serial in plugged.texts(dialog)
    assert "只查看" in plugged.texts(dialog)
    confirm(plugged, dialog, pin=USER_PIN)
    plugged.seen(lambda: ukeys.things.isVisible())
    model = ukeys.things.rows
    rows = [[str(model.index(r, c).data()) for c in range(3)] for r in range(model.rowCount())]
    assert ["证书", "张三", "✓ 2030-08-13"] in rows
    assert {row[0] for row in rows} == {"私钥", "公钥", "证书"}


@pytest.mark.requirement("E3")
def test_a_wrong_pin_keeps_the_dialog_and_says_how_it_stands(plugged: Stage) -> None:
    plugged.click(plugged.page.ukeys.list_contents)
    dialog = plugged.dialog(PinDialog)
    confirm(plugged, dialog, pin="000000")
    assert "剩余次数不多" in plugged.texts(dialog)
    assert "可以再试的次数不多了" in dialog.fields["pin"].fault.text()
    assert line(dialog, "pin").selectedText()
    plugged.seen(lambda: "▲ PIN 输错过" in plugged.texts(plugged.page.ukeys))
    assert not any(character.isdigit() for character in dialog.fields["pin"].fault.text())
    confirm(plugged, dialog, pin=USER_PIN)
    plugged.seen(lambda: plugged.page.ukeys.things.isVisible())


@pytest.mark.requirement("E3")
def test_the_last_try_and_a_locked_pin_are_said_before_any_is_asked_for(
    stage: Show, faulty: Faulty, faulty_serial: str
) -> None:
    shown = stage(libraries=(faulty.library,))
    shown.to_ukeys()
    ukeys = shown.page.ukeys
    faulty.set("C_GetTokenInfo 0 flags 0x20000")
    shown.seen(lambda: "✕ PIN 只剩最后一次机会" in shown.texts(ukeys))
    assert ukeys.change.isEnabled()
    faulty.set("C_GetTokenInfo 0 flags 0x40000")
    shown.seen(lambda: "✕ PIN 已锁定" in shown.texts(ukeys))
    assert not ukeys.change.isEnabled()


@pytest.mark.requirement("E3")
def test_the_pin_is_changed_by_its_holder(plugged: Stage, softhsm: SoftHsm, serial: str) -> None:
    plugged.click(plugged.page.ukeys.change)
    dialog = plugged.dialog(ChangePinDialog)
    confirm(plugged, dialog, old=USER_PIN, new="12", again="13")
    assert "请输入 4 到 255 位" in dialog.fields["new"].fault.text()
    assert "不一样" in dialog.fields["again"].fault.text()
    assert dialog.focusWidget() is line(dialog, "new")
    confirm(plugged, dialog, old="000000", new="246802", again="246802")
    assert "PIN 码不正确" in dialog.fields["old"].fault.text()
    assert line(dialog, "new").text() == "246802"  # nothing typed is lost
    confirm(plugged, dialog, old=USER_PIN, new="246802", again="246802")
    plugged.seen(lambda: "PIN 码已修改" in plugged.page.notice.text)
    plugged.seen(lambda: "✓ PIN 正常" in plugged.texts(plugged.page.ukeys))
    with TokenHost([softhsm.library]) as afresh:
        afresh.open(serial, "246802").close()


def test_a_pin_can_be_shown_and_caps_lock_is_noticed(plugged: Stage) -> None:
    plugged.click(plugged.page.ukeys.list_contents)
    control = plugged.dialog(PinDialog).fields["pin"].control
    assert isinstance(control, PinControl)
    plugged.qtbot.keyClick(control.line, Qt.Key.Key_A)
    assert not control.caps.isVisible()
    plugged.qtbot.keyClicks(control.line, "A")  # the letter without Shift
    assert control.caps.isVisible()
    assert control.line.echoMode() is QLineEdit.EchoMode.Password
    plugged.qtbot.mouseClick(control.reveal, Qt.MouseButton.LeftButton)
    assert (control.line.echoMode(), control.reveal.text()) == (QLineEdit.EchoMode.Normal, "隐藏")


@pytest.mark.requirement("I3")
def test_the_window_goes_on_while_a_library_hangs(
    stage: Show, faulty: Faulty, faulty_serial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.token.host.SCAN_LIMIT", 5.0)
    shown = stage(libraries=(faulty.library,))
    shown.to_ukeys()
    shown.seen(lambda: faulty_serial in shown.texts(shown.page.ukeys))
    began, beat = time.perf_counter(), Beat()
    with beat.watched():
        faulty.set("C_GetTokenInfo 1 hang")
        shown.seen(lambda: shown.page.ukeys.layers.isVisible())
    assert time.perf_counter() - began > 5
    assert beat.longest < LIMIT
    assert "UK-47" in shown.texts(shown.page.ukeys.layers)


@pytest.mark.parametrize(
    ("days", "tone", "said"),
    [(-1, "wrong", "已到期"), (7, "late", "马上"), (30, "late", "请办理更新"), (60, "late", "60 天"), (61, "good", "")],
)
@pytest.mark.requirement("E5")
def test_the_end_of_a_certificate_is_told_in_time(days: int, tone: str, said: str) -> None:
    today = date(2026, 11, 23)
    told = expiry(date.fromordinal(today.toordinal() + days), today)
    assert told.tone == tone
    assert said in told.text
