"""Drawings on a page: number lines, what is stricter than what, dates. Each says in words, too, what it shows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from markupsafe import Markup

from bvn_asp.render.blocks import Bar, Dates, NumberLine, Order, Stretch

WIDTH, EDGE = 420, 14
POINT = 0.3
"""How wide a number by itself is drawn, against what lies between two limits."""


def _svg(width: float, height: float, inner: Sequence[Markup], said: str = "", whole: bool = False) -> Markup:
    shown = Markup('role="img" aria-label="{}"').format(said) if said else Markup('aria-hidden="true"')
    style = Markup(' style="max-width: none"') if whole else ""
    return Markup('<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}"{2} {3}>{4}</svg>').format(
        width, height, style, shown, Markup("").join(inner)
    )


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(kind, x1, x2, y1, y2)


def _text(x: float, y: float, text: str, kind: str = "") -> Markup:
    written = Markup(' class="{}"').format(kind) if kind else ""
    return Markup('<text{} x="{}" y="{}" text-anchor="middle">{}</text>').format(written, x, y, text)


# -- number lines ------------------------------------------------------------------------------


def number_line(block: NumberLine) -> Markup:
    """A number line with its bars, each with its words and names beside it."""
    of = Markup(" <small>{}</small>").format(block.of) if block.of else ""
    made = [Markup('<div class="line"><h3>{}{}</h3><p class="soft">{}</p>').format(block.label, of, block.about)]
    ends = _ends(block.stretches)
    if block.bars:
        axis = [_line("axis", EDGE, WIDTH - EDGE, 18, 18)]
        for stretch, low, high in zip(block.stretches, ends, ends[1:], strict=False):
            if stretch.tick:
                at = round((low + high) / 2, 1) if stretch.point else low
                axis += [_line("axis", at, at, 14, 19), _text(at, 11, stretch.tick)]
        made.append(Markup('<div class="bar">{}<span></span></div>').format(_svg(WIDTH, 20, axis)))
    for bar in block.bars:
        drawn = _svg(WIDTH, 16, [_line("grid", EDGE, WIDTH - EDGE, 8, 8), *_runs(bar, ends)])
        names = ", ".join(bar.names)
        made.append(Markup('<div class="bar">{}<span><b>{}</b> {}</span></div>').format(drawn, bar.says, names))
    made += [Markup('<p class="soft held">{}</p>').format(note) for note in block.notes]
    return Markup("").join([*made, Markup("</div>")])


def _ends(stretches: Sequence[Stretch]) -> list[float]:
    """Where each stretch begins, and where the last one ends: those between two limits all as wide."""
    weights = [POINT if each.point else 1.0 for each in stretches]
    unit = (WIDTH - 2 * EDGE) / (sum(weights) or 1)
    ends = [float(EDGE)]
    for weight in weights:
        ends.append(round(ends[-1] + weight * unit, 1))
    return ends


def _runs(bar: Bar, ends: Sequence[float]) -> list[Markup]:
    made = []
    for run in bar.runs:
        low, high = ends[run.first], ends[run.last + 1]
        wide = round(high - low, 1)
        made.append(Markup('<rect class="run" x="{}" y="5" width="{}" height="6"></rect>').format(low, wide))
        made += [
            Markup('<circle class="end {}" cx="{}" cy="8" r="4.5"></circle>').format(kind, at)
            for kind, at in ((run.left, low), (run.right, high))
            if kind
        ]
    return made


# -- what stands above what --------------------------------------------------------------------

COLUMN, ROW, BOX = 250, 40, 26
CHARACTER = 7.0


def order(block: Order) -> Markup:
    """Names in layers from the left, and lines between them."""
    if not block.nodes:
        return Markup("")
    boxes, spots = [], []
    for name, layer, row in block.nodes:
        x, y, wide = layer * COLUMN + 1, round(row * ROW, 1), round(len(name) * CHARACTER + 16)
        spots.append((x, y, wide))
        top = round(y - BOX / 2, 1)
        box = Markup('<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="3"></rect>').format(x, top, wide, BOX)
        boxes.append(box + Markup('<text x="{}" y="{}">{}</text>').format(x + 8, top + 17, name))
    edges = [
        Markup('<path class="edge" d="M{} {} L{} {}"></path>').format(
            spots[a][0] + spots[a][2], spots[a][1], spots[b][0] - 1, spots[b][1]
        )
        for a, b in block.arrows
    ]
    width = max(x + wide for x, _, wide in spots) + 2
    layers = [layer for _, layer, _ in block.nodes]
    height = max(map(layers.count, layers)) * ROW
    drawn = _svg(width, height, [*edges, *boxes], "; ".join(block.said), whole=True)
    label = "drawing of the order"
    return Markup('<div class="wide" tabindex="0" role="region" aria-label="{}">{}</div>').format(label, drawn)


# -- dates -------------------------------------------------------------------------------------


def dates(block: Dates) -> Markup:
    """Dates as numbered dots on one line, with the months below it."""
    days = [datetime.date.fromisoformat(date) for date, _ in block.dates]
    start, last = min(days), max(days)
    whole = max((last - start).days, 1)

    def at(date: datetime.date) -> float:
        return round(20 + 600 * (date - start).days / whole, 1)

    inner = [_line("axis", 10, 630, 24, 24)]
    for month in _months(start, last):
        inner += [_line("grid", at(month), at(month), 24, 38), _text(at(month), 52, month.strftime("%Y-%m"), "soft")]
    for number, day in enumerate(days):
        kind = "dot now" if not number else "dot"
        inner.append(Markup('<circle class="{}" cx="{}" cy="24" r="5"></circle>').format(kind, at(day)))
        inner.append(_text(at(day), 12, str(number or "")))
    return _svg(640, 62, inner, "time line; the dates stand in the list below")


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first days of months for the scale, few enough to be read."""
    found = []
    month = first.year * 12 + first.month
    while (date := datetime.date(month // 12, month % 12 + 1, 1)) <= last:
        found.append(date)
        month += 1
    return found[:: max(1, -(-len(found) // 8))]
