"""
Figures of a checkpoint on the validation groups, by size of the canvas and threshold; names of negatives with false faces.

    python3 evaluate.py RUN/last.pt --data PACK [--sides 256 320] [--hard hard.txt]

`--hard` evaluates the training negatives instead and writes the file for `train.py --hard`.
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import pack
import photo
from detect import detect, intersection, load
from sources import is_animal
from wear import sunglasses

LEAST = 0.25
THRESHOLDS = (0.5, 0.55, 0.6, 0.65)


def matched(boxes, box):
    return any(intersection(found, box)[0] >= 0.4 for found in boxes)


def grey_portrait(image, record, rs, glasses):
    """Scales the largest face to about 55 px in a small grey picture, as from an old camera."""
    if glasses:
        image = sunglasses(image, pack.boxes(record), pack.landmarks(record), pack.ignored(record), rs)
    face = max(record['faces'], key=lambda f: f['box'][3])
    scale = 55 / face['box'][3]
    small = cv2.resize(photo.grey(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((120, 128, 3), int(rs.uniform(40, 200)), np.uint8)
    h, w = min(120, small.shape[0]), min(128, small.shape[1])
    y, x = (120 - h) // 2, (128 - w) // 2
    canvas[y:y + h, x:x + w] = small[:h, :w]
    return canvas, (np.array(face['box']) * scale + [x, y, 0, 0])


def kinds(folder, records):
    """Yields (kind, picture, expected boxes, ignored boxes) of every validation record and of portraits made from it."""
    for number, record in enumerate(records):
        image = pack.picture(folder, record)
        boxes, ignored = pack.boxes(record), pack.ignored(record)
        faces = boxes[~ignored]
        if record['kind'].startswith('neg'):
            yield 'animal' if is_animal(record) else 'object', image, faces, boxes[ignored]
            continue
        if record['kind'] == 'noface_frame' or not len(faces):
            continue
        yaw = max((f for f in record['faces'] if not f.get('ignore')), key=lambda f: f['box'][3]).get('pose', {}).get('yaw')
        if len(faces) >= 3:
            yield 'group', image, faces, boxes[ignored]
        elif len(boxes) == 1 and yaw is not None and abs(yaw) <= 20:
            yield 'frontal', image, faces, boxes[ignored]
        if len(boxes) == 1 and yaw is not None and (abs(yaw) > 22 or number % 6 == 0):
            for glasses in (False, True):
                picture, box = grey_portrait(image, record, np.random.RandomState(number), glasses)
                yield ('turned' if abs(yaw) > 22 else 'straight') + (' glasses' if glasses else ''), picture, box[None], boxes[:0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('checkpoint')
    parser.add_argument('--data', required=True)
    parser.add_argument('--sides', type=int, nargs='+', default=[256, 320])
    parser.add_argument('--hard')
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = load(options.checkpoint)
    records = pack.read(options.data)
    if options.hard:
        return write_hard(net, options, records)
    validation = [record for record in records if pack.is_validation(record['group'])]
    for side in options.sides:
        tally = {}
        for kind, image, wanted, ignored in kinds(options.data, validation):
            scores, boxes, _ = detect(net, image, side, LEAST)
            for threshold in THRESHOLDS:
                found = boxes[scores >= threshold]
                extra = [b for b in found if not matched(wanted, b) and not any(intersection(b, i)[1] > 0.3 for i in ignored)]
                row = tally.setdefault((kind, threshold), [0, 0, 0, 0, 0])
                second = sorted(found[:, 3], reverse=True)
                row[0] += 1
                row[1] += len(wanted)
                row[2] += sum(matched(found, box) for box in wanted)
                row[3] += bool(extra)
                row[4] += len(second) > 1 and second[1] >= 0.3 * second[0]
        print(f'side {side}: kind, pictures, then by threshold {THRESHOLDS}: faces found %, pictures with a false face per 1,000, called MULTIPLE %')
        for kind in dict.fromkeys(kind for kind, _ in tally):
            rows = [tally[kind, threshold] for threshold in THRESHOLDS]
            found = ' '.join(f'{100 * row[2] / row[1]:5.1f}' if row[1] else '    -' for row in rows)
            print(f'  {kind:17} {rows[0][0]:5}  found {found}  false {" ".join(f"{1000 * row[3] / row[0]:5.1f}" for row in rows)}  multiple {" ".join(f"{100 * row[4] / row[0]:5.1f}" for row in rows)}')


def write_hard(net, options, records):
    names = []
    for record in records:
        if not record['kind'].startswith('neg') or pack.is_validation(record['group']) or (record['kind'] == 'neg_ign' and not is_animal(record)):
            continue
        image = pack.picture(options.data, record)
        if any(len(detect(net, view, side, LEAST)[0]) for view in (image, image[:, ::-1]) for side in options.sides):
            names.append(record['file'])
    Path(options.hard).write_text('\n'.join(names), encoding='utf8')
    print(f'{len(names)} hard negatives')


if __name__ == '__main__':
    main()
