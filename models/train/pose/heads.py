"""Heads as rotations and mesh points. Axes x to image right, y up, z to the camera; angles in degrees.

yaw > 0 to image right, pitch > 0 up, roll > 0 clockwise as seen: yaw and pitch are those of the forward axis (third column
of the rotation), roll is the clockwise tilt of the head's x axis, as in `models/head-angles.ts`.
"""

import numpy as np

# Vertices of the 468-point face mesh (MediaPipe's numbering). Corners of the eye at image left, then of the one at image right.
EYE_CORNERS = [[33, 133], [362, 263]]
NOSE, MOUTH = 1, [61, 291]
# Upper lid and, below each of its vertices, the lower one's.
UPPER_LIDS = [246, 161, 160, 159, 158, 157, 173, 466, 388, 387, 386, 385, 384, 398]
LOWER_LIDS = [7, 163, 144, 145, 153, 154, 155, 249, 390, 373, 374, 380, 381, 382]
# The face's outline, clockwise as seen from the forehead's middle.
OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]


def landmarks(mesh):
    """[..., 468, d] to [..., 5, d]: eye centres (middle of the corners) left and right in the image, nose tip, mouth corners."""
    eyes = [mesh[..., corners, :].mean(-2) for corners in EYE_CORNERS]
    return np.stack([*eyes, mesh[..., NOSE, :], mesh[..., MOUTH[0], :], mesh[..., MOUTH[1], :]], -2)


def fit(model, measured):
    """Least-squares rotation and scale from `model` [n, 3] to `measured` [n, 3], both centred (Umeyama 1991)."""
    a, b = model - model.mean(0), measured - measured.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    return (u * sign) @ vt, (s * sign).sum() / (a * a).sum()


def angles(rotation):
    """[..., 3, 3] to [..., 3]: yaw, pitch, roll."""
    r = np.asarray(rotation)
    yaw = np.arctan2(r[..., 0, 2], r[..., 2, 2])
    pitch = np.arcsin(np.clip(r[..., 1, 2], -1, 1))
    roll = np.arctan2(-r[..., 1, 0], r[..., 0, 0])
    return np.degrees(np.stack([yaw, pitch, roll], -1))


def rotation(yaw, pitch, roll):
    """Inverse of `angles`, except that roll turns the head around its own forward axis: see simulator/draw/rotation.ts."""
    (cy, cp, cr), (sy, sp, sr) = np.cos(np.radians([yaw, pitch, roll])), np.sin(np.radians([yaw, pitch, roll]))
    return np.array([[cy * cr + sy * sp * sr, cy * sr - sy * sp * cr, sy * cp],
                     [-cp * sr, cp * cr, sp],
                     [-sy * cr + cy * sp * sr, -sy * sr - cy * sp * cr, cy * cp]])


def turned(rotation_, degrees):
    """The head's rotation after rotating the picture clockwise: roll grows, and the forward axis turns with it."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ rotation_


def mirrored(rotation_):
    flip = np.diag([-1.0, 1, 1])
    return flip @ rotation_ @ flip
