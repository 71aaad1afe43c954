"""Re-poses heads of photographs: looking down at a lap, up, far aside. Few real photographs show these poses.

As in 300W-LP (Zhu et al., Face Alignment Across Large Poses, CVPR 2016): the teacher's mesh of a straight face, and rings of
anchors around it for ears, hair, neck and background, are rotated in space; every triangle keeps its texture. The outermost
ring is fixed, so that the surroundings bend rather than tear. The label is the rotation itself.
"""

import cv2
import numpy as np

import heads

# Rings around the face's outline: scale, distance behind the outline (in face widths), and share of the head's rotation,
# above and at the sides, and below the chin, where the neck limits it.
RINGS = [(1.10, 0.14, 1.0, 0.65), (1.28, 0.42, 1.0, 0.25), (1.75, 0.6, 0.4, 0.05), (2.6, 0.7, 0.0, 0.0)]
# Pivot of a nod: below and behind the midpoint between the ears, in face widths.
PIVOT = np.array([0, -0.2, -0.08])
EARS = [234, 454]


def outline_rings(head, width):
    """Anchors in the head's frame [rings * 36, 3] and their shares of the rotation [rings * 36]."""
    oval = head[heads.OVAL]
    middle = (oval.min(0) + oval.max(0)) / 2
    away = oval[:, :2] - middle[:2]
    below = np.clip(-away[:, 1] / np.linalg.norm(away, axis=1) * 1.6 - 0.4, 0, 1)
    places, follow = [], []
    for scale, back, above, under in RINGS:
        places.append(np.column_stack([middle[:2] + away * scale, oval[:, 2] - back * width]))
        follow.append(above + (under - above) * below)
    return np.concatenate(places), np.concatenate(follow)


def triangles(canonical):
    """int [m, 3]: Delaunay triangulation of the canonical face seen from the front, with its rings."""
    rings, _ = outline_rings(canonical, np.linalg.norm(canonical[EARS[0]] - canonical[EARS[1]]))
    flat = np.concatenate([canonical, rings])[:, :2].astype(np.float32)
    flat = flat + np.random.RandomState(0).uniform(-1e-3, 1e-3, flat.shape).astype(np.float32)
    low, high = flat.min(0) - 1, flat.max(0) + 1
    plane = cv2.Subdiv2D((0, 0, 4000, 4000))
    scaled = (flat - low) / (high - low).max() * 3900 + 10
    for point in scaled:
        plane.insert((float(point[0]), float(point[1])))
    corners = plane.getTriangleList().reshape(-1, 3, 2)
    corners = corners[((corners > 0) & (corners < 4000)).all((1, 2))]
    return np.linalg.norm(corners[:, :, None] - scaled[None, None], axis=-1).argmin(-1)


def lowered_lids(head, part):
    """Lowers the upper lids by `part` of the way to the lower ones."""
    head = head.copy()
    head[heads.UPPER_LIDS] += (head[heads.LOWER_LIDS] - head[heads.UPPER_LIDS]) * part
    return head


def turn(mesh, canonical, target, lids=0.0):
    """Positions of the mesh [468, 3] and its rings before and after a turn to `target` [3, 3] (upright axes, [n, 3] each)."""
    rotation, _ = heads.fit(canonical, mesh)
    width = np.linalg.norm(mesh[EARS[0]] - mesh[EARS[1]])
    pivot = mesh[EARS].mean(0) + rotation @ (PIVOT * width)
    head = (mesh - pivot) @ rotation
    rings, follow = outline_rings(head, width)
    source = np.concatenate([head, rings]) @ rotation.T + pivot
    turned = np.concatenate([lowered_lids(head, lids), rings]) @ target.T + pivot
    follow = np.concatenate([np.ones(len(head)), follow])[:, None]
    return source, source + (turned - source) * follow


def light(source, target, tri, rs):
    """Brightness of each triangle: the light stays fixed while the head turns."""
    lamp = rs.randn(3) * [1, 0.5, 0.3] + [0, 0.6, 0.8]
    lamp /= np.linalg.norm(lamp)

    def facing(points):
        a, b, c = points[tri].transpose(1, 0, 2)
        normal = np.cross(b - a, c - a)
        normal *= np.sign(normal[:, 2:] + 1e-9) / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6)
        return normal @ lamp

    return np.clip(1 + rs.uniform(0, 0.5) * (facing(target) - facing(source)), 0.5, 1.4)


def draw(image, source, target, tri, rs):
    """Warps every triangle of the picture. `source` and `target` [n, 3] in upright axes of its pixels."""
    height, width = image.shape[:2]
    order = np.argsort(target[tri, 2].mean(1))
    tri = tri[order]
    now, then = target[tri][:, :, :2] * [1, -1], source[tri][:, :, :2] * [1, -1]
    edges, moved = now[:, 1:] - now[:, :1], then[:, 1:] - then[:, :1]
    size = np.abs(np.linalg.det(edges))
    shows = size > 1e-3
    tri, now, then, edges, moved = tri[shows], now[shows], then[shows], edges[shows], moved[shows]
    back = np.linalg.inv(edges) @ moved
    offset = then[:, 0] - np.einsum('ni,nij->nj', now[:, 0], back)
    owner = np.zeros((height, width), np.uint16)
    for number, corners in enumerate(np.rint(now * 16).astype(np.int32), 1):
        cv2.fillConvexPoly(owner, corners, number, cv2.LINE_8, 4)
    # Affine coefficients by row: source x, then source y. Outside all triangles the picture is unchanged.
    rule = np.concatenate([np.array([[1, 0, 0, 0, 1, 0]]), np.column_stack([back[:, :, 0], offset[:, 0], back[:, :, 1], offset[:, 1]])])
    xx, xy, x0, yx, yy, y0 = rule.T.astype(np.float32)[:, owner]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    drawn = cv2.remap(image, x * xx + y * xy + x0, x * yx + y * yy + y0, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shade = np.concatenate([[1], light(source, target, tri, rs)]).astype(np.float32)[owner]
    return np.clip(drawn * cv2.blur(shade, (9, 9))[..., None], 0, 255).astype(np.uint8)


def random_target(rs, kind):
    """Random yaw, pitch and roll of a `kind` of pose."""
    side = rs.choice([-1, 1])
    if kind == 'down':
        return rs.randn() * 18, rs.uniform(-52, -15), rs.randn() * 7
    if kind == 'up':
        return rs.randn() * 18, rs.uniform(6, 40), rs.randn() * 7
    if kind == 'aside':
        return side * rs.uniform(15, 75), -5 + rs.randn() * 8, rs.randn() * 6
    return side * rs.uniform(20, 60), rs.uniform(-42, -10), rs.randn() * 7
