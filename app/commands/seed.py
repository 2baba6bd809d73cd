"""`shiming seed`: a province of a given size, invented, for tests and for measuring. Never for real work."""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from app import bootstrap, files
from app.commands.exits import DONE
from app.commands.output import Output
from app.divisions import divisions
from app.policy import POST_NAMES, Post
from app.services import org
from app.services.founding import Founder, Province
from app.services.invented import Inventor
from app.services.management_forms import Annex2
from app.services.seeding import Sower
from app.words import N_, tr

PROVINCE = "220000"
REPORT = "report.json"

_POSTS = (Post.SYSTEM, Post.SECURITY), (Post.AUDITOR,)
_KINDS = {"schools": N_("学校"), "staff": N_("配备管理人员的单位"), "users": N_("业务类用户")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--units", type=_natural, required=True, metavar="N", help=tr("单位总数（教育局全部建立，其余为学校）")
    )
    parser.add_argument("--users", type=_natural, required=True, metavar="N", help=tr("业务类用户数"))
    parser.add_argument("--out", type=Path, required=True, metavar=tr("文件夹"), help=tr("办公库建在这里"))
    parser.add_argument("--seed", type=_natural, default=1, metavar="N", help=tr("同一个数生成同样的人和单位；默认 1"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Found the office, load the divisions, and sow; the people who can sign in stand in report.json."""
    with files.disk_faults(args.out):
        return _run(args, out)


def _run(args: argparse.Namespace, out: Output) -> int:
    began, inventor = time.monotonic(), Inventor(args.seed)
    name = divisions(PROVINCE)[0].name
    province = Province(org.BUREAU.format(division=name), PROVINCE, inventor.address(name, ""))
    founders = [_founder(inventor, province, posts) for posts in _POSTS]
    letter = bootstrap.found_office(args.out, province, founders)
    gate, person = bootstrap.open_office(args.out, founders[0].login, founders[0].password)
    try:
        system = person.acting_as(Post.SYSTEM)
        gate.do(system, org.load_divisions, system.unit_id or 0)
        Sower(gate.context, inventor, _progress(out)).sow(args.units, args.users)
        units = len(gate.ask(system, org.units))
    finally:
        gate.close()
    seconds = round(time.monotonic() - began, 1)
    report = {"seed": args.seed, "units": units, "users": args.users, "seconds": seconds, "recovery_letter": letter}
    report["people"] = [_entry(founder) for founder in founders]
    files.save(args.out / REPORT, json.dumps(report, ensure_ascii=False, indent=2).encode())
    out.line(tr("完成：{units} 个单位，{users} 名用户，{seconds} 秒；登录名和密码在 {path}", path=args.out / REPORT,
                units=units, users=args.users, seconds=seconds))  # fmt: skip
    out.record(**report)
    return DONE


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(tr("应是不小于 0 的整数"))
    return int(text)


def _founder(inventor: Inventor, province: Province, posts: tuple[Post, ...]) -> Founder:
    person = inventor.person()
    form = Annex2(
        unit_name=province.name,
        posts=posts,
        address=province.address,
        reviewed_by=inventor.name(),
        reviewed_on=bootstrap.now().date().isoformat(),
        **vars(person),
    )
    return Founder(form, person.email.partition("@")[0], inventor.password())


def _entry(founder: Founder) -> dict[str, object]:
    form = founder.form
    posts = [tr(POST_NAMES[post]) for post in form.posts]
    return {
        "login": founder.login,
        "password": founder.password,
        "name": form.name,
        "posts": posts,
        "unit": form.unit_name,
    }


def _progress(out: Output) -> Callable[[str, int, int], None]:
    """A line each tenth of the way."""
    began, tenths = time.monotonic(), dict.fromkeys(_KINDS, 0)

    def told(kind: str, done: int, of: int) -> None:
        if (tenth := done * 10 // of) > tenths[kind]:
            tenths[kind], seconds = tenth, round(time.monotonic() - began, 1)
            out.line(tr("{kind} {done}/{of}，{seconds} 秒", kind=tr(_KINDS[kind]), done=done, of=of, seconds=seconds))

    return told
