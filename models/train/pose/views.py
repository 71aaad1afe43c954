"""Network input of a face: 64 pixels around an inexact detector box, through a poor camera."""

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import cover  # noqa: E402
import heads  # noqa: E402
import photo  # noqa: E402
from crops import SIZE  # noqa: E402

VIEW = 64
SCALE = 1.35
# Rendered at twice the size and averaged, as the pipeline downscales by area.
FINE = 2 * VIEW


def taken(box):
    """Centre and side in crop pixels of the pipeline's square around a box."""
    return np.array([box[0] + box[2] / 2, box[1] + box[3] / 2]), max(box[2], box[3]) * SCALE


def warp(image, centre, side, degrees=0.0, flip=False, size=FINE):
    """The square around `centre` (pixels) rotated clockwise and then mirrored; and the 2x3 matrix from crop to view pixels."""
    c, s = np.cos(np.radians(degrees)) * size / side, np.sin(np.radians(degrees)) * size / side
    matrix = np.array([[c, -s], [s, c]])
    if flip:
        matrix = np.diag([-1.0, 1]) @ matrix
    matrix = np.hstack([matrix, (size / 2 - matrix @ centre)[:, None]])
    # Pixel centres are at .5; OpenCV's coordinates start there.
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2].sum(1) * 0.5 - 0.5
    return cv2.warpAffine(image, shifted, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), matrix


def label(faces, i, degrees=0.0, flip=False):
    """Angles [3] of a face rotated clockwise by `degrees` and then mirrored."""
    rotation = heads.turned(faces['rotation'][i], degrees)
    return heads.angles(heads.mirrored(rotation) if flip else rotation)


def placed(points, matrix, flip):
    points = points @ matrix[:, :2].T + matrix[:, 2]
    return points[[1, 0, 2, 4, 3]] if flip else points


def plain(faces, i, box):
    """(RGB uint8 [64, 64, 3], angles [3], points [5, 2] fractions) around a given box, for evaluation."""
    centre, side = taken(box)
    image, matrix = warp(faces['image'][i], centre, side)
    image = cv2.resize(image, (VIEW, VIEW), interpolation=cv2.INTER_AREA)
    return image[:, :, ::-1], label(faces, i), placed(faces['points'][i], matrix, False) / FINE


def random_box(faces, i, rs):
    """Our detector's box or the label's, with a random offset like that of another detector."""
    own = faces['own'][i]
    box = own if rs.rand() < 0.06 and not np.isnan(own[0]) else faces['box'][i]
    centre, side = taken(box)
    # In scenes our detector's boxes are off by 0.035 of their side and 7 % in size (standard deviations).
    loose = 0.035 if rs.rand() < 0.8 else 0.08
    return centre + rs.randn(2) * loose * side / SCALE, side * np.exp(rs.randn() * loose * 2 - 0.02)


def blurred(image, rs):
    """Resolution loss: down to 16 to 60 pixels and up again; returns the remaining share of the features, 0..1."""
    pixels = int(rs.uniform(16, 60))
    small = cv2.resize(image, (pixels, pixels), interpolation=cv2.INTER_AREA)
    if rs.rand() < 0.3:
        small = photo.jpeg(small, rs, 40, 90)
    image = cv2.resize(small, (VIEW, VIEW), interpolation=cv2.INTER_LINEAR if rs.rand() < 0.6 else cv2.INTER_CUBIC)
    return image, float(np.interp(pixels, [12, 28], [0.4, 1]))


def backlit(image, rs):
    """Backlight or side light: the centre darkens, the rest brightens."""
    size = image.shape[0]
    y, x = np.mgrid[-1:1:size * 1j, -1:1:size * 1j].astype(np.float32)
    away = np.clip((x * x * rs.uniform(1, 2) + y * y) ** 0.5, 0, 1)[..., None]
    return np.clip(image * (rs.uniform(0.25, 0.7) * (1 - away) + 1.1 * away) + away * rs.uniform(0, 60), 0, 255).astype(np.uint8)


def camera(image, rs):
    seen = 1.0
    if rs.rand() < 0.06:
        image = backlit(image, rs)
    if rs.rand() < 0.06:
        image = np.clip(image * rs.uniform(0.15, 0.5) + rs.uniform(0, 12), 0, 255).astype(np.uint8)
    if rs.rand() < 0.28:
        image, seen = blurred(image, rs)
    if rs.rand() < 0.2:
        image = photo.grey(image)
    return photo.camera(image, rs), seen


def random(faces, i, rs):
    """(RGB uint8 [64, 64, 3], angles [3], points [5, 2] fractions, visible 0..1 or nan)."""
    flip = rs.rand() < 0.5
    degrees = rs.randn() * 6 if rs.rand() < 0.88 else rs.uniform(-30, 30)
    centre, side = random_box(faces, i, rs)
    image, matrix = warp(faces['image'][i], centre, side, degrees, flip)
    points = placed(faces['points'][i], matrix, flip)
    visible = faces['visible'][i]
    if rs.rand() < 0.25:
        image, hidden = cover.random(image, points, rs)
        visible = visible * cover.visible(hidden, points)
    image = cv2.resize(image, (VIEW, VIEW), interpolation=cv2.INTER_AREA)
    image, seen = camera(image, rs)
    return image[:, :, ::-1], label(faces, i, degrees, flip), points / FINE, visible * seen


def coarse(image):
    """Grey, upscaled from 24 pixels: the hard case of evaluation."""
    small = cv2.resize(image, (24, 24), interpolation=cv2.INTER_AREA)
    return photo.grey(cv2.resize(small, (VIEW, VIEW), interpolation=cv2.INTER_LINEAR))


assert SIZE > FINE
