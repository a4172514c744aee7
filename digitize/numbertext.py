"""The numbers that a piece of text may mean: separators, exponents, SI prefixes, currencies and units.

Nothing here guesses at misread characters; a text that can be written for two numbers (``1,200``) gives both.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

MINUS_SIGNS = "−–—‐‑‒﹣－⁃"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_PLAIN_CHARACTERS = str.maketrans(
    MINUS_SIGNS + "\u00a0\u2009\u202f\u2007\u2002\u2003\t\n" + "∙⋅·✕✖*" + "μ" + "’ʼ`´" + "º˚" + "٫，",
    "-" * len(MINUS_SIGNS) + " " * 8 + "××××××" + "µ" + "''''" + "°°" + ".,",
)
_LOWERED = str.maketrans(_SUPERSCRIPTS + MINUS_SIGNS, "0123456789-+" + "-" * len(MINUS_SIGNS))
# After a ten, one raised character tells that its neighbours are raised as well; elsewhere only itself is.
_RAISED = re.compile(
    rf"(?<=(?<![0-9.,])10) ?(?P<all>[-{MINUS_SIGNS}0-9]{{0,2}}[{_SUPERSCRIPTS}][0-9{_SUPERSCRIPTS}]*)"
    rf"|(?<=[0-9])(?P<run>[{_SUPERSCRIPTS}]+)"
)
_MULTIPLIERS = {
    "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "m": 1e-3, "µ": 1e-6, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15,
    "B": 1e9, "b": 1e9, "bn": 1e9, "Bn": 1e9, "bil": 1e9, "Bil": 1e9, "billion": 1e9, "Mrd": 1e9,
    "mn": 1e6, "mln": 1e6, "mil": 1e6, "Mil": 1e6, "Mio": 1e6, "MM": 1e6, "million": 1e6,
    "tri": 1e12, "Tri": 1e12, "tn": 1e12, "trillion": 1e12, "thousand": 1e3, "Tsd": 1e3,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40,
}  # fmt: skip
_PREFIXES = {
    "": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "m": 1e-3, "µ": 1e-6, "u": 1e-6, "n": 1e-9,
    "p": 1e-12, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "c": 1e-2, "d": 1e-1, "h": 1e2,
}  # fmt: skip
_BASES = (
    "s", "sec", "B", "B/s", "Bps", "b", "bit", "b/s", "bps", "bits", "Hz", "W", "Wh", "V", "A", "g", "m", "m/s", "Pa",
    "J", "N", "F", "L", "l", "eV", "ops", "ops/s", "rps", "req/s", "pps", "mol", "M", "bar", "cal", "t", "FLOPS",
)  # fmt: skip
_TIMES = {"min": 60.0, "mins": 60.0, "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0}
_TIMES |= {"d": 86400.0, "day": 86400.0, "days": 86400.0, "w": 604800.0, "week": 604800.0, "weeks": 604800.0}
_LARGEST_EXPONENT = 200
_CURRENCY = r"(?:US\$|R\$|A\$|C\$|[$€£¥₹₽₩]|USD|EUR|GBP|CHF|JPY|Rs\.?)"
_BODY = r"[0-9][0-9.,' ]*|[.,][0-9]+"
_PLAIN = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<money>{_CURRENCY})? ?(?P<inner>[-+]?)(?P<body>{_BODY})"
    r"(?:[eE] ?(?P<exponent>[-+]? ?[0-9]{1,3}))?(?P<suffix>.*)"
)
_POWER = re.compile(
    rf"(?P<sign>[-+]?)(?:(?P<body>{_BODY})? ?[×xX] ?)?(?P<base>10|2) ?\^ ?"
    r"[({]?(?P<exponent>[-+]? ?[0-9]{1,3}(?:\.[0-9]+)?)[)}]?(?P<suffix>.*)"
)
_PI = re.compile(r"(?P<sign>[-+]?)(?P<top>[0-9]*(?:\.[0-9]+)?) ?π(?: ?/ ?(?P<bottom>[0-9]+))?")
_COMPASS = {"N": 1.0, "E": 1.0, "S": -1.0, "W": -1.0}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number that a text may mean.

    `value` is in the printed unit; `slack` is half a unit of the last printed digit. `base_unit` and `factor` tell what
    one printed unit is in its base ("ms": "s", 0.001), so that labels in "ms" and "s" can meet on one axis.
    `raised` is True for a power (``10^-3``), `digit` for one digit alone, which on a log axis may stand for its
    multiple of any power of ten. `comma` tells what a comma was taken for.
    """

    value: float
    prior: float = 1.0
    slack: float = 0.0
    unit: str | None = None
    base_unit: str | None = None
    factor: float = 1.0
    raised: bool = False
    digit: bool = False
    comma: Literal["point", "thousands"] | None = None


def normalise(text: str) -> str:
    """The text with one kind of minus, space, times sign and apostrophe; raised digits become ``^`` and digits."""
    plain = _RAISED.sub(lambda run: "^" + (run["all"] or run["run"]).translate(_LOWERED), text)
    return re.sub(r" +", " ", plain.translate(_PLAIN_CHARACTERS)).strip()


def numbers(text: str) -> tuple[Number, ...]:
    """Every number that `text` may be written for, the likeliest first; empty where it is no number.

    Examples
    --------
    >>> [n.value for n in numbers("1,200")]
    [1200.0, 1.2]
    >>> [(n.value, n.unit) for n in numbers("$50k")]
    [(50000.0, '$')]
    >>> [n.value for n in numbers("2×10^4")]
    [20000.0]
    """
    plain = normalise(text)
    if enclosed := re.fullmatch(r"\((.*[0-9].*)\)", plain):
        plain = "-" + enclosed.group(1)
    found = _powers(plain) or _multiples_of_pi(plain) or _plain_numbers(plain)
    return tuple(sorted(found, key=lambda number: -number.prior))


def _multiples_of_pi(text: str) -> list[Number]:
    match = _PI.fullmatch(text)
    if not match:
        return []
    value = float(match["top"] or 1) * math.pi / float(match["bottom"] or 1)
    return [Number(value=-value if match["sign"] == "-" else value)]


def _powers(text: str) -> list[Number]:
    match = _POWER.fullmatch(text)
    if not match:
        return []
    exponent = float(match["exponent"].replace(" ", ""))
    if abs(exponent) > _LARGEST_EXPONENT:
        return []
    power = float(match["base"]) ** exponent
    sign = -1.0 if match["sign"] == "-" else 1.0
    found = []
    for value, decimals, prior in _mantissas((match["body"] or "1").strip()):
        for multiplier, unit, base_unit, factor, belief in _suffixes(match["suffix"], None):
            scale = sign * power * multiplier
            slack = 0.0 if match["body"] is None else 0.5 * 10.0**-decimals * abs(scale)
            found.append(
                Number(value=value * scale, prior=prior * belief, slack=slack, unit=unit, base_unit=base_unit,
                       factor=factor, raised=match["body"] is None)
            )  # fmt: skip
    return found


def _plain_numbers(text: str) -> list[Number]:
    match = _PLAIN.fullmatch(text)
    if not match or (match["sign"] and match["inner"]):
        return []
    sign = -1.0 if "-" in match["sign"] + match["inner"] else 1.0
    exponent = int((match["exponent"] or "0").replace(" ", ""))
    if abs(exponent) > _LARGEST_EXPONENT:
        return []
    found = []
    for value, decimals, prior in _mantissas(match["body"].strip()):
        for multiplier, unit, base_unit, factor, belief in _suffixes(match["suffix"], match["money"]):
            scale = sign * multiplier * 10.0**exponent
            found.append(
                Number(value=_scaled(value, scale), prior=prior * belief, slack=0.5 * 10.0**-decimals * abs(scale),
                       unit=unit, base_unit=base_unit, factor=factor,
                       digit=re.fullmatch("[1-9]", text) is not None, comma=_comma(match["body"].strip(), decimals))
            )  # fmt: skip
    return found


def _comma(body: str, decimals: int) -> Literal["point", "thousands"] | None:
    """What the comma stands for where `body` was read with so many decimals."""
    if "," not in body:
        return None
    return "point" if decimals and len(body) - body.rindex(",") - 1 == decimals else "thousands"


def _scaled(value: float, scale: float) -> float:
    # Dividing by a whole power of ten rounds once; multiplying by its inverse rounds twice (200m would be 0.2000...01).
    return value / (1 / scale) if 0 < abs(scale) < 1 and (1 / scale).is_integer() else value * scale


def _mantissas(body: str) -> list[tuple[float, int, float]]:
    """Values, decimals and priors of digits with separators, under each convention that allows them."""
    marks = set(body) & set(".,' ")
    if not marks:
        return [(float(body), 0, 0.6 if len(body) > 1 and body[0] == "0" else 1.0)]
    found = []
    for point, prior in ((".", 1.0), (",", 0.9)):
        for groups, belief in ((",", 1.0), (".", 0.9), ("'", 1.0), (" ", 1.0)):
            if groups == point:
                continue
            head, found_point, tail = body.partition(point)
            if (not head and not tail) or not re.fullmatch("[0-9]*", tail):
                continue
            if groups in head:
                mark = re.escape(groups)
                if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}", head):
                    continue
                head = head.replace(groups, "")
                belief *= 0.4 if groups == "." and body.count(".") == 1 else 1.0
            elif found_point:
                belief = 1.0
                # Three digits after a lone comma are thousands far more often than thousandths, and more so zeros.
                if point == "," and len(tail) == 3 and re.fullmatch("[1-9][0-9]{0,2}", head):
                    belief = 0.05 if tail == "000" else 0.45
                belief *= 0.7 if not tail else 1.0
            if re.fullmatch("[0-9]*", head) and (found_point or body != head):
                found.append((float(f"{head or 0}.{tail or 0}"), len(tail), prior * belief))
    best: dict[float, tuple[float, int, float]] = {}
    for value, decimals, prior in found:
        if value not in best or best[value][2] < prior:
            best[value] = (value, decimals, prior)
    return list(best.values())


def _suffixes(suffix: str, money: str | None) -> list[tuple[float, str | None, str | None, float, float]]:
    """Multiplier, printed unit, base unit, factor to the base and prior, for each meaning of text after a number."""
    text = suffix.strip()
    if not text:
        return [(1.0, money, None, 1.0, 1.0)]
    found: list[tuple[float, str | None, str | None, float, float]] = []
    if text in _MULTIPLIERS:
        found.append((_MULTIPLIERS[text], money, None, 1.0, 1.0))
    priced = re.fullmatch(rf"(?P<scale>[A-Za-z]*) ?(?P<money>{_CURRENCY})", text)
    if priced and not money and (not priced["scale"] or priced["scale"] in _MULTIPLIERS):
        found.append((_MULTIPLIERS.get(priced["scale"], 1.0), priced["money"], None, 1.0, 1.0))
    if money:
        return found
    if text in ("%", "‰", "°", "°C", "°F", "°K", "%%"):
        found.append((1.0, text, None, 1.0, 1.0))
    elif compass := re.fullmatch("° ?([NESW])", text):
        found.append((_COMPASS[compass[1]], "°", None, 1.0, 1.0))
    elif measure := _measure(text):
        found.append((1.0, text, *measure, 0.5 if found else 1.0))
    # Letters that look like figures are sooner misread figures than a unit nobody knows.
    elif not found and re.fullmatch(r"(?![OoQDlIiSZzsB]+$)[A-Za-zµ°Ω%][A-Za-zµ°Ω/²³]{0,5}", text):
        found.append((1.0, text, None, 1.0, 0.45))
    return found


def _measure(text: str) -> tuple[str, float] | None:
    if text in _TIMES:
        return "s", _TIMES[text]
    for base in _BASES:
        if text.endswith(base) and text[: -len(base)] in _PREFIXES:
            return base, _PREFIXES[text[: -len(base)]]
    return None
