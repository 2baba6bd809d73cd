"""Printing: 1,000 filled-in 附件4 with their QR codes in one file, and the same form by WeasyPrint beside it.

WeasyPrint is not needed otherwise: `apt-get install weasyprint`, and this measures against it.
"""

import os
import random
import subprocess
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import zxingcpp
from PIL import Image

from app.forms import qr
from app.forms.annex4 import BY_KEY, NOTES, SIGN_LABELS, TITLE, UserType
from app.forms.annex4_paper import PrintedForm, render
from tests.bench.compare import rate, ratio
from tests.forms.samples import SIGNED, TYPICAL

MANY, FEW, ROUNDS = 1000, 100, 3

SERVER = """
import sys, weasyprint
for line in sys.stdin:
    source, target = line.split()
    weasyprint.HTML(filename=source).write_pdf(target)
    print("done", flush=True)
"""

STYLE = """
@page { size: A4; margin: 12mm 20mm }
body { font: 11pt 'Noto Serif CJK SC' }
h1 { font-size: 18pt; text-align: center }
table { width: 100%; table-layout: fixed; border-collapse: collapse; border: 1.2pt solid }
td { border: .6pt solid; height: 9mm; padding: 0 2mm }
section { page-break-after: always }
img { width: 24mm; float: right; image-rendering: pixelated }
"""

ROWS = (
    ("unit_name",),
    ("name", "id_number"),
    ("office_phone", "email"),
    ("mobile", "school_type"),
    ("address",),
    ("remarks",),
)


def forms(count: int) -> list[PrintedForm]:
    """Different people of different schools."""
    chance = random.Random(4)
    characters = [chr(code) for code in range(0x4E00, 0x9FA6) if chr(code).encode("gb2312", "ignore")]

    def some() -> str:
        return "".join(chance.choices(characters, k=2))

    people = (replace(TYPICAL, name="王" + some(), unit_name=f"农安县{some()}镇中心小学") for _ in range(count))
    return [PrintedForm(f"FJ4-2026-{place:06}", person, SIGNED) for place, person in enumerate(people)]


def html(printed: list[PrintedForm]) -> str:
    """The same forms as a web page, as one would write it for WeasyPrint."""
    return f"<html lang=zh><meta charset=utf-8><style>{STYLE}</style>{''.join(map(section, printed))}</html>"


def section(printed: PrintedForm) -> str:
    """One form: the same cells and words."""
    form = printed.form
    rows = [[(BY_KEY[key].label, escape(getattr(form, key))) for key in keys] for keys in ROWS]
    rows.append(
        [("教师系统用户类型", "　".join(("☑" if kind in form.user_types else "□") + kind for kind in UserType))]
    )
    rows.append([("申请数字证书", "☑是 □否"), ("已拥有登录账号", escape(form.existing_account))])
    for step, signed in printed.sign_offs.items():
        rows.append([(SIGN_LABELS[step], f"{signed.opinion}<br>签章：{signed.signer}<br>{signed.signed_on}")])
    head = f"<img src='{picture(printed)}'><p>编号：{printed.number}<h1>{TITLE}</h1>"
    return f"<section>{head}<table>{''.join(map(line, rows))}</table>备注：<br>{'<br>'.join(NOTES)}</section>"


def line(cells: list[tuple[str, str]]) -> str:
    """One line of the table: labels and values; a lone value is three columns wide."""
    span = 3 if len(cells) == 1 else 1
    return "<tr>" + "".join(f"<td>{label}<td colspan={span}>{value}" for label, value in cells)


def picture(printed: PrintedForm) -> str:
    """The QR code as a picture in the page."""
    assert printed.code
    barcode = zxingcpp.create_barcode(qr.encode(printed.code), zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    stream = BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(barcode)).save(stream, "png")
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    many = forms(MANY)
    rate(f"forms: {MANY} with QR codes in one file, one core", 300, lambda: render(many), MANY, unit="forms")
    if not _has_weasyprint():
        print("forms: not compared with WeasyPrint, which is not installed (apt-get install weasyprint)")
        return
    few = many[:FEW]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(_server())
        ratio(
            f"forms: {FEW} in one file",
            5,
            lambda: render(few),
            lambda: _print(server, folder, few),
            against="WeasyPrint",
        )
        assert server.stdin
        server.stdin.close()


def _has_weasyprint() -> bool:
    command = ["/usr/bin/python3", "-c", "import weasyprint"]
    return Path(command[0]).exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _server() -> "subprocess.Popen[str]":
    """WeasyPrint, warm and waiting, so that its start is not measured."""
    command = ["/usr/bin/python3", "-c", SERVER]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _print(server: "subprocess.Popen[str]", folder: Path, printed: list[PrintedForm]) -> None:
    source, target = folder / "forms.html", folder / "forms.pdf"
    source.write_text(html(printed), "utf-8")
    assert server.stdin
    assert server.stdout
    server.stdin.write(f"{source} {target}\n")
    server.stdin.flush()
    if server.stdout.readline() != "done\n":
        raise RuntimeError("WeasyPrint ended")


if __name__ == "__main__":
    main()
