"""
Writes the trained network as ONNX: `python3 export.py RUN/last.pt face.onnx`.

Input `image` uint8 [1, H, W, 3] RGB, H and W multiples of 32, at most 640. Outputs, one column an anchor, anchors by stride (8, 16, 32) and
row-major: `score` float32 [A] 0..1, `box` float32 [4, A] x0, y0, x1, y1 and `landmarks` float32 [10, A], both in pixels of the input.

The graph is built node by node: normalisation and the input's scale go into the convolutions, the strides and the halves of the decoding into
the heads, so that after them there is one addition and one exponential for all anchors.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).parents[1]))

from net import EXPORTED, SCALE, STRIDES, VALUES, Detector

OPSET = 13
MOST = 640


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, value, name):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind, inputs, outputs=None, **attributes):
        self.count += 1
        outputs = outputs or [f'{kind.lower()}{self.count}']
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0] if len(outputs) == 1 else outputs

    def convolution(self, x, weight, bias, stride=1, relu=True):
        name = f'conv{self.count}'
        pad = weight.shape[2] // 2
        y = self.add('Conv', [x, self.constant(weight, f'{name}.weight'), self.constant(bias, f'{name}.bias')],
                     kernel_shape=weight.shape[2:], strides=[stride, stride], pads=[pad] * 4)
        return self.add('Relu', [y]) if relu else y


def folded(block):
    """Weight and bias of a convolution with its normalisation."""
    convolution, norm = block[0], block[1]
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weight = convolution.weight * factor[:, None, None, None]
    return weight.numpy(), (norm.bias - norm.running_mean * factor).numpy(), convolution.stride[0]


def head_values(head, stride):
    """Weights and biases in the order score, five landmarks, centre, log half size; lengths in pixels."""
    weight, bias = head.weight.numpy().copy(), head.bias.numpy().copy()
    weight[[1, 2, *range(5, VALUES)]] *= stride
    bias[[1, 2, *range(5, VALUES)]] *= stride
    bias[3:5] += np.log(stride / 2)
    return weight[list(EXPORTED)], bias[list(EXPORTED)]


def build(net):
    graph = Graph()

    def block(x, part, scale=1.0):
        weight, bias, stride = folded(part)
        return graph.convolution(x, (weight / scale).astype(np.float32), bias, stride)

    def doubled(x):
        return graph.add('Resize', [x, '', 'twice'], mode='nearest', nearest_mode='floor', coordinate_transformation_mode='asymmetric')

    graph.constant(np.array([1, 1, 2, 2], np.float32), 'twice')
    # Transposed as bytes: a quarter of the traffic.
    x = graph.add('Cast', [graph.add('Transpose', ['image'], perm=[0, 3, 1, 2])], to=TensorProto.FLOAT)
    x4 = block(block(x, net.to4[0], SCALE), net.to4[1])
    x8 = block(block(x4, net.to8[0]), net.to8[1])
    x16 = block(block(x8, net.to16[0]), net.to16[1])
    x32 = block(block(x16, net.to32[0]), net.to32[1])
    p16 = block(graph.add('Add', [x16, doubled(block(x32, net.lateral32))]), net.merge16)
    p8 = block(graph.add('Add', [x8, doubled(block(p16, net.lateral16))]), net.merge8)
    decode(graph, net, (p8, p16, block(x32, net.merge32)))
    return graph


def decode(graph, net, levels):
    graph.constant(np.array([VALUES, -1], np.int64), 'values.anchors')
    graph.constant(np.array([2, -1], np.int64), 'xy.anchors')
    graph.constant(np.array([6, 2, -1], np.int64), 'points.xy.anchors')
    graph.constant(np.array([10, -1], np.int64), 'landmarks.anchors')
    graph.constant(np.array([2, 3], np.int64), 'height.width')
    graph.constant(np.array([0, 0], np.int64), 'origin')
    graph.constant(np.array([1, 2], np.int64), 'rows.columns')
    values, centres = [], []
    for level, head, stride in zip(levels, net.heads, STRIDES):
        found = graph.convolution(level, *head_values(head, stride), relu=False)
        values.append(graph.add('Reshape', [found, 'values.anchors']))
        rows, columns = np.mgrid[0:MOST // stride, 0:MOST // stride].astype(np.float32) * stride + stride / 2
        grid = graph.constant(np.stack([columns, rows]), f'centres{stride}')
        size = graph.add('Gather', [graph.add('Shape', [found]), 'height.width'])
        centres.append(graph.add('Reshape', [graph.add('Slice', [grid, 'origin', size, 'rows.columns']), 'xy.anchors']))
    graph.constant(np.array([1, 12, 2], np.int64), 'score.points.size')
    split = graph.add('Split', [graph.add('Concat', values, axis=1), 'score.points.size'], ['logit', 'offsets', 'logs'], axis=0)
    graph.constant(np.array([-1], np.int64), 'flat')
    graph.add('Reshape', [graph.add('Sigmoid', [split[0]]), 'flat'], ['score'])
    points = graph.add('Add', [graph.add('Reshape', [split[1], 'points.xy.anchors']), graph.add('Concat', centres, axis=1)])
    graph.constant(np.array([5, 1], np.int64), 'five.one')
    landmarks, centre = graph.add('Split', [points, 'five.one'], ['five', 'one'], axis=0)
    graph.add('Reshape', [landmarks, 'landmarks.anchors'], ['landmarks'])
    middle = graph.add('Reshape', [centre, 'xy.anchors'])
    half = graph.add('Exp', [split[2]])
    graph.add('Concat', [graph.add('Sub', [middle, half]), graph.add('Add', [middle, half])], ['box'], axis=0)


def export(checkpoint, path):
    net = Detector()
    net.load_state_dict(torch.load(checkpoint)['average'])
    net.eval()
    with torch.no_grad():
        graph = build(net)
    image = helper.make_tensor_value_info('image', TensorProto.UINT8, [1, 'h', 'w', 3])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
               for name, shape in (('score', ['anchors']), ('box', [4, 'anchors']), ('landmarks', [10, 'anchors']))]
    model = helper.make_model(helper.make_graph(graph.nodes, 'face', [image], outputs, graph.constants), opset_imports=[helper.make_opsetid('', OPSET)],
                              producer_name='invigil')
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(f'{path}: {Path(path).stat().st_size} bytes, {len(graph.nodes)} nodes, {sum(p.numel() for p in net.parameters())} parameters')


if __name__ == '__main__':
    with torch.no_grad():
        export(sys.argv[1], sys.argv[2])
