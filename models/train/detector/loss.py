"""Quality focal loss (Li et al., 2020) on scores, DIoU (Zheng et al., 2020) on boxes, smooth L1 on landmarks."""

import torch
from torch.nn import functional as F


def overlap(predicted, wanted):
    """IoU and DIoU penalty of boxes [n, 4] as x0, y0, x1, y1."""
    low = torch.max(predicted[:, :2], wanted[:, :2])
    high = torch.min(predicted[:, 2:], wanted[:, 2:])
    common = (high - low).clamp(min=0).prod(1)
    union = (predicted[:, 2:] - predicted[:, :2]).prod(1) + (wanted[:, 2:] - wanted[:, :2]).prod(1) - common
    hull = torch.max(predicted[:, 2:], wanted[:, 2:]) - torch.min(predicted[:, :2], wanted[:, :2])
    apart = (predicted[:, :2] + predicted[:, 2:] - wanted[:, :2] - wanted[:, 2:]) / 2
    return common / union.clamp(min=1e-6), apart.pow(2).sum(1) / hull.clamp(min=1e-3).pow(2).sum(1)


def detection_loss(out, target, centres, strides):
    """`out` [N, A, 15] from the network, `target` [N, A, 15] from `anchors.targets`. Returns score, box and landmark losses."""
    positive = target[..., 0] == 1
    counted = target[..., 0] >= 0
    n = positive.sum().clamp(min=1)
    image, anchor = positive.nonzero(as_tuple=True)
    found, wanted = out[image, anchor], target[image, anchor]
    at, stride = centres[anchor], strides[anchor][:, None]
    middle = at + found[:, 1:3] * stride
    half = torch.exp(found[:, 3:5].clamp(-3, 4)) * stride / 2
    iou, penalty = overlap(torch.cat([middle - half, middle + half], 1), wanted[:, 1:5])
    box = (1 - iou + penalty).sum() / n
    side = (wanted[:, 3:5] - wanted[:, 1:3]).max(1)[0][:, None]
    points = found[:, 5:] * stride + at.repeat(1, 5)
    landmarks = F.smooth_l1_loss(points / side, wanted[:, 5:] / side, beta=0.05, reduction='none').mean(1).sum() / n
    quality = torch.zeros_like(out[..., 0])
    # Never below a half: the losses of small faces, whose boxes overlap less, would vanish.
    quality[image, anchor] = 0.5 + 0.5 * iou.detach().clamp(0, 1)
    logit = out[..., 0]
    unsure = (quality - torch.sigmoid(logit)).abs().pow(2)
    score = (F.binary_cross_entropy_with_logits(logit, quality, reduction='none') * unsure * counted).sum() / n
    return score, box, landmarks
