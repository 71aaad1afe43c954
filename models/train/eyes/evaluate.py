"""Figures of trained weights on eyes never trained on.

    python3 evaluate.py --weights eyes.pt --bank BANK --drawn drawn-held [--frames PACK --labels labels.jsonl] [--sheet sheet.png]

`drawn-held` is draw-heads.ts with other seeds than training's. `--frames`: a folder of pictures with the pack's labels.jsonl, and
label.ts's output for it. Known: confidence 0.6 or more."""

import argparse
import json

import cv2
import numpy as np
import torch

import covers
import data
import pack
import shake
from network import EyeNet, decode
from real import cut

KNOWN = 0.6


def load(weights):
    net = EyeNet()
    net.load_state_dict(torch.load(weights))
    return net.eval()


def look(net, pictures):
    """gaze [n, 2], confidence [n], open [n] of uint8 [n, 40, 40, 3]."""
    with torch.no_grad():
        x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
        return [part.numpy() for part in decode(net(x))]


def spoil(eyes, i, kind, rs):
    """One held-out eye of this `kind`, [40, 40, 3]; None if the eye is of another kind."""
    picture, gap = eyes['picture'][i], eyes['label'][i][3]
    if (kind == 'shut') != (gap < 1.8) or kind != 'shut' and gap < 4.5:
        return None
    matrix = shake.jitter(rs)
    picture = shake.warp(picture, matrix)
    if kind == 'covered':
        picture, cover = covers.random_cover(picture, rs)
        if shake.share(cover, shake.warp(eyes['opening'][i], matrix)) < 0.6:
            return None
    elif rs.rand() < 0.25:
        picture, cover = covers.spectacles(picture, rs)
        if shake.share(cover, shake.warp(eyes['opening'][i], matrix)) > 0.25:
            return None
    if kind == 'blurred':
        picture = cv2.GaussianBlur(picture, (0, 0), rs.uniform(3, 5) * shake.FINE / shake.SIZE)
    pixels = {'small': rs.randint(14, 24), 'tiny': rs.randint(5, 9)}.get(kind, shake.SIZE)
    picture = cv2.resize(np.ascontiguousarray(picture), (pixels, pixels), interpolation=cv2.INTER_AREA)
    picture = shake.photo.noise(shake.photo.tone(picture, rs, 0.6), rs) if rs.rand() < 0.5 else picture
    if rs.rand() < 0.5:
        picture = shake.photo.jpeg(picture, rs, 50, 90)
    return cv2.resize(picture, (shake.SIZE, shake.SIZE), interpolation=cv2.INTER_LINEAR)


def plain(picture, rs, strength):
    return cv2.resize(shake.warp(picture, shake.jitter(rs, strength)), (shake.SIZE, shake.SIZE), interpolation=cv2.INTER_AREA)


def errors(name, gaze, confidence, truth):
    known = confidence >= KNOWN
    off = np.abs(gaze - truth)
    some = off[known].mean(0) if known.any() else [np.nan, np.nan]
    print(f'{name:32} n {len(truth):5}  known {known.mean():6.1%}  MAE known: yaw {some[0]:.1f} pitch {some[1]:.1f}, mean {np.mean(some):.2f}; all {off.mean():.1f}')


def report_rendered(net, folder, limit, sheet):
    rs = np.random.RandomState(7)
    eyes = data.rendered(folder, held_out=True)
    for kind in ('sharp', 'small', 'shut', 'covered', 'blurred', 'tiny'):
        made = [(spoil(eyes, i, kind, rs), i) for i in range(len(eyes['label']))[:limit]]
        made = [(picture, i) for picture, i in made if picture is not None]
        pictures, truth = np.stack([m[0] for m in made]), eyes['label'][[m[1] for m in made]]
        gaze, confidence, opened = look(net, pictures)
        errors(f'rendered {kind}', gaze, confidence, truth[:, :2])
        if kind == 'sharp':
            near = (np.abs(truth[:, 5]) < 15) & (np.abs(truth[:, 6]) < 12)
            errors('    head within 15 and 12 degrees', gaze[near], confidence[near], truth[near, :2])
            side = near & (np.abs(truth[:, 0]) > 22)
            errors('    of these, eyes beyond 22', gaze[side], confidence[side], truth[side, :2])
        if kind in ('sharp', 'shut'):
            print(f'    open: MAE {np.abs(opened - truth[:, 2]).mean():.3f}')
        sheet += tiles(pictures[:28], gaze, confidence, truth)


def report_photos(net, folder, real, sheet):
    rs = np.random.RandomState(8)
    eyes = data.photographed(folder, held_out=True, name=real)
    pictures = np.stack([plain(p, rs, 0.5) for p in eyes['picture']])
    gaze, confidence, opened = look(net, pictures)
    sure = eyes['kind'] == 1
    errors('photos, both teachers agree', gaze[sure], confidence[sure], eyes['label'][sure, :2])
    for low, high in ((14, 28), (28, 45), (45, 500)):
        some = (eyes['kind'] != 0) & (eyes['sharp'] >= low) & (eyes['sharp'] < high) & (eyes['label'][:, 3] > 4)
        print(f'    open eyes of {low} to {high} px: n {some.sum()}, known {(confidence[some] >= KNOWN).mean():.1%}')
    none = eyes['kind'] == 0
    shut = none & (eyes['face'] >= 0)
    print(f'    shut: n {shut.sum()}, known {(confidence[shut] >= KNOWN).mean():.1%}; no eye: n {(none & ~shut).sum()}, known {(confidence[none & ~shut] >= KNOWN).mean():.1%}')
    first = np.flatnonzero((eyes['face'][:-1] == eyes['face'][1:]) & (eyes['face'][:-1] >= 0) & (eyes['label'][:-1, 3] > 4) & (eyes['label'][1:, 3] > 4))
    for name, some in (('all open pairs', first), ('both known', first[(np.minimum(confidence[first], confidence[first + 1]) >= KNOWN)])):
        left, right = gaze[some] * [1, 1], gaze[some + 1] * [-1, 1]
        teach_l, teach_r = eyes['label'][some, :2], eyes['label'][some + 1, :2] * [-1, 1]
        r = [np.corrcoef(left[:, c], right[:, c])[0, 1] for c in (0, 1)]
        t = [np.corrcoef(teach_l[:, c], teach_r[:, c])[0, 1] for c in (0, 1)]
        print(f'    {name}: n {len(some)}, left against right r yaw {r[0]:.2f} pitch {r[1]:.2f} (teacher {t[0]:.2f}, {t[1]:.2f}), apart {np.abs(left - right).mean(0).round(1)} deg')
    ok = sure & (confidence >= KNOWN)
    print('    with teacher r yaw, pitch', [round(float(np.corrcoef(gaze[ok, c], eyes['label'][ok, c])[0, 1]), 2) for c in (0, 1)],
          'open r', round(float(np.corrcoef(opened[~none], eyes['label'][~none, 2])[0, 1]), 2))
    pick = rs.permutation(np.flatnonzero(~none))[:84]
    sheet += tiles(pictures[pick], gaze[pick], confidence[pick], eyes['label'][pick])


def report_drawn(net, name, sheet):
    rs = np.random.RandomState(9)
    eyes = data.drawn(name)
    pictures = np.stack([plain(p, rs, 0.7) for p in eyes['picture']])
    gaze, confidence, opened = look(net, pictures)
    wide = eyes['label'][:, 3] > 6
    for low, high in ((0, 25), (25, 36), (36, 99)):
        some = wide & (eyes['sharp'] >= low) & (eyes['sharp'] < high)
        errors(f'drawn heads, {low} to {high} px', gaze[some], confidence[some], eyes['label'][some, :2])
    print(f'    open: MAE {np.abs(opened - eyes["label"][:, 2]).mean():.3f}')
    pick = rs.permutation(len(pictures))[:56]
    sheet += tiles(pictures[pick], gaze[pick], confidence[pick], eyes['label'][pick])


def report_frames(net, folder, labels, sheet):
    records = {record['file']: record for record in pack.read(folder)}
    for line in open(labels, encoding='utf8'):
        entry = json.loads(line)
        record = records[entry['file']]
        face, image = record['faces'][entry['face']], pack.picture(folder, record)
        left, right = (np.array(eye['corners']).mean(0) for eye in entry['eyes'])
        across = right - left
        side = 0.62 * np.hypot(*across) / max(np.cos(np.radians(face['pose']['yaw'])), 0.6)
        crops = [cut(image, (left, right)[i], side, np.arctan2(across[1], across[0]), i == 1) for i in (0, 1)]
        pictures = np.stack([cv2.resize(c[13:67, 13:67], (40, 40), interpolation=cv2.INTER_AREA) for c in crops])
        gaze, confidence, opened = look(net, pictures)
        both = (gaze * [[1, 1], [-1, 1]]).mean(0)
        print(f"{entry['file']:14} yaw {both[0]:6.1f} pitch {both[1]:6.1f} (eyes {gaze[0, 0]:.0f}, {-gaze[1, 0]:.0f}; {gaze[0, 1]:.0f}, {gaze[1, 1]:.0f}) confidence {confidence.round(2)} open {opened.round(2)}")
        sheet += tiles(pictures, gaze, confidence, np.full((2, 4), np.nan))


def tiles(pictures, gaze, confidence, truth):
    """Draws each eye with arrows for the measured (green: known, red: unknown) and the true gaze (yellow)."""
    out = []
    for picture, (yaw, pitch), sure, true in zip(pictures, gaze, confidence, truth):
        big = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), (96, 96), interpolation=cv2.INTER_CUBIC)
        for angles, colour in ((true[:2], (0, 255, 255)), ((yaw, pitch), (0, 255, 0) if sure >= KNOWN else (0, 0, 255))):
            if np.isfinite(angles).all():
                tip = np.sin(np.radians(angles)) * [60, -60] + 48
                cv2.line(big, (48, 48), tuple(int(v) for v in tip), colour, 1, cv2.LINE_AA)
        cv2.putText(big, f'{sure:.2f}', (2, 94), 0, 0.32, (255, 255, 255), 1)
        out.append(big)
    return out


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('weights', 'bank', 'drawn'):
        parser.add_argument(f'--{name}', required=True)
    for name in ('frames', 'labels', 'sheet'):
        parser.add_argument(f'--{name}')
    parser.add_argument('--real', default='real.npz')
    parser.add_argument('--limit', type=int, help='rendered eyes a kind')
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, found = load(options.weights), []
    report_rendered(model, options.bank, options.limit, found)
    report_photos(model, options.bank, options.real, found)
    report_drawn(model, options.drawn, found)
    if options.frames:
        report_frames(model, options.frames, options.labels, found)
    if options.sheet:
        found += [np.zeros((96, 96, 3), np.uint8)] * (-len(found) % 14)
        cv2.imwrite(options.sheet, np.vstack([np.hstack(found[i:i + 14]) for i in range(0, len(found), 14)]))
