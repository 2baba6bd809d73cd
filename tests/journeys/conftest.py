"""A folder in which the demo ran, made once for all processes of the test run; tests that change it take a copy."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.demo import Left, run_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Left:
    """To look at only."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "demo"
    with FileLock(f"{folder}.lock"):
        return Left(folder) if (folder / "audit.jsonl").exists() else run_demo(folder)


@pytest.fixture
def copy(demo: Left, tmp_path: Path) -> Left:
    """To change; its token is still the first folder's until the demo runs again."""
    return Left(Path(shutil.copytree(demo.folder, tmp_path / "demo")))
