"""The network of `gaze.onnx`: plain 3x3 convolutions on a 64-pixel crop, and its export."""

import torch
from torch import nn

SIZE = 64
# Output channels and stride of the 3x3 convolutions; `True`: residual.
LAYERS = [(16, 2, False), (32, 2, False), (64, 2, False), (64, 1, True), (64, 1, True), (96, 2, False), (96, 1, True)]
SQUEEZED, HIDDEN = 48, 64
# Five landmarks are learned, since locating them helps the pose; only the eyes are exported.
POINTS = 5
DEGREES = 30.0


class Unit(nn.Module):
    def __init__(self, taken, made, stride, residual):
        super().__init__()
        self.conv = nn.Conv2d(taken, made, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(made)
        self.residual = residual

    def forward(self, x):
        y = self.norm(self.conv(x))
        return torch.relu(y + x if self.residual else y)


class PoseNet(nn.Module):
    """[n, 3, 64, 64] in -1..1 to pose [n, 3] degrees, points [n, 5, 2] fractions of the crop, visibility logit [n]."""

    def __init__(self, layers=LAYERS, squeezed=SQUEEZED, hidden=HIDDEN):
        super().__init__()
        units, channels, side = [], 3, SIZE
        for made, stride, residual in layers:
            units.append(Unit(channels, made, stride, residual))
            channels, side = made, side // stride
        self.body = nn.Sequential(*units)
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.hidden = nn.Linear(squeezed * side * side, hidden)
        self.out = nn.Linear(hidden, 3 + 2 * POINTS + 1)

    def forward(self, x):
        x = torch.relu(self.squeeze(self.body(x))).flatten(1)
        out = self.out(torch.relu(self.hidden(x)))
        return out[:, :3] * DEGREES, out[:, 3:-1].reshape(-1, POINTS, 2) + 0.5, out[:, -1]


def normalised(faces):
    """uint8 [n, 64, 64, 3] RGB to the network's input."""
    return faces.permute(0, 3, 1, 2).float() / 127.5 - 1


class Exported(nn.Module):
    """The interface of gaze.onnx: uint8 in, degrees, fractions and a probability out."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, face):
        pose, points, visible = self.net(normalised(face))
        return pose, points[:, :2], torch.sigmoid(visible)


def export(net, path):
    """Opset 13, batch axis dynamic; the exporter folds the batch norms into the convolutions."""
    torch.onnx.export(
        Exported(net).eval(), torch.zeros(1, SIZE, SIZE, 3, dtype=torch.uint8), path, opset_version=13, input_names=['face'],
        output_names=['pose', 'eyes', 'visibility'], dynamic_axes={name: {0: 'n'} for name in ('face', 'pose', 'eyes', 'visibility')})
