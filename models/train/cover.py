"""Occluders of a face: masks, sunglasses, glasses, hands, objects, the picture's edge; with the visible share of the face.

All draw on a BGR uint8 crop [s, s, 3] and return the picture and a cover f4 [s, s] 0..1; `points` [5, 2] are the landmarks in its pixels.
"""

import cv2
import numpy as np

# Share of the feature area: eyes, nose, mouth corners. A mask leaves 0.6, sunglasses 0.4.
SHARES = np.array([0.3, 0.3, 0.15, 0.125, 0.125])


def visible(cover, points):
    """Uncovered share of the feature area, 0..1."""
    size = cover.shape[0]
    reach = 0.3 * spread(points)
    at = np.stack(np.meshgrid([-1, 0, 1], [-0.7, 0, 0.7]), -1).reshape(-1, 2) * reach * 0.5
    where = np.rint(points[:, None] + at).astype(int)
    inside = ((where >= 0) & (where < size)).all(-1)
    where = where.clip(0, size - 1)
    return float(((1 - cover[where[..., 1], where[..., 0]]) * inside).mean(1) @ SHARES)


def spread(points):
    """Face size in pixels independent of yaw: eye line to mouth."""
    return max(4.0, np.linalg.norm(points[:2].mean(0) - points[3:].mean(0)), np.linalg.norm(points[0] - points[1]))


def blend(image, shape, colour, soft=3):
    """`colour` is a single colour or a picture; `shape` a uint8 mask."""
    cover = cv2.blur(shape, (soft, soft)).astype(np.float32) / 255
    colour = np.broadcast_to(np.asarray(colour, np.float32), image.shape)
    return (image + (colour - image) * cover[..., None]).clip(0, 255).astype(np.uint8), cover


def shaded(colour, size, rs, depth=0.35):
    """A colour gradient across the crop with coarse mottling."""
    coarse = cv2.resize(rs.uniform(1 - depth, 1 + depth, (4, 4)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return coarse[..., None] * np.asarray(colour, np.float32)


def axes(points):
    """Axes along the eyes and down the face, each as long as eye line to mouth."""
    down = points[3:].mean(0) - points[:2].mean(0)
    across = points[1] - points[0]
    length = spread(points)
    down = down / max(1e-3, np.linalg.norm(down)) * length
    return across, down, length


def mask(image, points, rs):
    size = image.shape[0]
    across, down, _ = axes(points)
    width = across * rs.uniform(0.8, 1.1) + np.array([down[1], -down[0]]) * 0.15
    middle = points[:2].mean(0) * 0.5 + points[3:].mean(0) * 0.5
    nose = points[2]
    top = rs.uniform(-0.35, 0.1)
    outline = np.array([nose + down * (top - 0.15), middle + width * 0.95 + down * (top + 0.12), middle + width * 0.85 + down * 0.85,
                        nose + down * rs.uniform(1.0, 1.35), middle - width * 0.85 + down * 0.85, middle - width * 0.95 + down * (top + 0.12)])
    shape = np.zeros((size, size), np.uint8)
    cv2.fillPoly(shape, [np.rint(outline).astype(np.int32)], 255)
    base = [(225, 215, 205), (230, 200, 160), (60, 55, 55), (190, 190, 190)][rs.randint(4)] if rs.rand() < 0.7 else rs.uniform(10, 250, 3)
    colour = shaded(base, size, rs, 0.2)
    for fold in rs.uniform(0.1, 0.7, rs.randint(0, 4)):
        a, b = middle + down * fold - width * 0.8, middle + down * fold + width * 0.8
        cv2.line(colour, tuple(int(v) for v in a), tuple(int(v) for v in b), tuple(float(v) * 0.75 for v in np.atleast_1d(base)), 1)
    return blend(image, shape, colour)


def sunglasses(image, points, rs):
    size = image.shape[0]
    across, down, length = axes(points)
    shape = np.zeros((size, size), np.uint8)
    lean = np.degrees(np.arctan2(across[1], across[0]))
    wide = max(np.linalg.norm(across), 0.3 * length)
    radii = (max(2, wide * rs.uniform(0.4, 0.5)), max(2, length * rs.uniform(0.26, 0.42)))
    drop, round_ = down * rs.uniform(-0.04, 0.14), rs.rand() < 0.6
    for eye in points[:2]:
        centre = tuple(float(v) for v in eye + drop)
        if round_:
            cv2.ellipse(shape, (centre, (radii[0] * 2, radii[1] * 2), lean), 255, -1)
        else:
            cv2.fillPoly(shape, [cv2.boxPoints((centre, (radii[0] * 1.9, radii[1] * 1.8), lean)).astype(np.int32)], 255)
    ends = [tuple(int(v) for v in end + drop * 0.5) for end in (points[0] - across * 0.75, points[1] + across * 0.75)]
    cv2.line(shape, *ends, 255, max(1, int(size / 64)))
    dark = shaded(rs.uniform(0, 70) + rs.uniform(0, 15, 3), size, rs, 0.9)
    lens, cover = blend(image, shape, dark)
    clear = rs.uniform(0, 0.3)
    return cv2.addWeighted(lens, 1 - clear, image, clear, 0), cover


def glasses(image, points, rs):
    """Frames only, covering nothing."""
    across, down, length = axes(points)
    lean = np.degrees(np.arctan2(across[1], across[0]))
    wide = max(np.linalg.norm(across), 0.3 * length)
    colour = tuple(float(v) for v in rs.uniform(0, 110) + rs.uniform(0, 30, 3))
    line = max(1, int(round(image.shape[0] / 110 * rs.uniform(0.8, 2))))
    image = image.copy()
    box = (wide * rs.uniform(0.75, 0.9), length * rs.uniform(0.45, 0.7))
    for eye in points[:2]:
        cv2.ellipse(image, (tuple(float(v) for v in eye + down * 0.04), box, lean), colour, line, cv2.LINE_AA)
    cv2.line(image, *[tuple(int(v) for v in points[:2].mean(0) + across * part) for part in (-0.08, 0.08)], colour, line, cv2.LINE_AA)
    return image, np.zeros(image.shape[:2], np.float32)


def hand(image, points, rs):
    """A palm with fingers in the face's own colour, from below or the side."""
    size = image.shape[0]
    _, down, length = axes(points)
    cheek = points[[0, 1, 3, 4]].mean(0)
    x, y = np.rint(cheek).astype(int).clip(2, size - 3)
    skin = image[y - 2:y + 3, x - 2:x + 3].reshape(-1, 3).mean(0) * rs.uniform(0.75, 1.2)
    target = points[rs.randint(5)] + rs.randn(2) * length * 0.25
    angle = rs.uniform(-1.1, 1.1) + np.arctan2(-down[1], -down[0])
    along = np.array([np.cos(angle), np.sin(angle)]) * length
    aside = np.array([-along[1], along[0]])
    shape = np.zeros((size, size), np.uint8)
    palm = target - along * rs.uniform(0.5, 0.9)
    cv2.ellipse(shape, (tuple(float(v) for v in palm), (length * 0.85, length), float(np.degrees(angle)) + 90), 255, -1)
    for finger in np.linspace(-0.34, 0.34, 4):
        tip = palm + along * rs.uniform(0.85, 1.2) + aside * (finger + rs.uniform(-0.05, 0.05))
        cv2.line(shape, *[tuple(int(v) for v in p) for p in (palm + aside * finger, tip)], 255, max(2, int(length * 0.2)))
    cv2.line(shape, *[tuple(int(v) for v in p) for p in (palm, palm - along * 2)], 255, max(2, int(length * 0.6)))
    return blend(image, shape, shaded(skin, size, rs, 0.25))


def thing(image, points, rs):
    """A phone, a book, a cup: a turned rectangle or an ellipse."""
    size = image.shape[0]
    shape = np.zeros((size, size), np.uint8)
    where = (tuple(rs.uniform(0.15, 0.85, 2) * size), tuple(rs.uniform(0.12, 0.5, 2) * size), rs.uniform(0, 180))
    if rs.rand() < 0.7:
        cv2.fillPoly(shape, [cv2.boxPoints(where).astype(np.int32)], 255)
    else:
        cv2.ellipse(shape, where, 255, -1)
    return blend(image, shape, shaded(rs.uniform(0, 255, 3), size, rs, 0.5), 2)


def edge(image, points, rs):
    """Picture edge: its last row or column is repeated, as in the pipeline's crops."""
    size = image.shape[0]
    image, cover = image.copy(), np.zeros((size, size), np.float32)
    at = int(size * rs.uniform(0.08, 0.42))
    side = rs.randint(4)
    turned, seen = np.rot90(image, side), np.rot90(cover, side)
    turned[:, :at] = turned[:, at:at + 1]
    seen[:, :at] = 1
    return image, cover


KINDS = [(mask, 0.26), (sunglasses, 0.22), (glasses, 0.14), (hand, 0.14), (thing, 0.14), (edge, 0.1)]


def random(image, points, rs):
    """Applies a random occluder; returns the picture and its cover."""
    kind = rs.choice(len(KINDS), p=[share for _, share in KINDS])
    return KINDS[kind][0](image, points, rs)
