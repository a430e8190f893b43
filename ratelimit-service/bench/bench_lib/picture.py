"""Lines over an axis, and bars, as SVG."""

from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 50, 50
NAMES = 230  # the width for the names of bars
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700")


def draw(title, across, up, lines):
    """lines: by name, the points (x, y), none negative. Axes begin at 0 and end at a whole number."""
    most_x = whole(max(x for points in lines.values() for x, _ in points))
    most_y = max(1.0, 0.2 * whole(5 * max(y for points in lines.values() for _, y in points)))

    def place(x, y):
        return LEFT + x / most_x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / most_y * (HEIGHT - TOP - BOTTOM)

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">' % (WIDTH, HEIGHT),
             '<rect width="%d" height="%d" fill="white"/>' % (WIDTH, HEIGHT),
             text(WIDTH / 2, 20, title, "middle")]
    for step in range(int(round(most_y * 5)) + 1):
        x, y = place(0, step / 5)
        parts.append('<line x1="%g" y1="%.1f" x2="%g" y2="%.1f" stroke="#d0d7de"/>' % (x, y, WIDTH - RIGHT, y))
        parts.append(text(x - 8, y + 4, "%.1f" % (step / 5), "end"))
    for step in range(int(most_x) + 1):
        x, y = place(step, 0)
        parts.append('<line x1="%.1f" y1="%g" x2="%.1f" y2="%g" stroke="#d0d7de"/>' % (x, TOP, x, y))
        parts.append(text(x, y + 18, str(step), "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across, "middle"))
    parts.append('<g transform="rotate(-90 16 %g)">%s</g>' % (HEIGHT / 2, text(16, HEIGHT / 2, up, "middle")))
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = " ".join("%.1f,%.1f" % place(x, y) for x, y in points)
        parts.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (places, colour))
        parts += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (place(x, y) + (colour,)) for x, y in points]
        parts.append('<rect x="%d" y="%d" width="12" height="12" fill="%s"/>' % (LEFT + 130 * number, TOP - 20, colour))
        parts.append(text(LEFT + 130 * number + 18, TOP - 9, name, "start"))
    return "\n".join(parts) + "\n</svg>\n"


def bars(title, rows):
    """rows: name and length, the longest of which fills the width; words stand behind it."""
    height = TOP + 34 * len(rows) + 10
    longest = max(length for _, length, _ in rows)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">' % (WIDTH, height),
             '<rect width="%d" height="%d" fill="white"/>' % (WIDTH, height),
             text(WIDTH / 2, 24, title, "middle")]
    for number, (name, length, words) in enumerate(rows):
        y = TOP + 34 * number
        width = length / longest * (WIDTH - NAMES - 110)
        own = name.startswith("Weir") or name.startswith("in memory") or name.startswith("Redis")
        parts.append(text(NAMES - 8, y + 16, name, "end"))
        parts.append('<rect x="%d" y="%d" width="%.1f" height="22" fill="%s"/>' % (NAMES, y, width, COLOURS[0] if own else "#8c959f"))
        parts.append(text(NAMES + width + 6, y + 16, words, "start"))
    return "\n".join(parts) + "\n</svg>\n"


def whole(number):
    return -int(-number // 1)


def text(x, y, words, anchor):
    return '<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>' % (x, y, anchor, escape(words))
