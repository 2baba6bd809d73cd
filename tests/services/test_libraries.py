"""Libraries that the office adds: named by one post, confirmed by another, never loaded when changed (E7)."""

import shutil
from pathlib import Path

import pytest

from app import bootstrap
from app.demo.cast import CITY, PROVINCE
from app.errors import Conflict, Denied, Invalid, Unavailable
from app.models.ukey_library import LibraryState
from app.policy import Post
from app.services import libraries
from app.services.libraries import LibraryRow
from app.token import catalogue
from tests.support.faulty import Faulty
from tests.support.offices import Office
from tests.support.softhsm import SoftHsm

pytestmark = pytest.mark.requirement("E7")

OFFICE = 1


@pytest.fixture
def file(softhsm: SoftHsm, tmp_path: Path) -> Path:
    """A real library, in a place of its own."""
    return Path(shutil.copy(softhsm.library, tmp_path / "vendor.so"))


def propose(office: Office, path: Path | str, model: str = "") -> int:
    return office.gate.do(office.actor(PROVINCE, Post.SYSTEM), libraries.propose, OFFICE, str(path), model)


def confirm(office: Office, library: int) -> None:
    office.gate.do(office.actor(PROVINCE, Post.SECURITY), libraries.confirm, library)


def only(office: Office) -> LibraryRow:
    (row,) = office.gate.ask(office.actor(PROVINCE, Post.SYSTEM), libraries.listed)
    return row


def test_what_one_post_named_and_another_confirmed_is_loaded(office: Office, file: Path) -> None:
    library = propose(office, f" {file} ", "feitian-epass2003")
    row = only(office)
    assert (row.path, row.model, row.state) == (str(file), "feitian-epass2003", LibraryState.PROPOSED)
    assert (row.proposed_at, row.confirmed_by, row.confirmed_at) == (office.clock(), "", None)
    assert file not in bootstrap.token_libraries(office.gate).paths
    confirm(office, library)
    row = only(office)
    assert (row.state, row.confirmed_at) == (LibraryState.CONFIRMED, office.clock())
    assert row.proposed_by
    assert row.confirmed_by
    told = bootstrap.token_libraries(office.gate)
    assert (told.paths, told.faults) == ((*catalogue.libraries(), file), ())


def test_the_posts_are_two(office: Office, file: Path) -> None:
    library = propose(office, file)
    for post in (Post.SYSTEM, Post.AUDITOR):
        if (PROVINCE, post) in office.actors:
            with pytest.raises(Denied, match=r"gate\.wrong_post"):
                office.gate.do(office.actor(PROVINCE, post), libraries.confirm, library)
    with pytest.raises(Denied, match=r"gate\.wrong_post"):
        office.gate.do(office.actor(PROVINCE, Post.SECURITY), libraries.propose, OFFICE, str(file), "")


def test_the_office_s_libraries_are_the_office_s(office: Office, file: Path) -> None:
    library = propose(office, file)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(office.actor(CITY, Post.SECURITY), libraries.confirm, library)
    with pytest.raises(Denied, match=r"gate\.out_of_scope"):
        office.gate.do(office.actor(CITY, Post.SYSTEM), libraries.propose, OFFICE, str(file), "")


def test_a_file_changed_since_it_was_named_is_not_confirmed(office: Office, file: Path) -> None:
    library = propose(office, file)
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(Conflict, match=r"library\.changed"):
        confirm(office, library)
    assert only(office).state is LibraryState.PROPOSED


@pytest.mark.parametrize(("change", "reason"), [("other", "library.changed"), ("gone", "token.library_absent")])
def test_a_file_changed_since_it_was_confirmed_is_not_loaded(
    office: Office, file: Path, change: str, reason: str
) -> None:
    confirm(office, propose(office, file))
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"\0")
    told = bootstrap.token_libraries(office.gate)
    assert file not in told.paths
    assert [problem.reason for problem in told.faults] == [reason]


def test_a_withdrawn_library_is_not_loaded_and_can_be_named_again(office: Office, file: Path) -> None:
    library = propose(office, file)
    confirm(office, library)
    with pytest.raises(Conflict, match=r"library\.registered"):
        propose(office, file)
    guard = office.actor(PROVINCE, Post.SECURITY)
    with pytest.raises(Invalid, match=r"library\.reason_missing"):
        office.gate.do(guard, libraries.withdraw, library, " ")
    office.gate.do(guard, libraries.withdraw, library, "厂家已停止维护")
    assert only(office).withdrawn_reason == "厂家已停止维护"
    assert file not in bootstrap.token_libraries(office.gate).paths
    assert propose(office, file) != library
    with pytest.raises(Conflict, match=r"gate\.wrong_state"):
        confirm(office, library)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "token.library_absent"), (b"hello", "token.library_unknown"), (b"", "token.library_unknown")],
)
def test_what_cannot_be_loaded_is_not_taken(
    sqlite_office: Office, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "x.so"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unavailable, match=reason):
        propose(sqlite_office, path)
    with pytest.raises(Unavailable, match=reason):
        libraries.try_library(path)


def test_a_library_for_another_machine_is_not_taken(sqlite_office: Office, tmp_path: Path) -> None:
    path = tmp_path / "ukey.dll"
    path.write_bytes(b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0\x4c\x01")
    with pytest.raises(Unavailable, match=r"token\.library_machine"):
        propose(sqlite_office, path)


def test_a_path_is_whole_and_a_model_known(sqlite_office: Office, file: Path) -> None:
    with pytest.raises(Invalid, match=r"library\.not_absolute"):
        propose(sqlite_office, file.name)
    with pytest.raises(Invalid, match=r"library\.model_unknown"):
        propose(sqlite_office, file, "no-such")


def test_a_trial_shows_the_tokens(file: Path, serial: str) -> None:
    assert serial in [token.serial for token in libraries.try_library(file)]


def test_a_trial_of_a_library_that_crashes_says_so(faulty: Faulty) -> None:
    faulty.set("C_Initialize 1 crash")
    with pytest.raises(Unavailable, match=r"worker\.died"):
        libraries.try_library(faulty.library)
    faulty.set("C_Initialize 0 return 0x05")
    with pytest.raises(Unavailable, match=r"token\.library_refused"):
        libraries.try_library(faulty.library)
