"""One run after another: a second one must not take the first one's objects."""

import pytest

from app.demo.cast import SCHOOL
from app.policy import Post
from app.services import certificates
from app.views.certificates.batch import Batch, Outcome
from tests.views.conftest import Desks


@pytest.mark.requirement("E1")
def test_a_second_run_waits_for_the_first(desks: Desks) -> None:
    desk = desks.at(SCHOOL, Post.SYSTEM)
    batch = Batch(desk)
    desks.qtbot.addWidget(batch)
    ends: list[tuple[str, Outcome]] = []
    batch.run(certificates.refile, [1, 2], (), lambda outcome: ends.append(("first", outcome)))
    batch.run(certificates.file, [3], (), lambda outcome: ends.append(("second", outcome)))
    desks.qtbot.waitUntil(lambda: len(ends) == 2)
    assert [(name, sorted(outcome.refused)) for name, outcome in ends] == [("first", [1, 2]), ("second", [3])]
