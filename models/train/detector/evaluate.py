"""
Figures of a checkpoint or an exported file by kind of picture, size of the canvas and threshold: on the sources that never train, or on the
validation groups of the others; names of negatives with false faces.

    python3 evaluate.py RUN/last.pt|face.onnx --data PACK [--data MORE] [--groups] [--sides 256 320] [--hard hard.txt]

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
from detect import detect, intersection, letterbox, load
from net import Detector
from sources import ROUND, is_animal
from wear import sunglasses

LEAST = 0.25
THRESHOLDS = (0.5, 0.55, 0.6, 0.65)
# As the server's rule: a further face counts as a person from this share of the first one's height.
SECOND = 0.3
LARGE = 20


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


def counted(record):
    """Boxes of sure faces, and whether one of them is alone."""
    boxes, ignored = pack.boxes(record), pack.ignored(record)
    return boxes[~ignored], len(boxes) == 1 and not ignored[0]


def kinds_of(record):
    """Kinds of picture that a record counts as; `second`: a further face as tall as a second person must be."""
    faces, alone = counted(record)
    if record['kind'].startswith('neg'):
        if is_animal(record):
            return ['animal']
        if record['kind'] == 'neg_ign':
            return []
        return ['object', 'round thing'] if record['source'] in ROUND or '/watch/' in record['origin'] else ['object']
    if record['kind'] == 'noface_frame' or not len(faces):
        return []
    tall = sorted(faces[:, 3], reverse=True)
    names = [f'source {record["source"]}']
    if len(faces) >= 2 and tall[1] >= SECOND * tall[0]:
        names.append('several')
    if alone:
        names.append('single' if tall[0] < 0.7 * record['height'] else 'tight')
        yaw = record['faces'][0].get('pose', {}).get('yaw')
        if yaw is not None and abs(yaw) <= 20:
            names.append('frontal')
    return names


def views(folder, records):
    """Yields (kinds, picture, expected boxes, ignored boxes) of every record and of portraits made from it."""
    for number, record in enumerate(records):
        names = kinds_of(record)
        if not names:
            continue
        image, boxes, ignored = pack.picture(folder, record), pack.boxes(record), pack.ignored(record)
        yield names, image, boxes[~ignored], boxes[ignored]
        if counted(record)[1] and boxes[0, 3] >= 55:
            yaw = record['faces'][0].get('pose', {}).get('yaw')
            if yaw is not None and (abs(yaw) > 22 or number % 6 == 0):
                for glasses in (False, True):
                    picture, box = grey_portrait(image, record, np.random.RandomState(number), glasses)
                    yield ['small grey' + (' turned' if abs(yaw) > 22 else ' straight') + (' glasses' if glasses else '')], picture, box[None], boxes[:0]


class Tally:
    """Counts of one kind at one threshold."""

    def __init__(self):
        self.pictures = self.faces = self.found = self.false = self.multiple = 0

    def add(self, found, wanted, ignored, side):
        """Faces of fewer pixels than LARGE at a picture of 320 are not counted as missed."""
        extra = [b for b in found if not matched(wanted, b) and not any(intersection(b, i)[1] > 0.3 for i in ignored)]
        second = sorted(found[:, 3], reverse=True)
        large = wanted[wanted[:, 2:].max(1) >= LARGE * side / 320] if len(wanted) else wanted
        self.pictures += 1
        self.faces += len(large)
        self.found += sum(matched(found, box) for box in large)
        self.false += bool(extra)
        self.multiple += len(second) > 1 and second[1] >= SECOND * second[0]

    def shares(self):
        return (100 * self.found / max(1, self.faces), 1000 * self.false / self.pictures, 100 * self.multiple / self.pictures)


def load_any(path, folder):
    """A checkpoint, or an exported file."""
    if not path.endswith('.onnx'):
        return load(path)
    from weights import load_onnx
    net = Detector().to(memory_format=torch.channels_last)
    record = pack.read(folder)[0]
    canvas = letterbox(pack.picture(folder, record), 256)[0]
    load_onnx(net, path, torch.from_numpy(canvas)[None].permute(0, 3, 1, 2).float())
    return net.eval()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('checkpoint')
    parser.add_argument('--data', action='append', required=True)
    parser.add_argument('--sides', type=int, nargs='+', default=[256, 288])
    parser.add_argument('--groups', action='store_true', help='validation groups of the sources that train; default: held-out sources, never trained on')
    parser.add_argument('--hard')
    parser.add_argument('--thresholds', type=float, nargs='+', default=THRESHOLDS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = load_any(options.checkpoint, options.data[0])
    if options.hard:
        return write_hard(net, options)
    tallies = {}
    for folder in options.data:
        records = [r for r in pack.read(folder)
                   if (pack.is_validation(r['group']) and r['source'] not in pack.HELD_OUT if options.groups else r['source'] in pack.HELD_OUT)]
        for names, image, wanted, ignored in views(folder, records):
            for side in options.sides:
                scores, boxes, _ = detect(net, image, side, min(options.thresholds))
                for threshold in options.thresholds:
                    for name in names:
                        tallies.setdefault((side, name, threshold), Tally()).add(boxes[scores >= threshold], wanted, ignored, max(image.shape[:2]))
    for side in options.sides:
        print(f'side {side}: kind, pictures, faces of {LARGE} px of 320 and more, then by threshold {options.thresholds}: found %, pictures with a false face per 1,000, called several %')
        for name in sorted({name for s, name, _ in tallies if s == side}):
            rows = [tallies[side, name, threshold] for threshold in options.thresholds]
            found, false, several = zip(*(row.shares() for row in rows))
            print(f'  {name:27} {rows[0].pictures:5} {rows[0].faces:5}  found {" ".join(f"{v:5.1f}" for v in found)}  false {" ".join(f"{v:5.1f}" for v in false)}  several {" ".join(f"{v:5.1f}" for v in several)}')


def write_hard(net, options):
    names = []
    for folder in options.data:
        for record in pack.read(folder):
            if not record['kind'].startswith('neg') or not pack.trains(record) or (record['kind'] == 'neg_ign' and not is_animal(record)):
                continue
            image = pack.picture(folder, record)
            if any(len(detect(net, view, side, LEAST)[0]) for view in (image, image[:, ::-1]) for side in options.sides):
                names.append(record['file'])
    Path(options.hard).write_text('\n'.join(names), encoding='utf8')
    print(f'{len(names)} hard negatives')


if __name__ == '__main__':
    main()
