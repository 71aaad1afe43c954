"""Runs the trained network on whole pictures as in the server: letterboxing, threshold, suppression."""

import cv2
import numpy as np
import torch

from anchors import anchor_centres
from net import Detector

THRESHOLD = 0.65
SUPPRESSION_IOU = 0.3
CONTAINED = 0.5


def load(checkpoint, part='average'):
    net = Detector().to(memory_format=torch.channels_last)
    net.load_state_dict(torch.load(checkpoint)[part])
    return net.eval()


def letterbox(image, side):
    """RGB uint8 canvas, its sides multiples of 32, and the scale."""
    scale = side / max(image.shape[:2])
    width, height = (max(1, round(length * scale)) for length in image.shape[1::-1])
    canvas = np.zeros(((height + 31) // 32 * 32, (width + 31) // 32 * 32, 3), np.uint8)
    canvas[:height, :width] = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)[:, :, ::-1]
    return canvas, scale


def candidates(net, canvas, least):
    """Scores [n], boxes [n, 4] x, y, w, h and landmarks [n, 5, 2] in canvas pixels, best first."""
    with torch.no_grad():
        out = net(torch.from_numpy(canvas)[None].permute(0, 3, 1, 2).float())[0].numpy()
    centres, strides = anchor_centres(canvas.shape[1], canvas.shape[0])
    scores = 1 / (1 + np.exp(-out[:, 0]))
    kept = np.flatnonzero(scores >= least)
    kept = kept[np.argsort(-scores[kept], kind='stable')]
    out, at, stride = out[kept], centres[kept], strides[kept][:, None]
    size = np.exp(out[:, 3:5]) * stride
    middle = at + out[:, 1:3] * stride
    points = out[:, 5:].reshape(-1, 5, 2) * stride[:, None] + at[:, None]
    return scores[kept], np.concatenate([middle - size / 2, size], 1), points


def suppress(scores, boxes):
    """Indices kept after suppression by IoU and of boxes mostly inside a better one."""
    kept = []
    for i in range(len(scores)):
        if all(intersection(boxes[i], boxes[j])[0] <= SUPPRESSION_IOU and intersection(boxes[i], boxes[j])[1] <= CONTAINED for j in kept):
            kept.append(i)
    return kept


def intersection(a, b):
    """IoU, and the share of `a` inside `b`."""
    common = np.clip(np.minimum(a[:2] + a[2:], b[:2] + b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    return common / (a[2:].prod() + b[2:].prod() - common), common / a[2:].prod()


def detect(net, image, side, least=THRESHOLD):
    """Scores, boxes and landmarks in pixels of the picture (BGR)."""
    canvas, scale = letterbox(image, side)
    scores, boxes, points = candidates(net, canvas, least)
    kept = suppress(scores, boxes)
    return scores[kept], boxes[kept] / scale, points[kept] / scale
