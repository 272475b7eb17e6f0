"""The folders of daemon/, which folders each may use, and the picture of both (daemon/house.svg).

The picture puts a folder one floor above the highest folder that it uses, so that picture and rule cannot differ."""

# each folder, from the ground up, with the folders that its files may include besides their own
DAEMON = {
    "base": "",
    "config": "base",
    "data": "base config",
    "store": "base data",
    "titles": "base data",
    "model": "base config data store titles",
    "query": "base config data titles model",
    "report": "base config data",
    "train": "base config data store titles model report",
    "evaluate": "base config data store titles model query train",
    "conn": "base config",
    "control": "base config data store model query train conn",
    "methods": "base config data store model query conn control",
    "serve": "base config model conn control methods",
    "command": "base config data store model report train evaluate serve",
}
TEXTS = {
    "base": "tools without a subject",
    "config": "what the operator wrote",
    "data": "catalogue and ratings",
    "store": "model files, versions",
    "titles": "finding a show",
    "model": "opened for questions",
    "query": "question and answer",
    "report": "the page of a training",
    "train": "a training run",
    "evaluate": "measuring, tuning",
    "conn": "clients and bytes",
    "control": "what changes the model",
    "methods": "a file a method",
    "serve": "the loop",
    "command": "serve, train, evaluate ...",
}
# the column of each folder in the picture, from 1; None: the folder spans all three
COLUMNS = {"base": None, "config": None, "data": 1, "report": 3, "conn": 3, "store": 1, "titles": 2, "train": 1, "model": 2,
           "evaluate": 1, "query": 2, "control": 2, "methods": 3, "serve": None, "command": None}
# the column and the floor of what is outside of daemon/
OUTSIDE = {"source plugin": (0, 2), "model plugin": (0, 4), "model file": (0, 3), "client": (4, 2),
           "similarity plugin": (4, 4)}
# the two ways through the picture, each with its places in order
WAYS = [
    ("rating", "a rating: read by the source plugin, trained on, kept as a model file",
     ["source plugin", "data", "train", "model plugin", "store", "model file"]),
    ("request", "a request: taken from the client, asked of the model; the reply goes back the same way",
     ["client", "conn", "methods", "query", "model", "similarity plugin"]),
]

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN, LEGEND = 176, 46, 40, 26, 20, 64
STYLE = """
  svg { background: #ffffff; font: 13px sans-serif; }
  .box { fill: #f3f4f6; stroke: #9ca3af; }
  .outside { fill: none; stroke: #9ca3af; stroke-dasharray: 4 3; }
  .name { fill: #111827; font-weight: bold; text-anchor: middle; }
  .text { fill: #4b5563; font-size: 11px; text-anchor: middle; }
  .legend { fill: #111827; }
  .way { fill: none; stroke-width: 2; }
  .number { fill: #ffffff; font-size: 11px; font-weight: bold; text-anchor: middle; }
  .rating { stroke: #b45309; } .rating-dot { fill: #b45309; }
  .request { stroke: #1d4ed8; } .request-dot { fill: #1d4ed8; }
"""


def floors():
    """The floor of each folder, counted from 0: one above the highest folder that it uses."""
    floor = {}
    for folder, uses in DAEMON.items():
        floor[folder] = 1 + max((floor[use] for use in uses.split()), default=-1)
    return floor


def boxes():
    """The left, top, width and height of every place."""
    floor = floors()
    top = max(floor.values())
    out = {}
    for name in [*DAEMON, *OUTSIDE]:
        column, level = OUTSIDE.get(name) or (COLUMNS[name], floor[name])
        first, last = (1, 3) if column is None else (column, column)
        out[name] = (MARGIN + first * (WIDTH + GAP_X), MARGIN + (top - level) * (HEIGHT + GAP_Y),
                     WIDTH + (last - first) * (WIDTH + GAP_X), HEIGHT)
    assert len(set(out.values())) == len(out), "two folders of one floor have the same column"
    return out


def draw_box(name, box):
    left, top, width, height = box
    middle = left + width / 2
    kind = "outside" if name in OUTSIDE else "box"
    yield f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="6"/>'
    if name in OUTSIDE:
        yield f'<text class="text" x="{middle:g}" y="{top + 28}">{name}</text>'
    else:
        yield f'<text class="name" x="{middle:g}" y="{top + 20}">{name}/</text>'
        yield f'<text class="text" x="{middle:g}" y="{top + 36}">{TEXTS[name]}</text>'


def draw_way(kind, stops, box):
    """Draw a line from each place to the next one."""
    for a, b in zip(stops, stops[1:]):
        (al, at, aw, ah), (bl, bt, bw, bh) = box[a], box[b]
        if al == bl:
            x = al + aw / 2
            path = f"M{x:g} {at}V{bt + bh}" if at > bt else f"M{x:g} {at + ah}V{bt}"
        else:
            x1, x2 = (al + aw, bl) if al < bl else (al, bl + bw)
            y1, y2 = (at + ah / 2, bt + bh / 2) if at == bt else (at + ah * 0.7, bt + bh * 0.45)
            middle = (x1 + x2) / 2
            path = f"M{x1} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2} {y2:g}"
        yield f'<path class="way {kind}" d="{path}" marker-end="url(#{kind})"/>'


def draw_numbers(kind, stops, box):
    """Draw the number of each place into a corner of its box: on the left for a rating, on the right for a request."""
    for number, stop in enumerate(stops, 1):
        left, top, width, _ = box[stop]
        x = left if kind == "rating" else left + width
        yield f'<circle class="{kind}-dot" cx="{x}" cy="{top}" r="9"/>'
        yield f'<text class="number" x="{x}" y="{top + 4}">{number}</text>'


def draw():
    """The picture as SVG."""
    box = boxes()
    width = 2 * MARGIN + 5 * WIDTH + 4 * GAP_X
    bottom = max(top + height for _, top, _, height in box.values())
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + LEGEND}" '
           f'viewBox="0 0 {width} {bottom + LEGEND}">', f"<style>{STYLE}</style>", "<defs>"]
    for kind, _, _ in WAYS:
        out.append(f'<marker id="{kind}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="4" markerHeight="4" '
                   f'orient="auto"><path class="{kind}-dot" d="M0 0L8 4L0 8z"/></marker>')
    out.append("</defs>")
    for kind, _, stops in WAYS:
        out += draw_way(kind, stops, box)  # first, so that a line passes behind boxes that are not on its way
    for name in box:
        out += draw_box(name, box[name])
    for kind, _, stops in WAYS:
        out += draw_numbers(kind, stops, box)
    for line, (kind, text, _) in enumerate(WAYS):
        y = bottom + 26 + 20 * line
        out.append(f'<circle class="{kind}-dot" cx="{MARGIN + 9}" cy="{y - 4}" r="6"/>')
        out.append(f'<text class="legend" x="{MARGIN + 24}" y="{y}">{text}</text>')
    out.append(f'<text class="legend" x="{width - MARGIN}" y="{bottom + 46}" text-anchor="end">'
               "A folder uses folders below it only.</text>")
    return "\n".join(out + ["</svg>"]) + "\n"
