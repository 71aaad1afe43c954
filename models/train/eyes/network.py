"""The eye network: 40 x 40 RGB in, gaze with its expected error, usability and lid opening out. 3.1 million multiplications, 120k weights."""

import torch
from torch import nn

SIZE = 40
# Internal unit of the angles, degrees, so that outputs are about 1.
UNIT = 20.0
# Expected error (degrees, mean of yaw and pitch) at which confidence is 0.6, and its slope beyond.
KNOWN_ERROR, STEEPNESS = 6.0, 4.0
LOGIT_06 = 0.405465


def block(inputs, outputs, stride, kernel=3):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class EyeNet(nn.Module):
    """float [n, 3, 40, 40] in -1..1 -> [n, 6]: yaw, pitch (/ UNIT), their log errors (/ UNIT), usability logit, opening logit."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            block(3, 16, 2, 5), block(16, 32, 2), block(32, 32, 1), block(32, 64, 2), block(64, 48, 1))
        # Fully connected layers as convolutions: much faster on processors without a tuned BLAS.
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Conv2d(48, 48, 5), nn.ReLU(inplace=True), nn.Conv2d(48, 6, 1), nn.Flatten())

    def forward(self, x):
        return self.head(self.body(x))


def decode(out):
    """gaze [n, 2] in degrees, confidence [n], open [n]. Known only if the picture is usable AND the expected error is small."""
    gaze = out[:, 0:2] * UNIT
    error = torch.exp(out[:, 2:4].clamp(-6, 3)).mean(1) * UNIT
    precise = torch.sigmoid(STEEPNESS * torch.log(KNOWN_ERROR / error) + LOGIT_06)
    confidence = torch.minimum(torch.sigmoid(out[:, 4]), precise)
    return gaze, confidence, torch.sigmoid(out[:, 5])


class Deployed(nn.Module):
    """Input uint8 [n, 40, 40, 3] RGB; output as from `decode`."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, eyes):
        return decode(self.net(eyes.permute(0, 3, 1, 2).float() / 127.5 - 1))
