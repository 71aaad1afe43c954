"""Draws clocks, watches and gauges: round things with marks and hands, which a detector of faces takes for one."""

import cv2
import numpy as np

SIZE = 144


def dial(rs):
    """BGR uint8 [SIZE, SIZE, 3], the dial filling the square's inscribed circle."""
    light = rs.rand() < 0.65
    ground = rs.uniform(170, 255) + rs.uniform(-25, 25, 3) if light else rs.uniform(0, 110) + rs.uniform(0, 60, 3) * rs.rand()
    ink = rs.uniform(0, 80, 3) if light else rs.uniform(150, 255, 3)
    image = np.full((SIZE, SIZE, 3), ground.clip(0, 255), np.uint8)
    middle, radius = np.array([SIZE / 2, SIZE / 2]), SIZE / 2
    rim = rs.uniform(0.02, 0.2) * radius
    circle(image, middle, radius, rs.uniform(0, 255, 3), -1)
    circle(image, middle, radius - rim, ground, -1)
    inner = radius - rim
    if rs.rand() < 0.4:
        circle(image, middle, inner * rs.uniform(0.3, 0.85), ink, 1)
    for _ in range(rs.choice([0, 1, 2, 3], p=[0.45, 0.2, 0.2, 0.15])):
        small_dial(image, middle, inner, ink, rs)
    # A clock's marks go all the way round, a gauge's leave a gap at the bottom.
    gauge = rs.rand() < 0.35
    start, sweep = (rs.uniform(120, 150), rs.uniform(240, 300)) if gauge else (-90.0, 360.0)
    marks(image, middle, inner, ink, start, sweep, rs)
    hands(image, middle, inner, ink, gauge, rs)
    if rs.rand() < 0.35:
        word(image, middle, inner, ink, rs)
    return image


def circle(image, middle, radius, colour, thick):
    cv2.circle(image, tuple(int(v) for v in middle), max(1, int(radius)), paint(colour), thick, cv2.LINE_AA)


def paint(colour):
    return tuple(float(v) for v in np.clip(colour, 0, 255))


def at(middle, degrees, length):
    return middle + length * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def line(image, a, b, colour, thick):
    cv2.line(image, tuple(int(v) for v in a), tuple(int(v) for v in b), paint(colour), max(1, int(thick)), cv2.LINE_AA)


def marks(image, middle, inner, ink, start, sweep, rs):
    count = int(rs.choice([4, 10, 12, 12, 12]))
    thick, length = rs.uniform(1, 5), rs.uniform(0.06, 0.22) * inner
    numbers = rs.rand() < 0.6
    scale = rs.uniform(0.3, 0.65)
    if rs.rand() < 0.5:
        for i in range(61):
            line(image, at(middle, start + sweep * i / 60, inner * 0.97), at(middle, start + sweep * i / 60, inner * 0.91), ink, 1)
    for i in range(count + (sweep < 360)):
        degrees = start + sweep * i / count
        if not numbers or rs.rand() < 0.15:
            line(image, at(middle, degrees, inner * 0.95), at(middle, degrees, inner * 0.95 - length), ink, thick)
            continue
        text = str((i or count) if sweep == 360 else i * 10)
        (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, 1)
        x, y = at(middle, degrees, inner * 0.76) + [-w / 2, h / 2]
        cv2.putText(image, text, (int(x), int(y)), rs.randint(0, 4), scale, paint(ink), 1 + (scale > 0.5), cv2.LINE_AA)


def hands(image, middle, inner, ink, gauge, rs):
    for length, thick in ((0.75, rs.uniform(1, 5)),) if gauge else ((0.5, rs.uniform(3, 8)), (0.8, rs.uniform(2, 5)), (0.85, 1))[:rs.randint(2, 4)]:
        degrees = rs.uniform(0, 360)
        colour = rs.uniform(0, 255, 3) if rs.rand() < 0.3 else ink
        line(image, at(middle, degrees, inner * length), at(middle, degrees + 180, inner * rs.uniform(0, 0.2)), colour, thick)
    circle(image, middle, rs.uniform(2, 9), ink, -1)


def small_dial(image, middle, inner, ink, rs):
    where = at(middle, rs.choice([0, 90, 180, 270, 45, 135]), inner * rs.uniform(0.4, 0.5))
    radius = inner * rs.uniform(0.16, 0.3)
    circle(image, where, radius, rs.uniform(0, 255, 3), -1 if rs.rand() < 0.5 else 1)
    line(image, where, at(where, rs.uniform(0, 360), radius * 0.8), ink, 1)


def word(image, middle, inner, ink, rs):
    text = ''.join(rs.choice(list('ABDEGIKLMNORSTUVWXZ'), rs.randint(3, 8)))
    scale = rs.uniform(0.25, 0.5)
    (w, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    x, y = middle + [-w / 2, inner * rs.choice([-0.3, 0.35])]
    cv2.putText(image, text, (int(x), int(y)), cv2.FONT_HERSHEY_SIMPLEX, scale, paint(ink), 1, cv2.LINE_AA)
