"""Occluders of an eye. RGB uint8 [s, s, 3] in and out, with float32 [s, s] cover 0..1 (share of the eye hidden there)."""

import cv2
import numpy as np


def _blank(size):
    return np.zeros((size, size), np.float32)


def _lay(picture, colour, cover):
    over = np.empty_like(picture)
    over[:] = colour
    cover = np.clip(cover, 0, 1).astype(np.float32, copy=False)
    return cv2.blendLinear(picture, over, 1 - cover, cover)


def _texture(rs, colour, size, rough=0.12):
    grain = sum(cv2.resize(rs.randn(c, c).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC) for c in (3, 9, 30))
    shade = 1 + rs.uniform(0.3, 1) * rough * grain
    return cv2.merge([shade * float(c) for c in colour]).clip(0, 255)


def _lens(rs, size):
    """Outline of a lens around the eye: polygon of a squared ellipse, pixels."""
    centre = size / 2 + rs.randn(2) * size * 0.06
    half = size * np.array([rs.uniform(0.32, 0.5), rs.uniform(0.22, 0.4)])
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    squared = rs.uniform(0.45, 1.0)
    x, y = np.cos(turn), np.sin(turn)
    points = np.stack([np.sign(x) * np.abs(x) ** squared, np.sign(y) * np.abs(y) ** squared], 1) * half + centre
    return points


def spectacles(picture, rs):
    """Clear glasses: a rim, a faint tint, sometimes a partial reflection."""
    size = len(picture)
    outline = (_lens(rs, size) * 16).astype(np.int32)
    glass, rim = _blank(size), _blank(size)
    cv2.fillPoly(glass, [outline], 1.0, cv2.LINE_AA, 4)
    if rs.rand() < 0.85:
        cv2.polylines(rim, [outline], True, 1.0, int(rs.choice([1, 1, 2, 3, 4, 6])), cv2.LINE_AA, 4)
    out = _lay(picture, rs.uniform(0, 255, 3), glass * rs.uniform(0, 0.2))
    cover = _blank(size)
    if rs.rand() < 0.4:
        glare, strength = _glare(rs, size, rs.uniform(0.05, 0.4)), rs.uniform(0.2, 0.95)
        out = _lay(out, rs.uniform(180, 255, 3), glare * glass * strength)
        cover = glare * glass * _hides(strength)
    return _lay(out, rs.choice([12, 40, 90, 170]) * rs.uniform(0.7, 1.3, 3), rim * rs.uniform(0.6, 1)), cover


def _hides(strength):
    """Cover 0..1: a faint reflection hides nothing."""
    return float(np.clip((strength - 0.45) / 0.25, 0, 1))


def _glare(rs, size, part):
    area = _blank(size)
    if rs.rand() < 0.5:
        centre = tuple(int(v) for v in rs.uniform(0.25, 0.75, 2) * size)
        cv2.ellipse(area, centre, (int(size * part * rs.uniform(0.6, 1.4)), int(size * part)), rs.uniform(0, 180), 0, 360, 1.0, -1)
    else:
        x, wide, lean = rs.uniform(0.1, 0.9) * size, part * size * rs.uniform(0.5, 1.5), rs.uniform(-0.5, 0.5) * size
        cv2.fillPoly(area, [np.int32([[x, 0], [x + wide, 0], [x + wide + lean, size], [x + lean, size]])], 1.0)
    return cv2.GaussianBlur(area, (0, 0), rs.uniform(0.6, 4))


def sunglasses(picture, rs):
    size = len(picture)
    glass, rim = _blank(size), _blank(size)
    points = (_lens(rs, size) - size / 2) * rs.uniform(1.0, 1.4) + size / 2
    outline = (points * 16).astype(np.int32)
    cv2.fillPoly(glass, [outline], 1.0, cv2.LINE_AA, 4)
    cv2.polylines(rim, [outline], True, 1.0, int(rs.choice([1, 2, 4])), cv2.LINE_AA, 4)
    top, bottom = rs.uniform(0, 70, 3), rs.uniform(0, 110, 3)
    ramp = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    colour = np.broadcast_to(top + (bottom - top) * ramp, (size, size, 3)).astype(np.uint8)
    for _ in range(rs.randint(0, 3)):
        colour = _lay(colour, rs.uniform(60, 255, 3), _glare(rs, size, rs.uniform(0.03, 0.3)) * rs.uniform(0.1, 0.8))
    dense = rs.uniform(0.86, 1.0)
    out = _lay(picture, colour, glass * dense)
    return _lay(out, rs.uniform(0, 90, 3), rim), glass


def mirror_glare(picture, rs):
    """A lens reflecting a window or a screen over most of the eye."""
    size = len(picture)
    area = np.clip(_glare(rs, size, rs.uniform(0.35, 0.7)) + _glare(rs, size, 0.3), 0, 1)
    return _lay(picture, rs.uniform(140, 255, 3), area * rs.uniform(0.75, 1)), area


def hand(picture, rs, tone=None):
    """Fingers: rounded bars of skin with dark edges, or a palm."""
    size = len(picture)
    tone = picture[:10].reshape(-1, 3).mean(0) if tone is None else tone
    out, total = picture, _blank(size)
    angle = rs.uniform(0, 180)
    across = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))])
    along = np.array([across[1], -across[0]])
    wide = rs.uniform(0.2, 0.45) * size
    start = rs.uniform(-0.7, 0.1) * size
    for i in range(rs.randint(1, 5)):
        middle = size / 2 + across * (start + i * wide * 1.02)
        area = _blank(size)
        tip = middle + along * (size if rs.rand() < 0.6 else rs.uniform(-0.1, 0.6) * size)
        cv2.line(area, tuple(int(v) for v in middle - along * size), tuple(int(v) for v in tip), 1.0, max(2, int(wide)), cv2.LINE_AA)
        inside = cv2.GaussianBlur(area, (0, 0), size * 0.05)
        colour = np.clip(_texture(rs, tone * rs.uniform(0.85, 1.15), size) * (0.45 + 0.6 * inside)[..., None], 0, 255)
        soft = cv2.GaussianBlur(area, (0, 0), rs.uniform(0.4, 1.5))
        out, total = _lay(out, colour, soft), np.maximum(total, soft)
    return out, total


def hair(picture, rs):
    size = len(picture)
    area = _blank(size)
    lean = rs.uniform(-0.5, 0.5) * size
    middle, spread = rs.uniform(0.1, 0.9) * size, rs.uniform(0.06, 0.35) * size
    for _ in range(rs.randint(8, 60)):
        x = middle + rs.randn() * spread
        bend = rs.randn() * 4
        points = np.int32([[x, 0], [x + lean * 0.5 + bend, size / 2], [x + lean, size]])
        cv2.polylines(area, [points], False, 1.0, int(rs.choice([1, 1, 2, 3])), cv2.LINE_AA)
    colour = _texture(rs, rs.choice([15, 35, 60, 110, 160]) * np.array([1, 0.8, 0.62]) * rs.uniform(0.8, 1.2), size, 0.3)
    return _lay(picture, colour, area * rs.uniform(0.8, 1)), area


def thing(picture, rs):
    """A mug, a phone, a sleeve: an edge and something featureless or striped."""
    size = len(picture)
    area = _blank(size)
    centre, angle = size / 2 + rs.randn(2) * size * 0.2, rs.uniform(0, 180)
    box = cv2.boxPoints(((float(centre[0]), float(centre[1])), (float(rs.uniform(0.5, 1.8) * size), float(rs.uniform(0.4, 1.5) * size)), angle))
    cv2.fillPoly(area, [np.int32(box)], 1.0, cv2.LINE_AA)
    colour = _texture(rs, rs.uniform(0, 255, 3), size, rs.uniform(0, 0.5))
    if rs.rand() < 0.3:
        stripes = np.sin(np.arange(size) * rs.uniform(0.2, 1.5))[:, None, None] * rs.uniform(10, 70)
        colour = np.clip(colour + (stripes if rs.rand() < 0.5 else stripes.transpose(1, 0, 2)), 0, 255)
    return _lay(picture, colour, cv2.GaussianBlur(area, (0, 0), rs.uniform(0.4, 2))), area


ALL = (sunglasses, sunglasses, hand, hand, hair, mirror_glare, thing)


def random_cover(picture, rs):
    return ALL[rs.randint(len(ALL))](picture, rs)
