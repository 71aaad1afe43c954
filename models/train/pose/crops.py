"""Face crops with a margin and their annotations, for training and evaluation.

A crop is a square of `MARGIN` times the face box's longer side around the box's centre, `SIZE` pixels, edges repeated.
Arrays of a set, saved as .npz: image uint8 [n, SIZE, SIZE, 3] BGR; rotation f4 [n, 3, 3]; points f4 [n, 5, 2] crop pixels
(`heads.landmarks`); box and own f4 [n, 4] crop pixels x, y, w, h (the label's box, our detector's or nan);
visible f4 [n] 0..1 or nan where unknown; weight f4 [n]; group int64 [n]; held bool [n] (validation); source str [n].

`crops.py PACK TAUGHT CANONICAL OUT.npz` writes the set of real faces, `crops.py DRAWN OUT.npz` that of drawn ones.
"""

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import heads  # noqa: E402
import pack  # noqa: E402

SIZE = 160
MARGIN = 2.2
# Feature area of visibility: eyes, nose, mouth. A mask leaves 0.6, sunglasses 0.4.
MASKED = 0.6


def square(box):
    """Crop pixel = (picture pixel - (x, y)) * scale."""
    side = max(box[2], box[3]) * MARGIN
    return box[0] + box[2] / 2 - side / 2, box[1] + box[3] / 2 - side / 2, SIZE / side


def cut(image, box):
    """The crop around a box. Downscales by area, as in the pipeline."""
    x, y, scale = square(box)
    steps = max(1, int(np.ceil(1 / scale)))
    size, scale = SIZE * steps, scale * steps
    matrix = np.array([[scale, 0, -x * scale + (scale - 1) / 2], [0, scale, -y * scale + (scale - 1) / 2]])
    large = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return large if steps == 1 else cv2.resize(large, (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def moved(points, box):
    """Converts points [..., 2] of the picture to the crop around `box`."""
    x, y, scale = square(box)
    return (np.asarray(points, np.float32) - [x, y]) * scale


def moved_box(other, box):
    if other is None:
        return np.full(4, np.nan, np.float32)
    x, y, scale = square(box)
    return np.array([(other[0] - x) * scale, (other[1] - y) * scale, other[2] * scale, other[3] * scale], np.float32)


def group_number(group):
    return int(hashlib.md5(group.encode()).hexdigest()[:15], 16)


def taught(folder):
    """(record of faces.jsonl, mesh f4 [468, 3]: picture pixels, x right, y down, z away) from the output of teach.ts."""
    lines = [json.loads(line) for line in open(Path(folder) / 'faces.jsonl', encoding='utf8')]
    meshes = np.fromfile(Path(folder) / 'points.f32', np.float32).reshape(len(lines), 468, 3)
    return list(zip(lines, meshes))


def upright(mesh):
    """Converts the picture's axes to the head's: y up, z to the camera."""
    return mesh * [1, -1, -1]


def visibility(source, score):
    """Visibility target without a pasted occluder: the teacher's score roughly separates masks from bare faces."""
    if source == 'facemask_with':
        return MASKED if score <= 0.5 else np.nan
    return 1.0 if score > 0.9 else np.nan


def real(pack_folder, teacher_folder, canonical, least=30):
    """The pack's faces of at least `least` pixels with consistent teacher output."""
    records = {record['file']: record for record in pack.read(pack_folder)}
    rows, last, image = [], None, None
    for line, mesh in taught(teacher_folder):
        record = records[line['file']]
        face = record['faces'][line['face']]
        box, spread = face['box'], max(line['spread'])
        yaw, pitch, _ = line['pose']
        if max(box[2:]) < least or spread > 6 or abs(yaw) > 85 or abs(pitch) > 65 or face['score'] < 0.65:
            continue
        if last != line['file']:
            image, last = pack.picture(pack_folder, record), line['file']
        rows.append(dict(
            image=cut(image, box), rotation=heads.fit(canonical, upright(mesh))[0], points=moved(heads.landmarks(mesh)[:, :2], box),
            box=moved_box(box, box), own=moved_box(line['own'], box), visible=visibility(record['source'], line['score']),
            weight=1 / (1 + (spread / 2.5) ** 2), group=group_number(record['group']), held=pack.is_validation(record['group']),
            source=record['source']))
    return stack(rows)


def drawn(folder):
    """The drawn frames of drawn.ts; one scene in ten is held out. The bounding box of their outline equals a label's, within the differences between detectors."""
    rows = []
    for line in open(Path(folder) / 'frames.jsonl', encoding='utf8'):
        frame = json.loads(line)
        low, high = np.min(frame['outline'], 0), np.max(frame['outline'], 0)
        box = [*low, *(high - low)]
        rows.append(dict(
            image=cut(cv2.imread(str(Path(folder) / frame['file'])), box), rotation=heads.rotation(*frame['pose']), points=moved(frame['points'], box),
            box=moved_box(box, box), own=moved_box(frame['own'], box), visible=1.0, weight=1.0, group=frame['scene'],
            held=frame['scene'] % 10 == 0, source='drawn'))
    return stack(rows)


def stack(rows):
    kinds = dict(image=np.uint8, held=bool, source=str, group=np.int64)
    return {key: np.array([row[key] for row in rows]).astype(kinds.get(key, np.float32)) for key in rows[0]}


def join(sets):
    return {key: np.concatenate([one[key] for one in sets]) for key in sets[0]}


def canonical_face(path):
    """f8 [468, 3]: the teacher's canonical face model."""
    return np.array(json.load(open(path, encoding='utf8')))


if __name__ == '__main__':
    if len(sys.argv) == 3:
        faces = drawn(sys.argv[1])
    else:
        pack_path, teacher_path, canonical_path = sys.argv[1:4]
        faces = real(pack_path, teacher_path, canonical_face(canonical_path))
    np.savez(sys.argv[-1], **faces)
    print(len(faces['held']), 'faces,', int(faces['held'].sum()), 'of them held out')
