"""Random eye parameters and gazes. Millimetres from the eyeball's centre in the head's frame:
x to the image's right (the nose's side: every eye here is the one at image left), y up, z to the camera.
Sizes: H. Gray's averages as used in eye models (eyeball 12, iris 5.9, opening 30 wide and 9 to 11 high)."""

import numpy as np

EYEBALL = 12.0
IRIS = 5.9
# Distance of the iris' disc from the eyeball's centre.
IRIS_DEPTH = 10.5
HALF_WIDTH = 15.0
# Side of the crop: 0.62 of 63 mm between the eyes' centres.
CROP = 0.62 * 63

# Skin from very pale to very dark, sRGB.
SKINS = np.array([
    [247, 222, 207], [236, 200, 176], [224, 178, 148], [203, 152, 120], [178, 124, 92],
    [148, 97, 68], [112, 71, 49], [80, 51, 37], [54, 35, 28],
], np.float32)
IRISES = np.array([
    [58, 36, 22], [40, 24, 16], [84, 54, 30], [112, 78, 42], [96, 98, 60],
    [92, 112, 96], [96, 126, 150], [128, 150, 170], [120, 124, 126],
], np.float32)
HAIRS = np.array([[20, 17, 16], [38, 28, 22], [66, 46, 32], [112, 80, 48], [160, 126, 84], [128, 124, 120]], np.float32)

# Lid gap over eye width at `open` 0 and 1.
SHUT_RATIO, WIDE_RATIO = 0.06, 0.30


def openness(gap, width=2 * HALF_WIDTH):
    """0 shut .. 1 wide awake, from the gap between the lids and the eye's width in the same unit."""
    return float(np.clip((gap / width - SHUT_RATIO) / (WIDE_RATIO - SHUT_RATIO), 0, 1))


def skin(rs):
    place = rs.uniform(0, len(SKINS) - 1)
    low = int(place)
    tone = SKINS[low] + (SKINS[min(low + 1, len(SKINS) - 1)] - SKINS[low]) * (place - low)
    return tone * rs.uniform(0.92, 1.08, 3), place / (len(SKINS) - 1)


def gaze(rs):
    """Degrees relative to the head: a wide distribution with most of its mass near straight."""
    if rs.rand() < 0.65:
        return rs.uniform(-45, 45), rs.uniform(-32, 25)
    return rs.randn() * 10, rs.randn() * 9 - 3


def sample(rs):
    """One eye: a dict of shape, colours, gaze and head pose. One in ten is shut, one in ten half shut."""
    tone, darkness = skin(rs)
    yaw, pitch = gaze(rs)
    width = HALF_WIDTH * rs.uniform(0.9, 1.08)
    narrow = rs.rand() < 0.3
    upper = rs.uniform(2.6, 4.6) if narrow else rs.uniform(3.4, 6.2)
    lower = -rs.uniform(4.2, 6.2)
    # The upper lid follows the eyeball, the lower one slightly.
    ride = EYEBALL * np.sin(np.radians(pitch))
    upper += ride * (rs.uniform(0.65, 0.95) if pitch < 0 else rs.uniform(0.4, 0.9))
    lower += ride * rs.uniform(0.15, 0.45)
    squint = rs.uniform(0, 0.35) if rs.rand() < 0.3 else 0
    lower += squint * 4
    kind = rs.rand()
    if kind < 0.1:
        part = 0.0 if rs.rand() < 0.75 else rs.uniform(0, 0.08)
        lower = min(lower, upper) - rs.uniform(0, 1)
        lower = max(lower, -6.5)
    elif kind < 0.2:
        part = rs.uniform(0.15, 0.75)
    else:
        part = 1.0
    upper = max(upper, lower + 2.6) if part == 1.0 else upper
    gap = max(0.0, (upper - lower) * part)
    dark_iris = rs.rand() < 0.35 + 0.6 * darkness
    iris = IRISES[rs.randint(3)] if dark_iris else IRISES[rs.randint(len(IRISES))]
    pale_hair = darkness < 0.4 and rs.rand() < 0.5
    return {
        'yaw': yaw, 'pitch': pitch,
        'head_yaw': float(np.clip(rs.randn() * 13, -32, 32)), 'head_pitch': float(np.clip(rs.randn() * 10 - 2, -25, 25)),
        'width': width, 'upper': lower + gap, 'lower': lower, 'gap': gap, 'open': openness(gap, 2 * width),
        'corner': rs.uniform(-2.8, 0.2), 'tilt': np.tan(np.radians(rs.uniform(-9, 4))),
        'peak': rs.uniform(-0.25, 0.25), 'power': rs.uniform(1.7, 2.8), 'round': rs.uniform(0.6, 1.0),
        'fold': rs.uniform(0.2, 0.7) if rs.rand() < 0.35 else 0.0, 'crease': rs.uniform(1.5, 7) if rs.rand() < 0.8 else None,
        'eyeball': EYEBALL * rs.uniform(0.97, 1.03), 'iris_radius': IRIS * rs.uniform(0.93, 1.08), 'depth': IRIS_DEPTH * rs.uniform(0.97, 1.04),
        'pupil': rs.uniform(1.3, 3.6), 'iris': iris * rs.uniform(0.75, 1.25) * rs.uniform(0.9, 1.1, 3), 'limbus': rs.uniform(0.15, 0.7),
        'skin': tone, 'darkness': darkness, 'hair': HAIRS[rs.randint(len(HAIRS) if pale_hair else 3)] * rs.uniform(0.8, 1.2),
        'brow': rs.uniform(11, 19), 'makeup': rs.rand() < 0.25, 'age': rs.rand() ** 2,
    }
