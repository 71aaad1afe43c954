"""The face detector: a plain convolutional pyramid, one point anchor per cell at strides 8, 16 and 32."""

import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
# Values per anchor: score (logit during training), centre (2), log size (2), five landmarks (10); lengths in strides from the cell's centre.
VALUES = 15
SCALE = 127.5
# Order of a head's values in the exported file: score, landmarks, centre, log half size.
EXPORTED = (0, *range(5, VALUES), 1, 2, 3, 4)
# Score of every anchor before training: faces are rare.
PRIOR_LOGIT = -4.5


def conv(inputs, outputs, stride=1, kernel=3):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Detector(nn.Module):
    """Input float [N, 3, H, W] RGB 0..255, H and W multiples of 32. Output [N, A, 15], anchors by stride, row-major."""

    def __init__(self, widths=(16, 24, 40, 48, 48)):
        super().__init__()
        c2, c4, c8, c16, c32 = widths
        self.to4 = nn.Sequential(conv(3, c2, 2), conv(c2, c4, 2))
        self.to8 = nn.Sequential(conv(c4, c8, 2), conv(c8, c8))
        self.to16 = nn.Sequential(conv(c8, c16, 2), conv(c16, c16))
        self.to32 = nn.Sequential(conv(c16, c32, 2), conv(c32, c32))
        self.lateral32 = conv(c32, c16, kernel=1)
        self.merge16 = conv(c16, c16)
        self.lateral16 = conv(c16, c8, kernel=1)
        self.merge8 = conv(c8, c8)
        self.merge32 = conv(c32, c16)
        self.heads = nn.ModuleList([nn.Conv2d(width, VALUES, 1) for width in (c8, c16, c16)])
        for head in self.heads:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
            head.bias.data[0] = PRIOR_LOGIT

    def maps(self, x):
        """The three head maps [N, 15, H / stride, W / stride]."""
        # Scaled, not centred: padding of a convolution is then black, like the letterbox, and the scale folds into its weights.
        x8 = self.to8(self.to4(x / SCALE))
        x16 = self.to16(x8)
        x32 = self.to32(x16)
        p16 = self.merge16(x16 + F.interpolate(self.lateral32(x32), scale_factor=2.0, mode='nearest'))
        p8 = self.merge8(x8 + F.interpolate(self.lateral16(p16), scale_factor=2.0, mode='nearest'))
        return [head(level) for head, level in zip(self.heads, (p8, p16, self.merge32(x32)))]

    def forward(self, x):
        return torch.cat([level.flatten(2).transpose(1, 2) for level in self.maps(x)], 1)


def convolutions(net):
    """Conv (and its BatchNorm, or None) in the order of an exported graph: heads last, by stride."""
    blocks = [*net.to4, *net.to8, *net.to16, *net.to32, net.lateral32, net.merge16, net.lateral16, net.merge8, net.merge32]
    return [(block[0], block[1]) for block in blocks] + [(head, None) for head in net.heads]
