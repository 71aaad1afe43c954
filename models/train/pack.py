"""Reads the training pack: `labels.jsonl` and its pictures. README.md describes the format."""

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)

# Landmark order after mirroring: eyes and mouth corners swap sides.
MIRRORED = [1, 0, 2, 4, 3]


def is_validation(group):
    """One group in ten, by the digest of its name: a person or a clip is never on both sides. `bench/accuracy` splits alike."""
    return int(hashlib.md5(group.encode()).hexdigest(), 16) % 10 == 0


# Sources that never train, whole: figures on them are of pictures from elsewhere. `bench/accuracy/pack.ts` has the same names.
HELD_OUT = {'facemask_boxes', 'seatbelt', 'earphone', 'human_seg', 'classroom_bav', 'bsds', 'exif_photos', 'gauges', 'scenes15', 'phone_floor', 'posture', 'yawn'}


def trains(record):
    """False for validation groups and for held-out sources."""
    return record['source'] not in HELD_OUT and not is_validation(record['group'])


def read(folder):
    """All records of a pack, in order."""
    with open(Path(folder) / 'labels.jsonl', encoding='utf8') as lines:
        return [json.loads(line) for line in lines]


def picture(folder, record):
    """BGR uint8 [H, W, 3]."""
    path = Path(folder) / record['file']
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    return image


def boxes(record):
    """float32 [n, 4]: x, y, width, height in pixels."""
    return np.array([face['box'] for face in record['faces']], np.float32).reshape(-1, 4)


def landmarks(record):
    """float32 [n, 5, 2] in pixels: eye at image left, eye at image right, nose, mouth corner left, mouth corner right."""
    return np.array([face['kps5'] for face in record['faces']], np.float32).reshape(-1, 5, 2)


def ignored(record):
    """bool [n]: neither a face nor background."""
    return np.array([bool(face.get('ignore')) for face in record['faces']], bool)
