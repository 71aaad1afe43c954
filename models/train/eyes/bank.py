"""Renders eyes into a file, since rendering one takes as long as training on ten.

    python3 bank.py --seed 1 --count 4000 --out BANK/rendered-001.npz

`picture` uint8 [n, 80, 80, 3] RGB spanning 1.5 crops; `opening` uint8 [n, 80, 80], cover of the opening between the lids;
`label` float32 [n, 7]: yaw, pitch (degrees, relative to the head), open, gap (mm), width (mm, half), head yaw, head pitch.
Seeds from 900 on are held out for evaluation."""

import argparse

import numpy as np

import anatomy
import render

HELD_OUT = 900


def draw(seed, count):
    rs = np.random.RandomState(seed)
    pictures = np.empty((count, render.SIZE, render.SIZE, 3), np.uint8)
    openings = np.empty((count, render.SIZE, render.SIZE), np.uint8)
    labels = np.empty((count, 7), np.float32)
    for i in range(count):
        eye = anatomy.sample(rs)
        pictures[i], inside = render.render(eye, rs)
        openings[i] = inside * 255
        labels[i] = [eye[key] for key in ('yaw', 'pitch', 'open', 'gap', 'width', 'head_yaw', 'head_pitch')]
    return {'picture': pictures, 'opening': openings, 'label': labels}


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, required=True)
    parser.add_argument('--count', type=int, default=4000)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    np.savez(options.out, **draw(options.seed, options.count))
