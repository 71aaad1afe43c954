"""Trains `EyeNet` for a given time.

    python3 train.py --bank BANK --drawn drawn --seconds 900 --out eyes.pt

One process augments eyes into a store, this one trains on random batches of it, so that slow rendering does not delay
training: a sample is used a few times, each time with another brightness. Adam, cosine schedule, averaged weights."""

import argparse
import copy
import math
import multiprocessing
import time

import numpy as np
import torch
from torch.nn import functional

from data import Stream
from network import UNIT, EyeNet

STORE, CHUNK, BATCH = 80_000, 500, 256


def shaker(options, seed, queue):
    rs = np.random.RandomState(seed)
    stream = Stream(options.bank, options.drawn, options.real)
    while True:
        queue.put(stream.chunk(rs, CHUNK))


def lighten(x, rng):
    """Varies brightness, contrast and colour of a batch in -1..1."""
    n = len(x)
    gain = torch.exp(torch.randn(n, 1, 1, 1, generator=rng) * 0.12 + torch.randn(n, 3, 1, 1, generator=rng) * 0.03)
    return ((x * gain) + torch.randn(n, 1, 1, 1, generator=rng) * 0.08).clamp(-1, 1)


def loss_of(out, target):
    """Laplace likelihood of the gaze, so that its error is learned too; plus losses for usability and opening."""
    gaze, usable, opened = target[:, 0:2] / UNIT, target[:, 3], target[:, 2]
    known = ~torch.isnan(gaze)
    spread = out[:, 2:4].clamp(-4, 2)
    laplace = (out[:, 0:2] - torch.nan_to_num(gaze)).abs() * torch.exp(-spread) + spread
    likelihood = torch.where(known, laplace, torch.zeros_like(laplace)).sum() / known.sum().clamp(min=1)
    # Plus the plain distance, or poor eyes would have no effect at first.
    plain = (functional.smooth_l1_loss(out[:, 0:2], torch.nan_to_num(gaze), reduction='none', beta=0.1) * known).sum() / known.sum().clamp(min=1)
    judged = ~torch.isnan(usable)
    use = functional.binary_cross_entropy_with_logits(out[judged, 4], usable[judged])
    told = ~torch.isnan(opened)
    opening = functional.smooth_l1_loss(torch.sigmoid(out[told, 5]), opened[told], beta=0.1)
    return likelihood + 2 * plain + use + 2 * opening


def train(options):
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = torch.Generator().manual_seed(options.seed)
    context = multiprocessing.get_context('fork')
    queue = context.Queue(8)
    worker = context.Process(target=shaker, args=(options, options.seed + 1, queue), daemon=True)
    worker.start()
    net = EyeNet().to(memory_format=torch.channels_last)
    if options.start:
        net.load_state_dict(torch.load(options.start))
    average = copy.deepcopy(net)
    adam = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.01)
    pictures, targets = np.empty((STORE, 40, 40, 3), np.uint8), np.empty((STORE, 5), np.float32)
    filled, step, rs = 0, 0, np.random.RandomState(options.seed)
    began = None
    while True:
        while not queue.empty() or filled < 2 * CHUNK:
            x, t = queue.get()
            at = np.arange(filled, filled + CHUNK) % STORE
            pictures[at], targets[at] = x, t
            filled += CHUNK
        began = began or time.time()
        part = (time.time() - began) / options.seconds
        if part >= 1:
            break
        for group in adam.param_groups:
            group['lr'] = options.rate * min(1, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * part)) + 0.005)
        pick = rs.randint(0, min(filled, STORE), BATCH)
        x = torch.from_numpy(pictures[pick]).permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.channels_last).div_(127.5).sub_(1)
        loss = loss_of(net(lighten(x, rng)), torch.from_numpy(targets[pick]))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        adam.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for a, b in zip(average.state_dict().values(), net.state_dict().values()):
                a.mul_(keep).add_(b, alpha=1 - keep) if a.is_floating_point() else a.copy_(b)
        if step % 100 == 0:
            print(f'{time.time() - began:.0f} s, step {step}, eyes {filled}, loss {loss.item():.3f}', flush=True)
            torch.save(average.state_dict(), options.out)
    worker.terminate()
    torch.save(average.state_dict(), options.out)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bank', required=True)
    parser.add_argument('--drawn', required=True)
    parser.add_argument('--real', default='real.npz')
    parser.add_argument('--seconds', type=float, default=900)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--start')
    parser.add_argument('--out', required=True)
    train(parser.parse_args())
