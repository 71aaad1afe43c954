"""Mixes three kinds of eyes in one stream: rendered, photographed, and of the simulator's drawn heads."""

import json
from pathlib import Path

import numpy as np

import bank
from anatomy import openness
from real import opening
from shake import FINE, shake

# Shares of the stream: rendered, photographed with a certain gaze, other photographs, drawn heads.
MIX = (0.52, 0.28, 0.1, 0.1)
# Averted eyes are rare in photographs.
SIDE_WEIGHT = 1.0
# Head yaw and pitch above which rendered eyes are sampled less often, degrees.
HEAD_RANGE = (22, 16)


def rendered(folder, held_out=False):
    files = [f for f in sorted(Path(folder).glob('rendered-*.npz')) if (int(f.stem.split('-')[1]) >= bank.HELD_OUT) == held_out]
    parts = [np.load(f) for f in files]
    arrays = {key: np.concatenate([part[key] for part in parts]) for key in ('picture', 'opening', 'label')}
    return {**arrays, 'kind': np.ones(len(arrays['label']), np.int8), 'sharp': np.full(len(arrays['label']), float(FINE))}


def photographed(folder, held_out=False, name='real.npz'):
    arrays = dict(np.load(Path(folder) / name))
    keep = arrays['validation'] == held_out
    return {key: values[keep] for key, values in arrays.items()}


def drawn(name):
    """Reads the output of draw-heads.ts: lids and width are in centimetres."""
    raw = np.fromfile(f'{name}.bin', np.uint8)
    pictures = raw[:len(raw) // 19200 * 19200].reshape(-1, 80, 80, 3)
    lines = [json.loads(line) for line in open(f'{name}.jsonl', encoding='utf8')][:len(pictures)]
    labels = [[e['yaw'], e['pitch'], openness(e['gap'], 2 * e['width']), e['gap'] * 10, e['width'] * 10, e['headYaw'], e['headPitch']] for e in lines]
    return {
        'picture': pictures[:len(lines)], 'label': np.array(labels, np.float32), 'opening': np.stack([opening(e['gap'] * 10) for e in lines]),
        'kind': np.ones(len(lines), np.int8), 'sharp': np.array([0.62 * e['distance'] for e in lines]), 'scene': np.array([e['scene'] for e in lines]),
    }


class Stream:
    """Endless samples of the mixture; picklable, one RandomState per process."""

    def __init__(self, folder, drawn_name, real_name='real.npz'):
        photos = photographed(folder, name=real_name)
        sure = photos['kind'] == 1
        self.sets = [rendered(folder), {k: v[sure] for k, v in photos.items()}, {k: v[~sure] for k, v in photos.items()}, drawn(drawn_name)]
        side = 1 + SIDE_WEIGHT * np.minimum(np.hypot(self.sets[1]['label'][:, 0], self.sets[1]['label'][:, 1]) / 20, 1.2)
        # Gaze is learned while the head is about straight; turned further, the head pose itself is the finding.
        turned = self.sets[0]['label'][:, 5:7] / HEAD_RANGE
        straight = np.exp(-(turned ** 2).sum(1))
        self.cumulative = {0: np.cumsum(straight / straight.sum()), 1: np.cumsum(side / side.sum())}

    def sample(self, rs):
        which = rs.choice(4, p=MIX)
        eyes = self.sets[which]
        i = np.searchsorted(self.cumulative[which][:-1], rs.rand()) if which in self.cumulative else rs.randint(len(eyes['label']))
        return shake(eyes['picture'][i], eyes['opening'][i], eyes['label'][i], rs, eyes['kind'][i], eyes['sharp'][i])

    def chunk(self, rs, count):
        pairs = [self.sample(rs) for _ in range(count)]
        return np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs])
