"""Artefacts of cameras, rooms and codecs: BGR uint8 in and out. `rs` is a numpy RandomState."""

import cv2
import numpy as np


def grey(image):
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def tone(image, rs, strength=1.0):
    """Exposure, gamma and white balance, as one look-up table per channel."""
    x = np.arange(256) / 255.0
    gain = rs.uniform(1 - 0.5 * strength, 1 + 0.35 * strength)
    lift = rs.uniform(-0.1, 0.1) * strength
    gamma = rs.uniform(0.6, 1.7) if rs.rand() < 0.4 * strength else 1.0
    balance = rs.uniform(0.75, 1.2, 3) if rs.rand() < 0.4 * strength else np.ones(3)
    curve = np.clip(x * gain + lift, 0, 1) ** gamma
    table = np.clip(curve[:, None] * balance, 0, 1) * 255
    return cv2.LUT(image, table.astype(np.uint8).reshape(1, 256, 3))


def side_light(image, rs):
    height, width = image.shape[:2]
    across = rs.rand() < 0.5
    ramp = np.linspace(rs.uniform(0.3, 1), rs.uniform(0.6, 1.3), width if across else height, dtype=np.float32)
    ramp = ramp[None, :, None] if across else ramp[:, None, None]
    return np.clip(image * ramp, 0, 255).astype(np.uint8)


def noise(image, rs):
    grain = np.zeros(image.shape, np.int16)
    cv2.randn(grain, 0, rs.uniform(2, 14))
    return cv2.add(image, grain, dtype=cv2.CV_8U)


def blur(image, rs):
    kernel = int(rs.choice([3, 5]))
    kind = rs.rand()
    if kind < 0.5:
        return cv2.GaussianBlur(image, (kernel, kernel), 0)
    return cv2.blur(image, (kernel, 1) if kind < 0.65 else (kernel, kernel))


def low_resolution(image, rs, least, most):
    """Resolution loss, as if the picture had been `least` to `most` of its size."""
    height, width = image.shape[:2]
    part = rs.uniform(least, most)
    small = cv2.resize(image, (max(2, int(width * part)), max(2, int(height * part))), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR if rs.rand() < 0.7 else cv2.INTER_CUBIC)


def jpeg(image, rs, least=25, most=80):
    ok, data = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, int(rs.uniform(least, most))])
    assert ok
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def camera(image, rs):
    """Applies a random selection of them."""
    if rs.rand() < 0.35:
        image = grey(image) if rs.rand() < 0.6 else cv2.addWeighted(image, 0.4, grey(image), 0.6, 0)
    if rs.rand() < 0.85:
        image = tone(image, rs)
    if rs.rand() < 0.15:
        image = side_light(image, rs)
    if rs.rand() < 0.25:
        image = noise(image, rs)
    if rs.rand() < 0.25:
        image = blur(image, rs)
    if rs.rand() < 0.3:
        image = jpeg(image, rs)
    return image
