"""Mend reportlab 5.1.0's ToUnicode table, so that text copied or searched in the PDF is what was printed.

It writes a character beyond U+FFFF as five hexadecimal digits, where the PDF standard (ISO 32000-1, 9.10.3) wants
UTF-16BE: 𬭊 then comes back as another character. It also writes up to 256 entries a block, where 100 are allowed.
The test beside this module fails once reportlab does it right: then drop both.
"""

from collections.abc import Sequence

_BLOCK = 100

_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange"""

_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def mend() -> None:
    """Let reportlab write its ToUnicode tables by `to_unicode_cmap` from now on."""
    from reportlab.pdfbase import ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode_cmap


def to_unicode_cmap(fontname: str, subset: Sequence[int]) -> str:
    """The ToUnicode table of a subset: its n-th code point is what byte n shows; zeros are unused places."""
    entries = [f"<{byte:02X}> <{_utf16(code)}>" for byte, code in enumerate(subset) if code]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    lists = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    return "\n".join([_HEAD, *lists, _TAIL])


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be").hex().upper()
