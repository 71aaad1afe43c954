"""Writes trained weights as `eyes.onnx`: opset 13, batch folded into the convolutions, decoding inside.

    python3 export.py --weights eyes.pt --out eyes.onnx
"""

import argparse
import os

import onnx
import torch

from network import Deployed, EyeNet


def export(weights, out):
    net = EyeNet()
    net.load_state_dict(torch.load(weights))
    unfinished = f'{out}.part'
    torch.onnx.export(
        Deployed(net).eval(), torch.zeros(2, 40, 40, 3, dtype=torch.uint8), unfinished, opset_version=13, input_names=['eyes'],
        output_names=['gaze', 'confidence', 'open'], dynamic_axes={name: {0: 'n'} for name in ('eyes', 'gaze', 'confidence', 'open')})
    onnx.checker.check_model(onnx.load(unfinished))
    os.replace(unfinished, out)
    print(out, os.path.getsize(out), 'bytes')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    export(options.weights, options.out)
