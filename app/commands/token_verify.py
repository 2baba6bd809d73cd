"""`shiming token verify`: whether the certificates on a UKEY can be relied upon, check by check."""

import argparse
from typing import Any

from app import bootstrap, files
from app.commands.exits import DONE, NO
from app.commands.output import Output
from app.commands.prompts import ask_secret
from app.messages import explain
from app.services.verification import Check, Grounds, Result, Verified, read_crl, read_roots, verify
from app.token.host import TokenHost
from app.words import N_, sentences, tr

CHECKS = {
    Check.KEY: N_("私钥（在 UKEY 里，能签名）"),
    Check.CHAIN: N_("证书链（直到根证书）"),
    Check.TIME: N_("有效期"),
    Check.REVOCATION: N_("吊销状态"),
}


def run(tokens: TokenHost, args: argparse.Namespace, out: Output) -> int:
    """Ask for the PIN and check each certificate; 1 when one does not hold, or none is there."""
    roots = read_roots(files.read(args.root)) if args.root else ()
    grounds = Grounds(bootstrap.now(), roots, tuple(read_crl(files.read(path)) for path in args.crl))
    tokens.info(args.serial)
    with tokens.open(args.serial, ask_secret(tr("UKEY {serial} 的 PIN 码", serial=args.serial))) as session:
        found = list(verify(session, grounds))
    for each in found:
        out.line(each.certificate.subject.rfc4514_string())
        for result in each.results:
            out.line(f"  [{_mark(result)}] {tr(CHECKS[result.check])}")
            if result.problem:
                out.line("       " + sentences(*explain(result.problem)))
    if not found:
        out.line(tr("UKEY 里没有持证人的证书。"))
    out.record(certificates=[_entry(each) for each in found])
    return DONE if found and all(each.holds for each in found) else NO


def _mark(result: Result) -> str:
    if not result.done:
        return tr("未核实")
    return tr("不通过") if result.failed else tr("通过")


def _entry(verified: Verified) -> dict[str, Any]:
    return {
        "key_id": verified.key_id,
        "serial": f"{verified.certificate.serial_number:x}",
        "subject": verified.certificate.subject.rfc4514_string(),
        "not_after": verified.certificate.not_valid_after_utc,
        "holds": verified.holds,
        "checks": {result.check.value: _outcome(result) for result in verified.results},
    }


def _outcome(result: Result) -> dict[str, Any]:
    problem = result.problem
    told = {"reason": problem.reason, **explain(problem)._asdict()} if problem else {}
    return {"ok": not result.failed if result.done else None, **told}
