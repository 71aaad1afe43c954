"""Assigns anchors to faces."""

from functools import lru_cache

import numpy as np

from net import STRIDES

# Range of longer face sides in pixels learned by each stride; neighbours overlap, so that every size is covered.
RANGES = {8: (0, 44), 16: (32, 100), 32: (72, 1e9)}
# Shorter faces are neither positives nor negatives.
LEAST_FACE = 9
NEGATIVE, POSITIVE, IGNORED = 0, 1, -1


@lru_cache(maxsize=8)
def anchor_centres(width, height):
    """float32 [A, 2] centres in pixels and [A] strides, in the order of the network's output."""
    centres, strides = [], []
    for stride in STRIDES:
        rows, columns = np.mgrid[0:height // stride, 0:width // stride]
        centres.append(np.stack([columns.ravel() * stride + stride / 2, rows.ravel() * stride + stride / 2], 1))
        strides.append(np.full(rows.size, stride))
    return np.concatenate(centres).astype(np.float32), np.concatenate(strides).astype(np.float32)


def targets(faces, width, height):
    """
    faces: list of (box [4], landmarks [5, 2], ignored). float32 [A, 15]: state (1 face, 0 none, -1 no loss), box as x0, y0, x1, y1, landmarks (10).
    """
    centres, strides = anchor_centres(width, height)
    out = np.zeros((len(centres), 15), np.float32)
    smallest = np.full(len(centres), 1e9)
    for (x, y, w, h), points, ignore in faces:
        middle = np.array([x + w / 2, y + h / 2])
        away = np.abs(centres - middle)
        inside = (away[:, 0] < w / 2) & (away[:, 1] < h / 2)
        side = max(w, h)
        if ignore or side < LEAST_FACE:
            out[inside & (out[:, 0] != POSITIVE), 0] = IGNORED
            continue
        fits = np.zeros(len(centres), bool)
        for stride, (least, most) in RANGES.items():
            fits |= (strides == stride) & (least <= side < most)
        distance = away.max(1) / strides
        near = distance < 1.1
        positive = fits & near & (inside | (distance < 0.51))
        # Between face and background the label is ambiguous: no loss there, nor at the centre on other strides.
        unsure = (fits & inside & ~positive & (distance < 2.2)) | (~fits & near & inside)
        out[unsure & (out[:, 0] != POSITIVE), 0] = IGNORED
        positive &= w * h < smallest
        smallest[positive] = w * h
        out[positive, 0] = POSITIVE
        out[positive, 1:5] = [x, y, x + w, y + h]
        out[positive, 5:] = points.ravel()
    return out
