"""Writes gaze.onnx and verifies the runtime's output against PyTorch: `export.py WEIGHTS.pt OUT.onnx INFER REAL.npz`."""

import os
import sys

import numpy as np
import torch

import evaluate
import views
from net import Exported, PoseNet, export

# Maximum difference: degrees, fractions of the crop, probability.
TOLERANCE = (0.01, 1e-4, 1e-4)


def main():
    weights, out, infer, real = sys.argv[1:]
    net = PoseNet()
    net.load_state_dict(torch.load(weights))
    net.eval()
    # A concurrent reader never sees a partial file.
    export(net, out + '.part')
    os.rename(out + '.part', out)
    faces = evaluate.faces_of(real, True)
    shown = np.stack([views.plain(faces, i, faces['box'][i])[0] for i in range(100)])
    with torch.no_grad():
        wanted = [part.numpy() for part in Exported(net)(torch.from_numpy(shown))]
    for name, one, other, limit in zip(('pose', 'eyes', 'visibility'), wanted, evaluate.answers(out, infer, shown), TOLERANCE):
        gap = np.abs(one - other).max()
        print(f'{name}: differs by {gap:.2g} at most')
        assert gap < limit, name
    print(os.path.getsize(out), 'bytes')


if __name__ == '__main__':
    main()
