"""Draws a sheet of composed pictures with their targets for inspection: `python3 show.py --data PACK --out sheet.png`."""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from anchors import IGNORED, POSITIVE, anchor_centres, targets
from compose import compose
from sources import Sources

parser = argparse.ArgumentParser()
parser.add_argument('--data', action='append', required=True)
parser.add_argument('--out', required=True)
parser.add_argument('--seed', type=int, default=5)
options = parser.parse_args()

rs = np.random.RandomState(options.seed)
sources = Sources(options.data)
WIDTH, HEIGHT, COLUMNS, ROWS = 256, 192, 7, 6
began = time.time()
samples = [compose(sources, WIDTH, HEIGHT, rs) for _ in range(COLUMNS * ROWS)]
print(f'{(time.time() - began) / len(samples) * 1e3:.2f} ms a picture')
tiles = []
for picture, faces in samples:
    tile = np.ascontiguousarray(picture)
    target = targets(faces, WIDTH, HEIGHT)
    for row in target[target[:, 0] == POSITIVE]:
        cv2.rectangle(tile, (int(row[1]), int(row[2])), (int(row[3]), int(row[4])), (0, 255, 0), 1)
        for x, y in row[5:].reshape(5, 2):
            cv2.circle(tile, (int(x), int(y)), 1, (0, 0, 255), -1)
    for x, y in anchor_centres(WIDTH, HEIGHT)[0][target[:, 0] == IGNORED]:
        cv2.circle(tile, (int(x), int(y)), 1, (255, 255, 0), -1)
    tiles.append(tile)
cv2.imwrite(options.out, np.vstack([np.hstack(tiles[i:i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]))
