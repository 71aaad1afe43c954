"""Eyes of the pack's photographs, with angles computed from the position of the iris between the corners.

    python3 real.py --pack PACK --labels labels.jsonl --out BANK/real.npz

`labels.jsonl` comes from label.ts. Pictures as in bank.py, with `label` float32 [n, 7] alike and
`kind` int8 [n]: 1 open with a certain gaze, 0 no eye or shut (gaze unknown), -1 uncertain (trains openness only);
`validation` bool [n]; `face` int32 [n]: both eyes of a face share a number; `sharp` float32 [n]: source pixels per crop side."""

import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))
import pack
from anatomy import CROP, HALF_WIDTH, IRIS_DEPTH, openness

SIZE, SPAN = 80, 1.5
# Distance from the eyeball's centre forward to the midpoint of the corners, mm.
CORNERS_Z = 6.6
# Median of straight faces before calibration: the corners are lower than the eyeball's centre, and a straight head gives pitch -6.
CORNERS_Y, PITCH_OFFSET = -1.6, 6.0
# Stock photographs of one model, used for the project's own measurements.
HELD_OUT = 'stock-emotions'


def angles(iris, corners, yaw, pitch):
    """Degrees relative to the head: an iris on a sphere of IRIS_DEPTH around the eyeball's centre, seen with the head turned."""
    axis = corners[1] - corners[0]
    width = np.hypot(*axis)
    axis = axis / width
    away = (iris - corners.mean(0)) / (width / 2)
    head, up = np.radians(yaw), np.radians(pitch + PITCH_OFFSET)
    x = away @ axis * HALF_WIDTH * np.cos(head) + CORNERS_Z * np.sin(head)
    y = -(away @ [-axis[1], axis[0]]) * HALF_WIDTH * np.cos(head) + CORNERS_Y + CORNERS_Z * np.sin(up)
    return (np.degrees(np.arcsin(np.clip(x / IRIS_DEPTH, -1, 1))) - yaw,
            np.degrees(np.arcsin(np.clip(y / IRIS_DEPTH, -1, 1))) - np.degrees(up))


def cut(image, centre, side, lean, mirrored):
    """RGB [SIZE, SIZE, 3] of the square around a point, rotated `lean` radians clockwise; area-averaged."""
    scale = SIZE / (side * SPAN)
    if scale < 0.5:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        centre, scale = np.asarray(centre) * scale, 1.0
    c, s = np.cos(-lean) * scale, np.sin(-lean) * scale
    matrix = np.array([[c, -s, 0], [s, c, 0]])
    matrix[:, 2] = SIZE / 2 - matrix[:, :2] @ centre
    out = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, :, ::-1]
    return out[:, ::-1] if mirrored else out


def opening(gap):
    """Approximate eye opening: an ellipse of the lids' gap, cover 0..255."""
    area = np.zeros((SIZE, SIZE), np.uint8)
    unit = SIZE / (CROP * SPAN)
    cv2.ellipse(area, (SIZE // 2, SIZE // 2), (int(14 * unit), int(max(1, (gap / 2 + 0.5) * unit))), 0, 0, 360, 255, -1)
    return area


def read_eye(eye, face, mirrored):
    corners = np.array(eye['corners'])
    pose = face['pose']
    yaw, pitch = angles(np.array(eye['iris']), corners, pose['yaw'], pose['pitch'])
    gap = max(0.0, eye['gap'] / np.hypot(*(corners[1] - corners[0])) * 2 * HALF_WIDTH * np.cos(np.radians(pose['yaw'])))
    sign = -1 if mirrored else 1
    return [sign * yaw, pitch, openness(gap), gap, HALF_WIDTH, sign * pose['yaw'], pose['pitch']]


def kinds(face, eyes, labels):
    """1 if both eyes agree, 0 if both teachers see shut lids, else -1."""
    apart = np.hypot(labels[0][0] + labels[1][0], labels[0][1] - labels[1][1])
    out = []
    for side, eye, label in zip(('left', 'right'), eyes, labels):
        mesh_gap = face.get('eye_open', {}).get(side, 0.3)
        agree = apart < 9 and eye['spread'] < 0.07 and label[3] > 3.6 and mesh_gap > 0.16 and abs(label[0]) < 45 and abs(label[1]) < 35
        sure = agree and face['mesh_score'] > 0.8 and abs(face['pose']['yaw']) < 35
        out.append(1 if sure else 0 if label[3] < 1.8 and mesh_gap < 0.15 else -1)
    return out


def gather(folder, labels_path):
    records = {record['file']: record for record in pack.read(folder)}
    rows = []
    for number, line in enumerate(open(labels_path, encoding='utf8')):
        entry = json.loads(line)
        record = records[entry['file']]
        if HELD_OUT in record['origin']:
            continue
        face = record['faces'][entry['face']]
        corners = [np.array(eye['corners']) for eye in entry['eyes']]
        left, right = corners[0].mean(0), corners[1].mean(0)
        across = right - left
        distance = np.hypot(*across)
        side = 0.62 * distance / max(np.cos(np.radians(face['pose']['yaw'])), 0.6)
        if side < 14 or abs(face['pose']['yaw']) > 45:
            continue
        lean = np.arctan2(across[1], across[0])
        image = pack.picture(folder, record)
        labels = [read_eye(entry['eyes'][i], face, i == 1) for i in (0, 1)]
        common = {'validation': pack.is_validation(record['group']), 'face': number, 'sharp': side}
        for i, kind in enumerate(kinds(face, entry['eyes'], labels)):
            rows.append({'picture': cut(image, (left, right)[i], side, lean, i == 1), 'opening': opening(labels[i][3]), 'label': labels[i], 'kind': kind, **common})
        if number % 8 == 0:
            point = face['kps5'][2 + (number // 8) % 3]
            rows.append({'picture': cut(image, point, side, lean, False), 'opening': opening(8), 'label': [0] * 7, 'kind': 0, **common, 'face': -1})
    return rows


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('pack', 'labels', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    found = gather(options.pack, options.labels)
    types = {'picture': np.uint8, 'opening': np.uint8, 'label': np.float32, 'kind': np.int8, 'validation': bool, 'face': np.int32, 'sharp': np.float32}
    arrays = {key: np.stack([row[key] for row in found]).astype(dtype) for key, dtype in types.items()}
    sure = arrays['kind'] == 1
    straight = sure & (np.abs(arrays['label'][:, 5]) < 10)
    # Most people look into the lens: their median is the offset of the network's corners.
    middle = np.median(arrays['label'][straight, :2], 0)
    arrays['label'][:, :2] -= middle
    print('eyes', len(sure), 'sure', sure.sum(), 'shut or none', (arrays['kind'] == 0).sum(), 'taken off', middle,
          'percentiles of yaw', np.percentile(arrays['label'][sure, 0], [1, 5, 50, 95, 99]), 'pitch', np.percentile(arrays['label'][sure, 1], [1, 5, 50, 95, 99]))
    np.savez(options.out, **arrays)
