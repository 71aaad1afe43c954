"""Draws sunglasses over a source picture's faces."""

import cv2
import numpy as np

# Lens outlines in units of half width and half height.
LENSES = (
    np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)]),
    np.array([(-1, -0.85), (0.9, -0.95), (1, -0.3), (0.75, 0.75), (0, 1), (-0.7, 0.8), (-1, 0.1)]),
    np.array([(-1, -1), (1, -1), (1, 0.7), (0.8, 1), (-0.8, 1), (-1, 0.7)]),
)


def sunglasses(image, boxes, landmarks, ignored, rs):
    """A copy of BGR `image` with dark glasses on every face that is not ignored."""
    worn = image.copy()
    for box, points, ignore in zip(boxes, landmarks, ignored):
        left, right = points[0], points[1]
        apart = np.hypot(*(right - left))
        # On a turned head the eyes are close together, but the glasses keep their height.
        size = max(apart, 0.36 * box[2])
        if ignore or size < 4:
            continue
        along = (right - left) / max(apart, 1e-3)
        across = np.array([-along[1], along[0]])
        shape = LENSES[rs.randint(len(LENSES))]
        half = np.array([min(0.47 * apart + 0.02 * size, rs.uniform(0.36, 0.5) * size), rs.uniform(0.24, 0.36) * size])
        dark = rs.randint(0, 70) + rs.randint(0, 15, 3)
        colour = tuple(int(v) for v in dark)
        layer = worn.copy()
        for side, eye in ((-1, left), (1, right)):
            outline = (shape * [side, 1]) * half
            outline = eye + across * 0.06 * size + outline[:, :1] * along + outline[:, 1:] * across
            cv2.fillPoly(layer, [np.round(outline).astype(np.int32)], colour, cv2.LINE_AA)
            if rs.rand() < 0.3:
                glare = eye + along * rs.uniform(-0.3, 0.3) * half[0] + across * rs.uniform(-0.4, 0.2) * half[1]
                cv2.ellipse(layer, tuple(int(v) for v in glare), (max(1, int(half[0] * 0.4)), max(1, int(half[1] * 0.25))), rs.uniform(-40, 40), 0, 360,
                            tuple(int(v) for v in dark + rs.randint(30, 150)), -1, cv2.LINE_AA)
        thick = max(1, int(size * rs.uniform(0.05, 0.09)))
        cv2.line(layer, tuple(int(v) for v in left), tuple(int(v) for v in right), colour, thick, cv2.LINE_AA)
        for eye, way in ((left, -1), (right, 1)):
            end = eye + along * way * (half[0] + 0.25 * size) - across * 0.05 * size
            cv2.line(layer, tuple(int(v) for v in eye), tuple(int(v) for v in end), colour, thick, cv2.LINE_AA)
        opacity = rs.uniform(0.78, 1)
        worn = cv2.addWeighted(layer, opacity, worn, 1 - opacity, 0)
    return worn
