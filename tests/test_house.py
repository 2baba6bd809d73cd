"""The rules of the house that no other tool checks: sizes, light starts, one message a reason, nothing local."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from app import messages
from app.messages import MESSAGES
from app.policy import permissions_markdown

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for path in (ROOT / "app").rglob("*.py") if path.parent.name != "versions")  # those are generated
LONGEST_FILE, LONGEST_FUNCTION = 300, 30
HEAVY = (
    "sqlalchemy",
    "alembic",
    "sqlcipher3",
    "cryptography",
    "reportlab",
    "PyKCS11",
    "openpyxl",
    "numpy",
    "pypdfium2",
    "zxingcpp",
)
NOT_SAID = (
    "forms/",
    "codes.py",
    "demo/cast.py",
    "demo/data.py",
    "demo/report.py",
    "ca/profile.py",
    "services/counties.py",
    "services/school_list.py",
    "services/org.py",
)
"""Where Chinese is not said to a person but printed as the source has it, read from a list, or part of a name."""
PROBLEMS = ("Invalid", "Denied", "Conflict", "Unavailable", "Cancelled", "FieldProblem", "Fault")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tracked() -> list[Path]:
    """The files that git has or would take (its ignored ones left out)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert text.count("\n") < LONGEST_FILE, "the file is long enough to be two"
    assert not long


@pytest.mark.parametrize("module", ["app.__main__", "app.commands.output", "app.commands.prompts", "app.words"])
def test_starting_imports_nothing_heavy(module: str) -> None:
    """Each start, and each worker process, pays for what stands here (STACK: SQLAlchemy 0.3 s, reportlab 0.1 s)."""
    listing = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & set(HEAVY)


def _raised(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Each problem that the source makes by name: its reason and the names of its data."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PROBLEMS):
            continue
        position = 1 if node.func.id in ("FieldProblem", "Fault") else 0
        reason = node.args[position] if len(node.args) > position else None
        if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
            given = {keyword.arg or "**" for keyword in node.keywords}
            yield reason.value, given if position == 0 else {"data"}


def test_every_raised_reason_has_a_message() -> None:
    raised = {reason for path in SOURCES for reason, _ in _raised(ast.parse(path.read_text(encoding="utf-8")))}
    assert sorted(raised - set(MESSAGES)) == []


def test_every_message_is_used() -> None:
    texts = [
        node.value
        for path in SOURCES
        if path.parent.name != "messages"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    beginnings = tuple(text for text in texts if re.fullmatch(r"[a-z]\w*\.\w*_", text))
    """Of f-strings: f"posts.missing_{post}"."""
    reasons = {row.partition(":")[0] for row in MESSAGES}
    assert sorted(reason for reason in reasons if reason not in texts and not reason.startswith(beginnings)) == []


def test_a_reason_has_one_row() -> None:
    rows = Counter(reason for module in vars(messages).values() for reason in getattr(module, "MESSAGES", ()))
    assert [reason for reason, count in rows.items() if count > 1] == []


def test_a_raised_problem_carries_the_data_its_message_names() -> None:
    missing = []
    for path in SOURCES:
        added = {"serial"} if path.parent.name == "token" else set()  # by token/port.py, to whatever a token refuses
        for reason, given in _raised(ast.parse(path.read_text(encoding="utf-8"))):
            if reason in MESSAGES and not given & {"**", "data"}:
                wanted = set(re.findall(r"\{(\w+)", "".join(MESSAGES[reason])))
                missing += [f"{_name(path)}: {reason} without {name}" for name in sorted(wanted - given - added)]
    assert missing == []


@pytest.mark.requirement("I3")
def test_every_word_that_a_person_reads_can_be_translated() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    spoken = [path for path in SOURCES if not str(path.relative_to(ROOT / "app")).startswith(NOT_SAID)]
    bare = []
    for path in spoken:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        apart = {id(child) for node in ast.walk(tree) if _is_marked(node) for child in ast.walk(node)}
        bare += [
            f"{_name(path)}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if chinese.search(node.value) and id(node) not in apart
        ]
    assert bare == []


def _is_marked(node: ast.AST) -> bool:
    """A call of tr or N_, or a text that stands alone (a docstring)."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("tr", "N_")
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.requirement("I3")
def test_the_english_is_complete() -> None:
    command = [sys.executable, "scripts/translations.py", "--check"]
    look = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert look.returncode == 0, look.stdout + look.stderr


def test_no_file_names_this_machine_or_a_package_index() -> None:
    """What is committed must mean the same on every machine: no home folder, no work folder, no index address."""
    local = re.compile(
        rb"/(?:home|root|work|Users)/\w|https?://[\w.-]*(?:pypi|pythonhosted|mirror)[\w.-]*", re.IGNORECASE
    )
    found = [
        f"{_name(path)}: {match.group().decode()}"
        for path in _tracked()
        if path.suffix
        in {".py", ".toml", ".md", ".txt", ".cfg", ".yaml", ".yml", ".json", ".csv", ".po", ".sh", ".c", ""}
        and (match := local.search(path.read_bytes()))
    ]
    assert found == []


def test_the_page_of_permissions_is_the_policy() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == permissions_markdown(), "run make permissions"


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_project_names_exactly_the_packages_that_the_program_uses() -> None:
    """Not those that happen to be here for the tests, or because another package wants them."""
    modules = {
        name.partition(".")[0]
        for path in SOURCES
        for name in _imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.partition(".")[0] not in sys.stdlib_module_names
    }
    modules -= {"app", "typing_extensions"}  # the latter for types only, and SQLAlchemy brings it
    distributions = packages_distributions()
    used = {_canonical(distributions[module][0]) for module in modules}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {_canonical(re.split(r"[\[<>=]", line)[0]) for line in project["dependencies"]}
    assert used == named - {"psycopg"}  # SQLAlchemy loads it by the database's URL


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-")


def test_locks_hold_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lock, extras in (("runtime", ("setup",)), ("test", ("setup", "test"))):
        locked = set(re.findall(r"^([\w-]+)==", (ROOT / f"requirements/{lock}.txt").read_text(), re.MULTILINE))
        wanted = [
            *project["dependencies"],
            *(name for extra in extras for name in project["optional-dependencies"][extra]),
        ]
        names = {_canonical(re.split(r"[\[<>=]", each)[0]) for each in wanted}
        assert sorted(names - locked) == [], f"run make lock: requirements/{lock}.txt is behind"
