"""The three lanes: answers arrive on Qt's thread, newer queries replace older ones, and nothing is for who is gone."""

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.errors import Invalid, Problem
from app.views.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.settle()
    made.close()


def test_work_runs_elsewhere_and_answers_here(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    told: list[tuple[int, int]] = []
    tasks.do(owner, threading.get_ident).then(lambda there: told.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(told))
    there, here = told[0]
    assert here == threading.get_ident() != there


def test_operations_run_one_after_another(tasks: Tasks, qtbot: QtBot) -> None:
    owner, order = QObject(), []
    tasks.do(owner, lambda: time.sleep(0.1)).then(lambda _: order.append(1))
    tasks.do(owner, lambda: None).then(lambda _: order.append(2))
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [1, 2]


def test_a_newer_query_replaces_the_older(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    told: list[object] = []
    for number in range(5):
        tasks.ask(owner, partial(int, number), "same").then(told.append)
    qtbot.waitUntil(lambda: tasks.quiet)
    assert told == [4]


def test_nothing_arrives_for_who_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    told: list[object] = []
    tasks.do(owner, lambda: time.sleep(0.05)).then(told.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: tasks.quiet)
    assert told == []


def test_a_problem_goes_to_who_asked_and_else_to_the_window(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    own: list[Problem] = []
    window: list[Problem] = []
    tasks.refused.connect(window.append)

    def refuse() -> None:
        raise Invalid("org.name_missing")

    tasks.do(owner, refuse).fails(own.append)
    tasks.do(owner, refuse)
    qtbot.waitUntil(lambda: tasks.quiet)
    assert [problem.reason for problem in own + window] == ["org.name_missing"] * 2


def test_a_bug_is_told_as_one_and_ends_the_waiting(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    bugs: list[Exception] = []
    ends: list[str] = []
    tasks.bug.connect(bugs.append)
    tasks.do(owner, lambda: 1 // 0).fails(lambda problem: ends.append(problem.reason)).last(lambda: ends.append("last"))
    qtbot.waitUntil(lambda: tasks.quiet)
    assert isinstance(bugs[0], ZeroDivisionError)
    assert ends == ["last", "window.bug"]


def test_work_of_who_is_gone_keeps_nobody_busy(tasks: Tasks, qtbot: QtBot) -> None:
    """The window locks itself only when nothing is under way."""
    owner = QObject()
    told: list[bool] = []
    tasks.busy.connect(told.append)
    tasks.job(owner, lambda: time.sleep(0.05))
    owner.deleteLater()
    qtbot.waitUntil(lambda: tasks.quiet)
    assert told == [True, False]
