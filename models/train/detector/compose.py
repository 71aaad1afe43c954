"""Composes training pictures from sources: backgrounds, faces of every size with hair and shoulders, mosaics, scenes."""

from dataclasses import replace

import cv2
import numpy as np

import cover
import pack
import photo
from wear import sunglasses

# Occluders of faces, with their probabilities.
COVERS = ((sunglasses, 0.6), (cover.hand, 0.25), (cover.mask, 0.1), (cover.thing, 0.05))

# Longer side of the server's canvas in pixels: scenes are trained about the scale at which they are seen.
SERVER_SIDE = 288

# Skin from grey: exponents of a grey level for blue, green and red, with a random darkening.
SKIN_RAMP = ((1.1, 1.6), (0.9, 1.1), (0.75, 0.75))


def skin_tint(image, rs):
    """Tints a grey face with a skin-like ramp."""
    x = np.arange(256) / 255.0
    if rs.rand() < 0.5:
        x = x ** rs.uniform(0.7, 2.2)
    ramp = np.stack([x ** rs.uniform(*exponents) for exponents in SKIN_RAMP], 1)
    return cv2.LUT(image, (ramp * 255).astype(np.uint8).reshape(1, 256, 3))


class Canvas:
    """A picture under construction and the faces on it: (box [4], landmarks [5, 2], ignored)."""

    def __init__(self, width, height, rs):
        self.width, self.height, self.rs = width, height, rs
        self.image = np.full((height, width, 3), rs.randint(0, 255, 3), np.uint8)
        self.faces = []

    def fill(self, source, rect=None, zoom=(1.0, 1.3)):
        """Pastes the source over a whole rectangle, cropped at its edges."""
        x, y, w, h = rect or (0, 0, self.width, self.height)
        rs = self.rs
        high, wide = source.levels[0].shape[:2]
        scale = max(w / wide, h / high) * rs.uniform(*zoom)
        slack = np.array([max(0, wide * scale - w), max(0, high * scale - h)]) * 0.8
        middle = np.array([x + w / 2, y + h / 2]) + rs.uniform(-0.5, 0.5, 2) * slack
        matrix = self.matrix(source, scale, middle, rs.randn() * 5)
        self.paste(source, matrix, (int(x), int(y), int(x + w), int(y + h)), None)

    def view(self, source, scale):
        """Part of a whole scene, or all of it on black, at this scale: often about one of its faces."""
        rs = self.rs
        high, wide = source.levels[0].shape[:2]
        canvas, size = np.array([self.width, self.height]), np.array([wide, high]) * scale
        matrix = self.matrix(source, scale, canvas / 2, rs.randn() * 4)
        middle = canvas * rs.uniform(0, 1, 2)
        if len(source.boxes) and rs.rand() < 0.75:
            box = source.boxes[rs.randint(len(source.boxes))]
            middle = canvas * rs.uniform(0.1, 0.9, 2) - matrix[:, :2] @ (box[:2] + box[2:] / 2 - [wide / 2, high / 2])
        low, top = np.minimum(canvas - size / 2, size / 2), np.maximum(canvas - size / 2, size / 2)
        matrix[:, 2] += np.clip(middle, low, top) - canvas / 2
        if rs.rand() < 0.7:
            self.image[:] = 0
        self.paste(source, matrix, (0, 0, self.width, self.height), 'rectangle')

    def place(self, source, size, rect=None):
        """Pastes the source into a rectangle, with its largest face (or half its longer side) at `size` pixels."""
        x, y, w, h = rect or (0, 0, self.width, self.height)
        rs = self.rs
        counted = source.boxes[~source.ignored] if len(source.boxes) else source.boxes
        own = counted[:, 2:].max() if len(counted) else max(source.levels[0].shape[:2]) * 0.5
        middle = np.array([x + rs.uniform(0.02, 0.98) * w, y + rs.uniform(0.05, 0.95) * h])
        matrix = self.matrix(source, size / own, middle, rs.randn() * 7)
        high, wide = source.levels[0].shape[:2]
        corners = np.array([[0, 0], [wide, 0], [0, high], [wide, high]]) @ matrix[:, :2].T + matrix[:, 2]
        low, top = np.maximum(corners.min(0) - 4, 0).astype(int), corners.max(0) + 4
        region = (low[0], low[1], int(min(self.width, top[0])), int(min(self.height, top[1])))
        if region[2] - region[0] < 4 or region[3] - region[1] < 4:
            return
        heads = len(source.boxes) > 0 and rs.rand() < 0.65
        mask = self.head_mask(source, matrix, region) if heads else None
        if source.round:
            mask = round_mask(source, matrix, region)
        if heads and source.tight:
            self.body(source, matrix)
        self.paste(source, matrix, region, 'rectangle' if mask is None else mask)

    def matrix(self, source, scale, middle, degrees):
        high, wide = source.levels[0].shape[:2]
        cos, sin = np.cos(np.radians(degrees)) * scale, np.sin(np.radians(degrees)) * scale
        mirror = -1 if self.rs.rand() < 0.5 else 1
        matrix = np.array([[cos * mirror, -sin, 0], [sin * mirror, cos, 0]])
        matrix[:, 2] = middle - matrix[:, :2] @ [wide / 2, high / 2]
        return matrix

    def head_mask(self, source, matrix, region):
        """Soft ovals around the faces, so that rectangle edges do not mark faces."""
        rs = self.rs
        mask = np.zeros((region[3] - region[1], region[2] - region[0]), np.uint8)
        scale = scale_of(matrix)
        for box in source.boxes:
            middle = (box[:2] + box[2:] / 2) @ matrix[:, :2].T + matrix[:, 2] - region[:2]
            axes = box[2:] * scale * rs.uniform(0.5, 0.9)
            cv2.ellipse(mask, (int(middle[0]), int(middle[1] - axes[1] * 0.08)), (int(axes[0]) + 1, int(axes[1] * 1.12) + 1), 0, 0, 360, 255, -1)
        return cv2.GaussianBlur(mask, (0, 0), rs.uniform(0.6, 2.5)) if rs.rand() < 0.7 else mask

    def body(self, source, matrix):
        """Draws shoulders, neck and hair behind the face of a tight crop, which has none."""
        rs = self.rs
        box = source.boxes[0]
        (mx, my), scale = (box[:2] + box[2:] / 2) @ matrix[:, :2].T + matrix[:, 2], scale_of(matrix)
        w, h = box[2:] * scale
        level = source.levels[0]
        x, y = int(box[0] + box[2] * 0.5), int(box[1] + box[3] * 0.6)
        skin = level[min(max(y, 0), level.shape[0] - 1), min(max(x, 0), level.shape[1] - 1)].astype(int)
        covered = np.zeros((self.height, self.width), np.uint8)

        def oval(at, axes, colour):
            for layer, value in ((self.image, tuple(int(v) for v in colour)), (covered, 255)):
                cv2.ellipse(layer, (int(at[0]), int(at[1])), (int(axes[0]) + 1, int(axes[1]) + 1), 0, 0, 360, value, -1, cv2.LINE_AA)

        if rs.rand() < 0.75:
            top = my + h * rs.uniform(0.95, 1.15)
            oval((mx + w * rs.uniform(-0.15, 0.15), top + h * 0.75), (w * rs.uniform(1.0, 1.7), h * rs.uniform(0.75, 1.0)), rs.randint(0, 255, 3))
            cv2.rectangle(self.image, (int(mx - w * 0.28), int(my + h * 0.3)), (int(mx + w * 0.28), int(top + h * 0.12)), tuple(int(v) for v in skin * 0.8), -1)
        if rs.rand() < 0.75:
            long = rs.rand() < 0.35
            colour = rs.randint(0, 90) + rs.randint(0, 40, 3) * [0.4, 0.7, 1]
            oval((mx + w * rs.uniform(-0.1, 0.1), my - h * (0.02 if long else 0.12)), (w * rs.uniform(0.56, 0.75), h * rs.uniform(0.68, 0.85) * (1.25 if long else 1)), colour)
        self.hide((0, 0, self.width, self.height), covered)

    def paste(self, source, matrix, region, mask):
        """mask: None for all of the region, 'rectangle' for the source's own area, or uint8 over the region."""
        x0, y0, x1, y1 = region
        rs = self.rs
        scale = scale_of(matrix)
        level = min(len(source.levels) - 1, max(0, int(np.floor(np.log2(1 / max(scale, 1e-3)) + 0.35))))
        image = source.levels[level]
        if source.grey and rs.rand() < 0.7:
            image = skin_tint(image, rs)
        elif rs.rand() < 0.15:
            image = photo.tone(image, rs)
        factor = [source.levels[0].shape[1] / image.shape[1], source.levels[0].shape[0] / image.shape[0]]
        local = matrix.copy()
        local[:, :2] *= factor
        local[:, 2] -= (x0, y0)
        size = (x1 - x0, y1 - y0)
        patch = cv2.warpAffine(image, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        here = self.image[y0:y1, x0:x1]
        if mask is None:
            here[:] = patch
            covered = np.full(size[::-1], 255, np.uint8)
        else:
            if isinstance(mask, str):
                mask = cv2.warpAffine(np.full(image.shape[:2], 255, np.uint8), local, size)
            covered = mask
            alpha = cv2.merge([mask, mask, mask])
            here[:] = cv2.add(cv2.multiply(patch, alpha, scale=1 / 255), cv2.multiply(here, 255 - alpha, scale=1 / 255))
        self.hide(region, covered)
        self.label(source, matrix, region, covered)

    def hide(self, region, covered):
        """Faces covered by the last paste: removed, or marked as neither face nor background."""
        kept = []
        for box, points, ignore in self.faces:
            seen = share(box, region, covered)
            if seen < 0.25:
                kept.append((box, points, ignore))
            elif seen < 0.65:
                kept.append((box, points, True))
        self.faces = kept

    def label(self, source, matrix, region, covered):
        if not len(source.boxes):
            return
        scale = scale_of(matrix)
        middles = (source.boxes[:, :2] + source.boxes[:, 2:] / 2) @ matrix[:, :2].T + matrix[:, 2]
        points = source.landmarks @ matrix[:, :2].T + matrix[:, 2]
        if np.linalg.det(matrix[:, :2]) < 0:
            points = points[:, pack.MIRRORED]
        for middle, size, marks, ignore in zip(middles, source.boxes[:, 2:] * scale, points, source.ignored):
            low, high = np.maximum(middle - size / 2, region[:2]), np.minimum(middle + size / 2, region[2:])
            inside = np.clip(high - low, 0, None).prod() / size.prod()
            if inside < 0.15:
                continue
            box = np.concatenate([middle - size / 2, size])
            hidden = share(box, region, covered) / max(inside, 1e-3) < 0.47
            if inside < 0.97:
                box = np.concatenate([low, high - low])
            self.faces.append((box.astype(np.float32), marks, bool(ignore) or hidden or inside < 0.5))


def round_mask(source, matrix, region):
    """The ellipse that fills the picture."""
    high, wide = source.levels[0].shape[:2]
    whole = np.zeros((high, wide), np.uint8)
    cv2.ellipse(whole, (wide // 2, high // 2), (wide // 2, high // 2), 0, 0, 360, 255, -1)
    local = matrix.copy()
    local[:, 2] -= region[:2]
    return cv2.warpAffine(whole, local, (region[2] - region[0], region[3] - region[1]))


def scale_of(matrix):
    """Scale factor of a 2x3 matrix."""
    return np.sqrt(abs(np.linalg.det(matrix[:, :2])))


def share(box, region, covered):
    """Share of a box covered by a mask over a region, 0..1."""
    x0, y0 = int(max(region[0], box[0])), int(max(region[1], box[1]))
    x1, y1 = int(np.ceil(min(region[2], box[0] + box[2]))), int(np.ceil(min(region[3], box[1] + box[3])))
    if x1 <= x0 or y1 <= y0:
        return 0.0
    part = covered[y0 - region[1]:y1 - region[1], x0 - region[0]:x1 - region[0]]
    return float(part.sum()) / 255 / max(1.0, float(box[2] * box[3]))


def dressed(source, rs, chance):
    """The source, or with this probability a copy with partly occluded faces."""
    if rs.rand() >= chance or source.boxes[:, 2:].max(initial=0) < 30:
        return source
    kind = COVERS[rs.choice(len(COVERS), p=[share for _, share in COVERS])][0]
    image = source.levels[0]
    if kind is sunglasses:
        image = sunglasses(image, source.boxes, source.landmarks, source.ignored, rs)
    else:
        image = hidden(image, kind, source.boxes[0], source.landmarks[0], rs)
    levels = [image]
    for smaller in source.levels[1:]:
        levels.append(cv2.resize(levels[-1], (smaller.shape[1], smaller.shape[0]), interpolation=cv2.INTER_AREA))
    return replace(source, levels=levels)


def hidden(image, kind, box, points, rs):
    """A copy with an occluder over the first face; `kind` draws on a square around it."""
    side = int(1.6 * max(box[2:]))
    x, y = (box[:2] + box[2:] / 2 - side / 2).astype(int)
    high, wide = image.shape[:2]
    low, top = (max(0, -x), max(0, -y)), (max(0, x + side - wide), max(0, y + side - high))
    padded = cv2.copyMakeBorder(image, low[1], top[1], low[0], top[0], cv2.BORDER_REPLICATE)
    square = padded[y + low[1]:y + low[1] + side, x + low[0]:x + low[0] + side]
    square[:] = kind(np.ascontiguousarray(square), points - [x, y], rs)[0]
    return padded[low[1]:low[1] + high, low[0]:low[0] + wide].copy()


def size_between(rs, least, most):
    return np.exp(rs.uniform(np.log(least), np.log(most)))


def compose(sources, width, height, rs):
    """One training picture: BGR uint8 and its faces."""
    canvas = Canvas(width, height, rs)
    kind = rs.rand()
    largest = 1.15 * height

    def face(chance=0.22):
        return dressed(sources.face(rs), rs, chance)

    def negative():
        return sources.negative(rs)

    def things(chance):
        if rs.rand() < chance:
            canvas.place(sources.round_thing(rs), size_between(rs, 8, 0.45 * height))

    if kind < 0.15:
        canvas.fill(negative() if rs.rand() < 0.7 else sources.scene(rs))
        if rs.rand() < 0.25:
            canvas.place(negative(), rs.uniform(30, 160))
        for _ in range(rs.choice([1, 2, 3, 5, 7], p=[0.3, 0.25, 0.2, 0.15, 0.1])):
            canvas.place(face(), size_between(rs, 11, largest))
        things(0.2)
    elif kind < 0.22:
        x, y = int(width * rs.uniform(0.25, 0.75)), int(height * rs.uniform(0.25, 0.75))
        for rect in ((0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y)):
            choice = rs.rand()
            canvas.fill(face() if choice < 0.3 else sources.scene(rs) if choice < 0.7 else negative(), rect)
    elif kind < 0.64:
        # As the server sees it: a scene fitted into its canvas, or a part of that at the same scale.
        scene = dressed(sources.scene(rs), rs, 0.15)
        canvas.view(scene, size_between(rs, 0.62, 1.5) * SERVER_SIDE / max(scene.levels[0].shape[:2]))
        if rs.rand() < 0.15:
            canvas.place(face(), size_between(rs, 14, 0.5 * height))
        things(0.12)
    elif kind < 0.80:
        # One person in front of a camera, often a poor one.
        canvas.fill(negative() if rs.rand() < 0.8 else sources.scene(rs))
        things(0.25)
        canvas.place(face(0.45), size_between(rs, 0.2 * height, 1.2 * height), (width * 0.15, height * 0.1, width * 0.7, height * 0.8))
        if rs.rand() < 0.3:
            canvas.image = photo.grey(canvas.image)
        if rs.rand() < 0.4:
            canvas.image = photo.low_resolution(canvas.image, rs, 0.2, 0.6)
    else:
        canvas.fill(negative(), zoom=(0.6, 1.3))
        for _ in range(rs.randint(0, 3)):
            canvas.place(negative(), rs.uniform(20, 150))
        for _ in range(rs.randint(0, 3)):
            canvas.place(sources.round_thing(rs), size_between(rs, 8, 0.5 * height))
    if rs.rand() < 0.12:
        canvas.image = photo.low_resolution(canvas.image, rs, 0.3, 0.7)
    return photo.camera(canvas.image, rs), canvas.faces
