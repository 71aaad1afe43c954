"""Augments an eye of a bank to a network input: optional cover, crop as from a landmark network, camera artefacts."""

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))
import covers
import photo
from network import SIZE

# Side of a crop in a bank's picture of 80 pixels.
FINE = 53
# Standard deviation of the blur in crop pixels up to which gaze counts as known, and from which it does not.
SHARP, BLURRED = 1.4, 2.4
UNKNOWN = np.nan


def jitter(rs, strength=1.0, size=80):
    """2 x 3 matrix from a bank's picture to FINE x FINE around the centre, offset by the error of a 64-pixel landmark network."""
    turn = np.radians(rs.randn() * 3 * strength)
    scale = np.exp(np.clip(rs.randn() * 0.06, -0.13, 0.13) * strength)
    centre = size / 2 + rs.randn(2) * 0.06 * FINE * strength
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    matrix = np.array([[c, -s, 0], [s, c, 0]])
    matrix[:, 2] = FINE / 2 - matrix[:, :2] @ centre
    return matrix


def warp(picture, matrix):
    return cv2.warpAffine(picture, matrix, (FINE, FINE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def motion(picture, rs, length):
    kernel = np.zeros((15, 15), np.float32)
    angle = rs.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    cv2.line(kernel, tuple(int(round(v)) for v in 7 - reach), tuple(int(round(v)) for v in 7 + reach), 1.0, 1, cv2.LINE_AA)
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def camera(picture, rs, source=FINE):
    """uint8 [SIZE, SIZE, 3] and the standard deviation of its blur; `source`: source pixels per crop side."""
    blur = 0.0
    kind = rs.rand()
    if kind < 0.2:
        blur = rs.uniform(0.4, 1.3)
    elif kind < 0.29:
        blur = rs.uniform(1.3, 5)
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), blur * FINE / SIZE, borderType=cv2.BORDER_REPLICATE)
    if rs.rand() < 0.07:
        length = rs.uniform(2, 12)
        picture = motion(picture, rs, length)
        blur = np.hypot(blur, length / 3.5 * SIZE / FINE)
    pixels = int(np.exp(rs.uniform(np.log(7), np.log(SIZE)))) if rs.rand() < 0.4 else FINE
    if pixels < FINE:
        picture = cv2.resize(picture, (pixels, pixels), interpolation=cv2.INTER_AREA)
    if rs.rand() < 0.1:
        picture = cv2.LUT(picture, np.clip(np.arange(256) * rs.uniform(0.06, 0.4), 0, 255).astype(np.uint8))
    picture = photo.camera(np.ascontiguousarray(picture), rs)
    picture = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA if pixels > SIZE else cv2.INTER_LINEAR)
    across = min(pixels, source)
    return picture, np.hypot(blur, 0.5 * SIZE / across if across < SIZE else 0)


def contrast(picture):
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[8:32].std()


def share(cover, opening):
    """Covered share of the eye's opening, 0..1."""
    seen = np.maximum(opening, 1).astype(np.float32)
    return float((cover * seen).sum() / seen.sum())


def shake(picture, opening, label, rs, kind=1, source=FINE):
    """uint8 [SIZE, SIZE, 3] and float32 [5]: yaw, pitch (nan: not learned), open, usable (1, 0 or nan: unlabelled), blur."""
    lost = 0.0
    matrix = jitter(rs)
    picture = warp(picture, matrix)
    for chance, put in ((0.22, covers.spectacles), (0.2, covers.random_cover)):
        if rs.rand() < chance:
            picture, cover = put(picture, rs)
            lost = max(lost, share(cover, warp(opening, matrix)))
    picture, blur = camera(picture, rs, source)
    yaw, pitch, open_, gap = label[:4]
    usable = 1.0 if kind == 1 else 0.0 if kind == 0 else UNKNOWN
    if gap < 1.8 or lost > 0.55 or blur > BLURRED or contrast(picture) < 4:
        usable = 0.0
    elif usable and (gap < 4.0 or lost > 0.25 or blur > SHARP or contrast(picture) < 8):
        usable = UNKNOWN
    if kind != 1 or lost > 0.55 or gap < 1.0 or blur > 4:
        yaw = pitch = UNKNOWN
    if lost > 0.4 or kind == 0 and gap > 1.8:
        open_ = UNKNOWN
    return picture, np.array([yaw, pitch, open_, usable, blur], np.float32)
