"""Resumes training from shipped weights: loads an ONNX file's convolutions into a network with batch normalisation."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from net import EXPORTED, SCALE, STRIDES, VALUES, convolutions


def load_onnx(net, path, example):
    """
    Fills `net` from an exported file, whose normalisation is folded into its convolutions. Each BatchNorm is then set to pass its input
    through unchanged for `example` (float [N, 3, H, W], 0..255), so that training can go on with running statistics of its own.
    """
    graph = onnx.load(path).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == 'Conv']
    blocks = convolutions(net)
    assert len(nodes) == len(blocks), f'{len(nodes)} convolutions in {path}, {len(blocks)} in the network'
    # Merge and head convolutions are in the exporter's order: match by shape, keeping the order.
    left = list(nodes)
    biases, strides = [], iter(STRIDES)
    for module, norm in blocks:
        node = next(n for n in left if values[n.input[1]].shape == tuple(module.weight.shape))
        left.remove(node)
        module.weight.data.copy_(torch.from_numpy(np.array(values[node.input[1]])) * (SCALE if module is blocks[0][0] else 1))
        bias = torch.from_numpy(np.array(values[node.input[2]]))
        if norm is None:
            head_back(module, bias, next(strides))
        else:
            biases.append((norm, bias))
    pass_through(net, biases, example)


def head_back(head, bias, stride):
    """Inverts `export.head_values` on a head with an exported file's weights."""
    weight, order = head.weight.data.clone(), list(EXPORTED)
    head.weight.data[order] = weight
    head.bias.data[order] = bias
    lengths = [1, 2, *range(5, VALUES)]
    head.weight.data[lengths] /= stride
    head.bias.data[lengths] /= stride
    head.bias.data[3:5] -= np.log(stride / 2)


def pass_through(net, biases, example):
    """Layer by layer, since each one's statistics depend on those before it."""
    wanted = {norm: bias for norm, bias in biases}

    def measure(norm, inputs):
        x = inputs[0]
        mean = x.mean((0, 2, 3))
        variance = x.var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_((variance + norm.eps).sqrt())
        norm.bias.data.copy_(mean + wanted[norm])

    handles = [norm.register_forward_pre_hook(measure) for norm in wanted]
    net.eval()
    with torch.no_grad():
        net(example)
    for handle in handles:
        handle.remove()
