"""Scores a network on held-out faces against the mesh teacher: `evaluate.py MODEL INFER REAL.npz [REPOSED.npz DRAWN.npz]`.

MODEL is an .onnx file with the interface of gaze.onnx, or one whose only output starts with yaw, pitch, roll. INFER is the
compiled infer.ts, so that the same code is evaluated as runs in the server. Prints mean absolute errors in degrees.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import views
from views import cover

# Threshold of a turned head; faces between straight and turned are excluded.
AWAY, STRAIGHT, TURNED = 22, 15, 30


def answers(model, infer, shown):
    """Network output for uint8 [n, 64, 64, 3]: pose [n, 3], and eyes [n, 2, 2] and visibility [n] if available."""
    with tempfile.TemporaryDirectory() as folder:
        np.ascontiguousarray(shown).tofile(Path(folder) / 'views')
        subprocess.run(['node', infer, model, f'{folder}/views', f'{folder}/out'], check=True)
        out = np.fromfile(Path(folder) / 'out', np.float32)
    n = len(shown)
    if len(out) == n * 8:
        return out[:n * 3].reshape(n, 3), out[n * 3:n * 7].reshape(n, 2, 2), out[n * 7:]
    return out.reshape(n, -1)[:, :3], None, None


def detected(box, rs):
    """Box error of our detector in scenes: 0.035 of the side in position, 7 % in size."""
    side = max(box[2:])
    x, y, w, h = box
    dx, dy = rs.randn(2) * 0.035 * side
    grow = np.exp(rs.randn() * 0.07)
    return np.array([x + w / 2 + dx - w * grow / 2, y + h / 2 + dy - h * grow / 2, w * grow, h * grow])


def report(name, pose, truth):
    error = pose - truth
    yaw, pitch = truth[:, 0], truth[:, 1]
    turned, straight = np.abs(yaw) >= TURNED, np.abs(yaw) <= STRAIGHT
    away = np.abs(pose[:, 0]) > AWAY
    right = np.concatenate([away[turned], ~away[straight]]).mean() * 100
    line = f'{name:34s} n {len(truth):4d}  MAE {fmt(np.abs(error).mean(0))}  bias {fmt(error.mean(0))}'
    print(f'{line}  away right {right:.1f} %, missed {100 * (~away[turned]).mean():.1f}, false {100 * away[straight].mean():.1f} %')
    bands = [(f'|yaw| {low}-{high}', (np.abs(yaw) >= low) & (np.abs(yaw) < high)) for low, high in ((0, 15), (15, 30), (30, 50), (50, 90))]
    bands += [(f'pitch {low}..{high}', (pitch >= low) & (pitch < high)) for low, high in ((-60, -30), (-30, -20), (-20, -10), (-10, 5), (5, 60))]
    for band, chosen in bands:
        if chosen.sum() >= 5:
            print(f'    {band:14s} n {chosen.sum():4d}  MAE {fmt(np.abs(error[chosen]).mean(0))}  bias {fmt(error[chosen].mean(0))}')


def fmt(values):
    return '/'.join(f'{value:5.2f}' for value in values)


def faces_of(path, only_held):
    faces = dict(np.load(path))
    keep = faces['held'] if only_held else np.ones(len(faces['held']), bool)
    return {key: value[keep] for key, value in faces.items()}


def eye_error(eyes, points):
    """Mean distance of the eye centres in interocular distances."""
    between = np.linalg.norm(points[:, 0] - points[:, 1], axis=1)
    return (np.linalg.norm(eyes - points[:, :2], axis=2).mean(1) / np.maximum(between, 0.05)).mean()


def ranking(low, high):
    """Probability that one of `high` scores above one of `low`."""
    order = np.concatenate([low, high]).argsort().argsort()
    return (order[len(low):].sum() - len(high) * (len(high) - 1) / 2) / (len(low) * len(high))


def score(model, infer, name, faces, box_of, change=lambda image: image):
    shown, truth, points = zip(*(views.plain(faces, i, box_of(i)) for i in range(len(faces['held']))))
    pose, eyes, visible = answers(model, infer, np.stack([change(image) for image in shown]))
    report(name, pose, np.stack(truth))
    if eyes is not None:
        print(f'    eyes off by {eye_error(eyes, np.stack(points)) * 100:.1f} % of their distance')
    return pose, visible


def covered(model, infer, faces, rs):
    """Separation of covered from bare faces, and the effect of covers on the pose."""
    bare = np.flatnonzero(faces['visible'] == 1)
    plain = [views.plain(faces, i, detected(faces['box'][i], rs)) for i in bare]
    base, _, seen = answers(model, infer, np.stack([image for image, _, _ in plain]))
    for kind in (cover.mask, cover.sunglasses, cover.glasses, cover.hand):
        images = [kind(image.copy(), points * views.VIEW, rs)[0] for image, _, points in plain]
        pose, _, visible = answers(model, infer, np.stack(images))
        told = '' if visible is None else f'  visibility {seen.mean():.2f} -> {visible.mean():.2f}, ranked right {ranking(visible, seen):.3f}'
        print(f'    {kind.__name__:12s} MAE {fmt(np.abs(pose - np.stack([angles for _, angles, _ in plain])).mean(0))}{told}')
    masked = np.flatnonzero(faces['visible'] < 1)
    if len(masked) and seen is not None:
        images = [views.plain(faces, i, faces['box'][i])[0] for i in masked]
        print(f'    real masks   ranked right {ranking(answers(model, infer, np.stack(images))[2], seen):.3f} (n {len(masked)})')


def main():
    model, infer, real, *others = sys.argv[1:]
    faces = faces_of(real, True)
    rs = np.random.RandomState(0)
    loose = [detected(box, rs) for box in faces['box']]
    score(model, infer, "teacher's boxes", faces, lambda i: faces['box'][i])
    score(model, infer, 'boxes as detected', faces, lambda i: loose[i])
    score(model, infer, 'as detected, 24 px, grey', faces, lambda i: loose[i], views.coarse)
    covered(model, infer, faces, rs)
    for path in others:
        made = faces_of(path, True)
        if not len(made['held']):
            print(f'{Path(path).stem}: nothing held out')
            continue
        score(model, infer, Path(path).stem, made, lambda i, made=made: detected(made['box'][i], rs))


if __name__ == '__main__':
    main()
