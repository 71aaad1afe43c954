"""Trains the pose network: `train.py --minutes 15 --out pose.pt REAL.npz [REPOSED.npz ...]` (see README.md).

A few loader processes generate views; this one trains on a single thread with a cosine schedule over the given time and keeps
an exponential average of the weights. Seeded, but the number of steps depends on the clock.
"""

import argparse
import copy
import math
import multiprocessing
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import crops
import heads
import views
from net import PoseNet, normalised

BATCH = 64
# Samples of each kind of face per step, if available.
SHARES = {'drawn': 0.07, 'reposed': 0.27}


def rarity(faces):
    """Sampling weight: turned and nodding heads are oversampled, straight ones remain the majority."""
    yaw, pitch, roll = np.abs(heads.angles(faces['rotation']) - [0, -5, 0]).T
    return 0.6 + np.clip(np.maximum.reduce([yaw / 16, pitch / 10, roll / 14]), 0, 2.4)


def sampling(faces):
    """Probability of each face."""
    odds = np.where(faces['held'], 0, rarity(faces))
    kind = np.where(np.isin(faces['source'], list(SHARES)), faces['source'], 'real')
    total = {name: odds[kind == name].sum() for name in np.unique(kind)}
    shares = {name: SHARES.get(name, 0) for name in total}
    shares['real'] = 1 - sum(shares.values())
    return sum(np.where(kind == name, odds / total[name] * share, 0) for name, share in shares.items())


def load(faces, odds, seed, queue):
    os.nice(2)
    torch.set_num_threads(1)
    rs = np.random.RandomState(seed)
    while True:
        chosen = rs.choice(len(odds), BATCH, p=odds)
        images, angles, points, visible = zip(*(views.random(faces, i, rs) for i in chosen))
        queue.put((np.stack(images), np.stack(angles).astype(np.float32), np.stack(points).astype(np.float32),
                   np.array(visible, np.float32), faces['weight'][chosen]))


class Reservoir:
    """Mixes the loaders' last batches: with slow loaders a view is used several times, half of them mirrored."""

    SLOTS = 128

    def __init__(self, queue, seed):
        self.queue, self.rs, self.parts, self.come = queue, np.random.RandomState(seed), None, 0

    def fill(self):
        while self.come == 0 or not self.queue.empty():
            batch = self.queue.get()
            if self.parts is None:
                self.parts = [np.empty((self.SLOTS * BATCH, *part.shape[1:]), part.dtype) for part in batch]
            at = self.come % self.SLOTS * BATCH
            for part, new in zip(self.parts, batch):
                part[at:at + BATCH] = new
            self.come += 1

    def draw(self):
        self.fill()
        images, angles, points, visible, weight = self.parts
        chosen = self.rs.randint(0, min(self.come, self.SLOTS) * BATCH, BATCH)
        images, angles, points = images[chosen], angles[chosen], points[chosen]
        half = BATCH // 2
        images[:half] = images[:half, :, ::-1]
        angles[:half] *= np.float32([-1, 1, -1])
        points[:half] = points[:half][:, [1, 0, 2, 4, 3]]
        points[:half, :, 0] = 1 - points[:half, :, 0]
        return images, angles, points, visible[chosen], weight[chosen]


def loss(net, batch):
    images, angles, points, visible, weight = (torch.from_numpy(part) for part in batch)
    pose, placed, logit = net(normalised(images).contiguous(memory_format=torch.channels_last))
    # Roll is that of the head's x axis, which means little for a head turned far.
    trust = torch.stack([torch.ones_like(weight), torch.ones_like(weight) * 1.2, torch.cos(torch.deg2rad(angles[:, 0])).clamp(0.2, 1)], 1)
    turn = (F.smooth_l1_loss(pose, angles, reduction='none', beta=1.5) * trust).sum(1)
    # In hundredths of the crop; nose and mouth help training, the eyes are an output.
    place = (F.smooth_l1_loss(placed * 100, points * 100, reduction='none', beta=1.0).sum(2) @ torch.tensor([0.3, 0.3, 0.15, 0.15, 0.15]))
    known = ~torch.isnan(visible)
    seen = F.binary_cross_entropy_with_logits(logit[known], visible[known])
    return ((turn + place) * weight).mean() + 15.0 * seen


def average(mean, net, keep):
    for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
        a.copy_(a * keep + b * (1 - keep) if a.is_floating_point() else b)


def straight_check(net, faces, chosen):
    """Mean absolute error of yaw, pitch, roll on held-out real faces, with their labels' boxes."""
    shown = [views.plain(faces, i, faces['box'][i]) for i in chosen]
    with torch.no_grad():
        pose = net(normalised(torch.from_numpy(np.stack([image for image, _, _ in shown]))))[0].numpy()
    return np.abs(pose - np.stack([angles for _, angles, _ in shown])).mean(0).round(2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('sets', nargs='+')
    parser.add_argument('--minutes', type=float, default=15)
    parser.add_argument('--loaders', type=int, default=2)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--start', help='initial weights')
    parser.add_argument('--out', required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    faces = crops.join([dict(np.load(path)) for path in args.sets])
    odds = sampling(faces)
    held = np.flatnonzero(faces['held'] & ~np.isin(faces['source'], list(SHARES)))
    net = PoseNet()
    if args.start:
        net.load_state_dict(torch.load(args.start))
    net = net.to(memory_format=torch.channels_last).train()
    mean = copy.deepcopy(net).eval()
    queue = multiprocessing.Queue(8)
    loaders = [multiprocessing.Process(target=load, args=(faces, odds, seed, queue), daemon=True) for seed in range(1, args.loaders + 1)]
    for loader in loaders:
        loader.start()
    views_in = Reservoir(queue, 0)
    plain = [p for p in net.parameters() if p.ndim < 2]
    weights = [p for p in net.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW([{'params': weights, 'weight_decay': 0.02}, {'params': plain, 'weight_decay': 0}], lr=args.rate)
    began, step, told, total = time.time(), 0, 60, 0.0
    while (spent := time.time() - began) < args.minutes * 60:
        rate = args.rate * min(1, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * spent / (args.minutes * 60))) + 1e-5
        for group in optimiser.param_groups:
            group['lr'] = rate
        value = loss(net, views_in.draw())
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 20.0)
        optimiser.step()
        step += 1
        average(mean, net, min(0.997, step / (step + 20)))
        total = total * 0.98 + value.item() * 0.02 if step > 1 else value.item()
        if spent > told:
            told = spent + 90
            print(f'{spent:.0f} s, {step} steps, loss {total:.3f}, held {straight_check(mean, faces, held)}', flush=True)
            torch.save(mean.state_dict(), args.out)
    for loader in loaders:
        loader.terminate()
    torch.save(mean.state_dict(), args.out)
    print(f'{step} steps of {BATCH}, held {straight_check(mean, faces, held)}')


if __name__ == '__main__':
    main()
