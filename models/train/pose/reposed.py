"""Generates turned heads from the pack's straight ones, in two forms: crops for the pose network, and pictures with labels in the pack's
format for the detector: `reposed.py PACK TEACHER CANONICAL --crops N OUT.npz`, `... --pictures N OUT_FOLDER` (training groups only).
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

import crops
import heads
import pack
import photo
import repose

# Size of the warped picture in pixels and in box sides.
CANVAS = {'crops': (192, 2.6), 'pictures': (256, 3.1)}
KINDS = {'crops': {'down': 0.45, 'aside': 0.3, 'up': 0.13, 'both': 0.12}, 'pictures': {'down': 0.2, 'aside': 0.38, 'up': 0.26, 'both': 0.16}}


def extent(mesh, rotation):
    """Inputs of the box rule: the mesh's extents in the picture and the angles. f8 [features] and (x, y, size)."""
    low, high = mesh[:, :2].min(0), mesh[:, :2].max(0)
    size = (high - low).max()
    yaw, pitch, roll = np.radians(heads.angles(rotation))
    sine, nod, lean = np.sin(yaw), np.sin(pitch), np.sin(roll)
    form = (high - low) / size
    return np.array([1, sine, abs(sine), sine * abs(sine), nod, nod * abs(nod), lean, abs(lean), nod * sine, *form]), (*(low + high) / 2, size)


def box_rule(faces):
    """Weights [features, 4]: the label's box (centre, log sides, in mesh sizes) from the mesh, by least squares over real faces."""
    rows, boxes = [], []
    for mesh, rotation, (x, y, w, h) in faces:
        features, (cx, cy, size) = extent(mesh, rotation)
        rows.append(features)
        boxes.append([(x + w / 2 - cx) / size, (y + h / 2 - cy) / size, np.log(w / size), np.log(h / size)])
    rows, boxes = np.array(rows), np.array(boxes)
    # Turned heads are few: weighted as much as the straight ones.
    weight = np.sqrt(1 + 20 * np.abs(rows[:, 1:2]) ** 2 + 20 * np.abs(rows[:, 4:5]) ** 2)
    rule = np.linalg.lstsq(rows * weight, boxes * weight, rcond=None)[0]
    print('box rule, mean error in mesh sizes', np.abs(rows @ rule - boxes).mean(0).round(3))
    return rule


def box_of(mesh, rotation, rule):
    features, (cx, cy, size) = extent(mesh, rotation)
    dx, dy, w, h = features @ rule
    w, h = np.exp(w) * size, np.exp(h) * size
    return np.array([cx + dx * size - w / 2, cy + dy * size - h / 2, w, h])


def sources(records, taught, canonical, crop_of_scene):
    """Straight, sharp, bare faces: (record, face, mesh, rotation, box)."""
    good = []
    for line, mesh in taught:
        record = records[line['file']]
        face = record['faces'][line['face']]
        yaw, pitch, _ = line['pose']
        least = 60 if crop_of_scene(record) else 90
        if line['score'] > 0.95 and max(line['spread']) < 2.5 and abs(yaw) < 18 and abs(pitch + 5) < 14 and max(face['box'][2:]) >= least \
                and record['source'] != 'facemask_with' and face['score'] > 0.75:
            good.append((record, mesh, heads.fit(canonical, crops.upright(mesh))[0], face['box']))
    return good


def is_scene(record):
    """True if the picture shows more than a face."""
    side = max((max(face['box'][2:]) for face in record['faces']), default=0)
    return side < 0.62 * min(record['width'], record['height'])


def canvas(image, mesh, box, size, sides):
    """Crop around a face, `size` pixels for the given number of box sides; the mesh in it; and a uint8 mask of the picture's area."""
    side = max(box[2:]) * sides
    scale = size / side
    x, y = box[0] + box[2] / 2 - side / 2, box[1] + box[3] / 2 - side / 2
    while scale < 0.6:
        image, scale, x, y = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), scale * 2, x / 2, y / 2
        mesh = mesh / 2
    matrix = np.array([[scale, 0, -x * scale + (scale - 1) / 2], [0, scale, -y * scale + (scale - 1) / 2]])
    placed = (mesh - [x, y, 0]) * scale
    shown = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full(image.shape[:2], 255, np.uint8), matrix, (size, size))
    return shown, placed, inside


class Turner:
    """Data for re-posing heads."""

    def __init__(self, args, records, canonical, rule, use):
        self.pack, self.canonical, self.rule = args.pack, canonical, rule
        self.size, self.sides = CANVAS[use]
        self.kinds = KINDS[use]
        self.triangles = repose.triangles(canonical)
        self.backgrounds = [r for r in records.values() if r['kind'] == 'neg' and not pack.is_validation(r['group'])]

    def turn(self, source, rs, bare):
        """A turned copy of one of `sources`: picture, mesh (y down), rotation, box. `bare` is the probability of no surroundings."""
        record, mesh, _, box = source
        shown, placed, inside = canvas(pack.picture(self.pack, record), mesh, box, self.size, self.sides)
        target = heads.rotation(*repose.random_target(rs, str(rs.choice(list(self.kinds), p=list(self.kinds.values())))))
        lids = rs.uniform(0.25, 0.85) * np.clip((-heads.angles(target)[1] - 8) / 20, 0, 1) if rs.rand() < 0.85 else 0
        before, after = repose.turn(crops.upright(placed), self.canonical, target, lids)
        drawn = repose.draw(shown, before, after, self.triangles, rs)
        if inside.mean() < 250 and rs.rand() >= bare:
            drawn = self.put_before_scene(drawn, after, rs)
        moved = crops.upright(after[:468])
        return drawn, moved, target, box_of(moved, target, self.rule)

    def put_before_scene(self, drawn, after, rs):
        """A tight crop has no surroundings: the head alone, softly cut out, on another picture."""
        behind = pack.picture(self.pack, self.backgrounds[rs.randint(len(self.backgrounds))])
        behind = cv2.resize(behind, (self.size, self.size), interpolation=cv2.INTER_AREA)
        if np.abs(drawn[:, :, 0].astype(int) - drawn[:, :, 2]).mean() < 4:
            behind = photo.grey(behind)
        shape = np.zeros((self.size, self.size), np.uint8)
        hull = cv2.convexHull(np.rint(after[:468 + 72, :2] * [1, -1]).astype(np.int32))
        cv2.fillConvexPoly(shape, hull, 255)
        shape = cv2.GaussianBlur(cv2.dilate(shape, np.ones((7, 7), np.uint8)), (13, 13), 0)[..., None] / 255.0
        return (behind + (drawn.astype(np.float32) - behind) * shape).astype(np.uint8)


# On pictures generated here, the teacher's yaw is 14 % below the applied rotation, its pitch correct: its depth is flat.
# Real faces are labelled in its scale, so generated ones follow it.
YAW_READ = 0.86


def as_read(rotation):
    yaw = np.radians(heads.angles(rotation)[0]) * (YAW_READ - 1)
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ rotation


def make_crops(args, good, turner, rs):
    rows = []
    for _ in range(args.crops):
        source = good[rs.randint(len(good))]
        group = source[0]['group']
        drawn, moved, target, box = turner.turn(source, rs, bare=0.4)
        rows.append(dict(image=crops.cut(drawn, box), rotation=as_read(target), points=crops.moved(heads.landmarks(moved)[:, :2], box),
                         box=crops.moved_box(box, box), own=np.full(4, np.nan), visible=1.0, weight=1.0,
                         group=crops.group_number(group), held=pack.is_validation(group), source='reposed'))
    np.savez(args.out, **crops.stack(rows))


def make_pictures(args, good, turner, rs):
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / 'labels.jsonl', 'w', encoding='utf8') as lines:
        for number in range(args.pictures):
            source = good[rs.randint(len(good))]
            record = source[0]
            drawn, moved, target, box = turner.turn(source, rs, bare=0)
            name = f'{number:05d}.jpg'
            cv2.imwrite(str(folder / name), drawn, [cv2.IMWRITE_JPEG_QUALITY, 85])
            yaw, pitch, roll = heads.angles(target).round(2).tolist()
            face = dict(box=box.round(2).tolist(), score=0.95, kps5=heads.landmarks(moved)[:, :2].round(2).tolist(),
                        pose=dict(yaw=yaw, pitch=pitch, roll=roll), mesh_score=1.0)
            lines.write(json.dumps(dict(file=name, width=turner.size, height=turner.size, source='reposed', kind='face', origin=record['file'],
                                        group=record['group'], flip_ok=True, faces=[face])) + '\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('pack')
    parser.add_argument('teacher')
    parser.add_argument('canonical')
    parser.add_argument('out')
    parser.add_argument('--crops', type=int, default=0)
    parser.add_argument('--pictures', type=int, default=0)
    args = parser.parse_args()
    rs = np.random.RandomState(7 if args.crops else 8)
    canonical = crops.canonical_face(args.canonical)
    records = {record['file']: record for record in pack.read(args.pack)}
    taught = crops.taught(args.teacher)
    rule = box_rule([(mesh, heads.fit(canonical, crops.upright(mesh))[0], records[line['file']]['faces'][line['face']]['box'])
                     for line, mesh in taught if line['score'] > 0.8 and max(line['spread']) < 4])
    good = sources(records, taught, canonical, is_scene)
    if args.crops:
        make_crops(args, good, Turner(args, records, canonical, rule, 'crops'), rs)
    if args.pictures:
        good = [one for one in good if not pack.is_validation(one[0]['group'])]
        scenes = [one for one in good if is_scene(one[0])]
        print(len(good), 'sources,', len(scenes), 'of them scenes')
        # Most faces are tight grey crops; pictures with surroundings are weighted as much as all of those.
        mixed = good + scenes * max(1, (len(good) - len(scenes)) // max(1, len(scenes)))
        make_pictures(args, mixed, Turner(args, records, canonical, rule, 'pictures'), rs)


if __name__ == '__main__':
    main()
