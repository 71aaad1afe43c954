"""Renders one eye and the skin around it from `anatomy.sample`, about 2 ms per eye.

Orthographic: the head turns around the eyeball's centre. Skin is a height field z(x, y) in the head's frame, found for each
pixel by a few iterations; the iris is a disc in space, so that its position and ellipse follow exactly from gaze and head."""

import cv2
import numpy as np

from anatomy import CROP

SIZE = 80
# Side of the picture in crops, so that an augmented crop stays inside.
SPAN = 1.5
_axis = ((np.arange(SIZE) + 0.5) / SIZE - 0.5) * CROP * SPAN
_U, _V = np.meshgrid(_axis.astype(np.float32), -_axis.astype(np.float32))


def step(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def bump(x, width):
    return np.exp(-(x / width) ** 2)


def mix(a, b, share):
    return a + (np.asarray(b, np.float32) - a) * share[..., None]


def cloud(rs, cells, size=SIZE):
    """Smooth noise with mean 0 and standard deviation about 1, with `cells` lattice points per side."""
    return cv2.resize(rs.randn(cells, cells).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)


def rotation(yaw, pitch):
    """Columns are the head's axes in the camera's frame; the third is the forward axis, as the pack defines yaw and pitch."""
    y, p = np.radians(yaw), np.radians(pitch)
    cy, sy, cp, sp = np.cos(y), np.sin(y), np.cos(p), np.sin(p)
    return np.array([[cy, -sy * sp, sy * cp], [0, cp, sp], [-sy, -cy * sp, cy * cp]], np.float32)


def height(x, y):
    """Height of the skin in front of the eyeball's centre: lids, nose, temple and brow."""
    z = 12.5 - 12 * (1 - np.exp(-(x * x + y * y) / 338))
    return z + 7 * step(12, 26, x) - 6 * step(10, 28, -x) + 7 * step(9, 18, y)


def lids(eye, x):
    """Upper and lower lid margin at x, and the position along the opening, -1..1."""
    t = x / eye['width']
    m = eye['peak']
    s = np.where(t > m, (t - m) / (1 - m), (m - t) / (1 + m))
    f = np.clip(1 - np.minimum(s, 1) ** eye['power'], 0, 1) ** eye['round']
    line = eye['corner'] + eye['tilt'] * x
    inner = 1 - eye['fold'] * step(0.35, 1.0, t)
    return line + (eye['upper'] - eye['corner']) * f * inner, line + (eye['lower'] - eye['corner']) * f, t


def skin(eye, x, y, upper, lower, t, light, normal, rs):
    along = step(1.25, 0.7, np.abs(t))
    tone = eye['skin'] * (1 + 0.045 * cloud(rs, 7) + 0.03 * cloud(rs, 24) + 0.03 * rs.randn())[..., None]
    red = np.array([1.05, 0.88, 0.86], np.float32)
    flush = np.clip(rs.uniform(0, 0.7) * along * bump(np.minimum(np.abs(y - upper), np.abs(y - lower)), 2.5), 0, 1)
    tone = tone * (1 + (red - 1) * flush[..., None])
    dark = rs.uniform(0.02, 0.3) * bump(np.hypot((x - 13) / 7, (y - 1) / 7), 1) + rs.uniform(0, 0.28) * bump((y - lower + rs.uniform(3, 6)) / 3, 1) * along
    if eye['crease'] is not None:
        above = y - upper - eye['crease'] * (0.75 + 0.25 * np.clip(1 - t * t, 0, 1))
        dark = dark + rs.uniform(0.12, 0.55) * bump(above, rs.uniform(0.4, 1.1)) * step(1.35, 1.0, np.abs(t))
    for _ in range(rs.randint(0, 1 + int(1 + 4 * eye['age']))):
        line = y - lower + rs.uniform(2, 9) + rs.uniform(-0.2, 0.2) * x
        dark = dark + rs.uniform(0.05, 0.22) * bump(line, rs.uniform(0.3, 0.8)) * along
    tone = tone * (1 - np.clip(dark, 0, 0.75))[..., None]
    if eye['makeup']:
        shadow = rs.uniform(20, 200, 3) if rs.rand() < 0.6 else eye['skin'] * rs.uniform(0.3, 0.7)
        area = step(-0.5, 0.8, y - upper) * step(rs.uniform(5, 11), 2, y - upper) * along
        tone = mix(tone, shadow, area * rs.uniform(0.15, 0.75))
    ambient = rs.uniform(0.3, 0.75)
    facing = np.clip(normal @ light, 0, 1)
    tone = tone * (ambient + (1 - ambient) * facing / max(0.3, light[2]))[..., None]
    gloss = rs.uniform(0, 0.22) * np.clip(normal @ light, 0, 1) ** 12
    tone = tone + 255 * gloss[..., None] * 0.5
    arch = eye['brow'] + rs.uniform(-2, 3) * np.sin(np.clip((18 - x) / 36, 0, 1) * np.pi) + rs.uniform(-0.12, 0.12) * x
    thick = rs.uniform(1.2, 4.0)
    strands = np.clip(0.8 + 0.35 * cloud(rs, 40), 0, 1)
    brow = step(thick, thick * 0.4, np.abs(y - arch)) * strands * rs.uniform(0.3, 0.95) * step(-26, -18, x)
    return mix(tone, eye['hair'], brow)


def ball(eye, u, v, gaze, light, rs):
    """Colours of the eyeball by image coordinates relative to its centre."""
    radius = eye['eyeball']
    z = np.sqrt(np.clip(radius ** 2 - u * u - v * v, 1, None))
    facing = (u * light[0] + v * light[1] + z * light[2]) / radius
    base = rs.uniform(0.72, 1.0) * np.array([rs.uniform(228, 250), rs.uniform(218, 240), rs.uniform(205, 240)], np.float32)
    white = base * (rs.uniform(0.6, 0.85) + 0.28 * np.clip(facing, -0.5, 1))[..., None]
    veins = np.clip(np.abs(cloud(rs, 18)) - 0.9, 0, 1) * rs.uniform(0, 0.6) * step(0.4, 1, np.hypot(u, v) / radius)
    white = mix(white, [190, 90, 80], veins)
    # Position of the pixel in the plane of the iris.
    c = gaze * eye['depth']
    zp = (eye['depth'] - u * gaze[0] - v * gaze[1]) / max(gaze[2], 0.15)
    du, dv, dz = u - c[0], v - c[1], zp - c[2]
    d = np.sqrt(du * du + dv * dv + dz * dz)
    angle = np.arctan2(dv, du)
    streaks = sum(rs.uniform(0, 0.1) * np.cos(k * angle + rs.uniform(0, 6.3)) for k in (5, 9, 14, 23))
    rho = d / eye['iris_radius']
    tint = eye['iris'] * (1 + streaks - eye['limbus'] * step(0.75, 1.0, rho) + rs.uniform(0, 0.45) * bump(rho - 0.45, 0.15))[..., None]
    # Light passes through the cornea onto the far side.
    tint = tint * (1 - rs.uniform(0, 0.35) * (du * light[0] + dv * light[1]) / eye['iris_radius'])[..., None]
    soft = rs.uniform(0.25, 0.8)
    out = mix(white, tint, step(eye['iris_radius'] + soft, eye['iris_radius'] - soft, d))
    out = mix(out, np.full(3, rs.uniform(2, 22)), step(eye['pupil'] + 0.3, eye['pupil'] - 0.3, d))
    glow = np.zeros_like(u)
    for _ in range(rs.choice([0, 1, 1, 1, 2, 3])):
        # Corneal reflection: at the half vector between the viewing direction and the light.
        gx = c[0] + 7.8 * 0.5 * (light[0] * 0.8 + rs.randn() * 0.3) - 2.5 * gaze[0]
        gy = c[1] + 7.8 * 0.5 * (light[1] * 0.8 + rs.randn() * 0.3) - 2.5 * gaze[1]
        size = rs.uniform(0.35, 1.4)
        away = np.hypot(u - gx, v - gy) if rs.rand() < 0.6 else np.maximum(np.abs(u - gx) * rs.uniform(0.6, 1.4), np.abs(v - gy))
        glow = np.maximum(glow, rs.uniform(0.3, 1) * step(size + 0.3, size - 0.2, away))
    return mix(out, [252, 252, 255], glow)


def lashes(eye, x, y, upper, lower, t, rs):
    """Cover of the lashes and the dark rim of the lids, 0..1."""
    edge = step(1.12, 0.9, np.abs(t))
    thick = rs.uniform(0.3, 0.8) + (rs.uniform(0.2, 1.2) if eye['makeup'] else 0)
    cover = rs.uniform(0.35, 0.95) * bump(y - upper - 0.2, thick)
    long = rs.uniform(0.5, 4.5)
    strands = np.clip(0.5 + 0.9 * np.sin(x * rs.uniform(3, 6) + y * rs.uniform(-1, 1) * np.sign(t) + cloud(rs, 12)), 0, 1)
    down = 1 if eye['gap'] > 3 else -1
    fan = step(0, 0.4, down * (y - upper)) * step(long, long * 0.2, down * (y - upper)) * strands * rs.uniform(0, 0.75)
    cover = np.maximum(cover, fan * step(1.2, 0.6, np.abs(t)))
    cover = np.maximum(cover, rs.uniform(0, 0.6) * bump(y - lower + 0.2, rs.uniform(0.25, 0.7)))
    return np.clip(cover * edge, 0, 1)


def render(eye, rs):
    """uint8 [SIZE, SIZE, 3] RGB, centred at the midpoint of the eye's corners; float32 [SIZE, SIZE] cover of the opening."""
    r = rotation(eye['head_yaw'], eye['head_pitch'])
    gy, gp = np.radians(eye['yaw']), np.radians(eye['pitch'])
    gaze = r @ np.array([np.cos(gp) * np.sin(gy), np.sin(gp), np.cos(gp) * np.cos(gy)], np.float32)
    middle = np.array([0, eye['corner'], height(np.float32(eye['width']), np.float32(0)) * 0.5 + height(np.float32(-eye['width']), np.float32(0)) * 0.5])
    cu, cv, _ = r @ middle
    u, v = _U + cu, _V + cv
    inverse = np.linalg.inv(r[:2, :2])
    z = np.full_like(u, 9.0)
    for _ in range(3):
        du, dv = u - r[0, 2] * z, v - r[1, 2] * z
        x, y = inverse[0, 0] * du + inverse[0, 1] * dv, inverse[1, 0] * du + inverse[1, 1] * dv
        z = 0.3 * z + 0.7 * height(x, y)
    depth = cv2.GaussianBlur(r[2, 0] * x + r[2, 1] * y + r[2, 2] * z, (0, 0), 1.5)
    unit = CROP * SPAN / SIZE
    normal = np.dstack([-cv2.Sobel(depth, cv2.CV_32F, 1, 0, scale=1 / (8 * unit)), cv2.Sobel(depth, cv2.CV_32F, 0, 1, scale=1 / (8 * unit)), np.ones_like(u)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    light = np.array([rs.randn() * 0.5, 0.35 + rs.randn() * 0.4, 1.0], np.float32)
    light /= np.linalg.norm(light)

    upper, lower, t = lids(eye, x)
    out = skin(eye, x, y, upper, lower, t, light, normal, rs)
    soft = 0.3
    inside = step(-soft, soft, upper - y) * step(-soft, soft, y - lower) * step(1.02, 0.96, np.abs(t))
    inside = inside * np.clip((upper - lower) / 0.6, 0, 1)
    if eye['gap'] > 0.2:
        white = ball(eye, u, v, gaze, light, rs)
        white = mix(white, eye['skin'] * [1.0, 0.7, 0.68], step(0.78, 0.95, t) * rs.uniform(0.4, 0.9))
        shade = rs.uniform(0.15, 0.7) * step(rs.uniform(1.5, 4.5), 0, upper - y) + rs.uniform(0, 0.4) * t * t
        out = mix(out, white * (1 - np.clip(shade, 0, 0.85))[..., None], inside)
        wet = rs.uniform(0, 0.35) * bump(y - lower - 0.3, 0.35) * inside
        out = mix(out, [250, 240, 235], wet)
    dark = eye['hair'] * 0.4 if not eye['makeup'] else np.full(3, 12.0)
    out = mix(out, dark, lashes(eye, x, y, upper, lower, t, rs))
    return np.clip(out, 0, 255).astype(np.uint8), inside.astype(np.float32)
