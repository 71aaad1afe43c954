"""
Trains the detector: one process trains, others compose its pictures.

    python3 train.py --data PACK [--data MORE] --out RUN --minutes 240 [--from face.onnx | --resume RUN/last.pt]

Writes RUN/last.pt (weights, their moving average, optimiser, pictures seen) every two minutes. The pictures are seeded; how many fit into
the time is not.
"""

import argparse
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as multiprocessing

sys.path.insert(0, str(Path(__file__).parents[1]))

from anchors import anchor_centres, targets
from compose import compose
from loss import detection_loss
from net import Detector
from sources import Sources
from weights import load_onnx

# Width, height, pictures per batch, probability. Small ones give the most faces for the time; large faces need the large ones.
SIZES = ((160, 128, 40, 0.6), (288, 224, 16, 0.3), (320, 256, 12, 0.1))
EMA = 0.998
SAVE_SECONDS = 120


def load(sources, seed, queue):
    """Fills `queue` with (pictures uint8 [N, H, W, 3] RGB, targets [N, A, 15], width, height) for ever."""
    torch.set_num_threads(1)
    rs = np.random.RandomState(seed)
    while True:
        width, height, count, _ = SIZES[rs.choice(len(SIZES), p=[size[3] for size in SIZES])]
        made = [compose(sources, width, height, rs) for _ in range(count)]
        pictures = np.stack([picture[:, :, ::-1] for picture, _ in made])
        wanted = np.stack([targets(faces, width, height) for _, faces in made])
        queue.put((torch.from_numpy(pictures), torch.from_numpy(wanted), width, height))


def as_input(pictures):
    """uint8 [N, H, W, 3] to float [N, 3, H, W] in channels-last layout."""
    return pictures.permute(0, 3, 1, 2).float()


def rate(part, options, step):
    """Warm-up, then constant, then half a cosine over the last part of the time."""
    flat = 1 - options.decay
    fall = 1.0 if part < flat else 0.5 * (1 + math.cos(math.pi * (min(part, 1) - flat) / options.decay))
    return options.rate * min(1.0, (step + 1) / 150) * fall + 1e-6


class Run:
    def __init__(self, options, sources):
        self.options = options
        self.net = Detector().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=options.rate, weight_decay=0.01)
        self.seen = self.step = 0
        if options.resume:
            state = torch.load(options.resume)
            self.net.load_state_dict(state['net'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.average, self.seen = state['average'], state['seen']
        else:
            if options.start:
                rs = np.random.RandomState(options.seed)
                example = np.stack([compose(sources, 256, 192, rs)[0][:, :, ::-1] for _ in range(48)])
                load_onnx(self.net, options.start, as_input(torch.from_numpy(example)))
            self.average = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.net.train()

    def take(self, pictures, wanted, width, height, part):
        """One step; returns its three losses."""
        for group in self.optimiser.param_groups:
            group['lr'] = rate(part, self.options, self.step)
        centres, strides = (torch.from_numpy(values) for values in anchor_centres(width, height))
        score, box, points = detection_loss(self.net(as_input(pictures)), wanted, centres, strides)
        self.optimiser.zero_grad()
        (1.5 * score + 2 * box + 2 * points).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self.seen += len(pictures)
        # The average follows closely at first, so that the initial weights fade quickly.
        decay = min(EMA, (self.step + 1) / (self.step + 20))
        for name, value in self.net.state_dict().items():
            if value.dtype.is_floating_point:
                self.average[name].lerp_(value, 1 - decay)
        return score.item(), box.item(), points.item()

    def save(self):
        folder = Path(self.options.out)
        torch.save({'net': self.net.state_dict(), 'average': self.average, 'optimiser': self.optimiser.state_dict(), 'seen': self.seen}, folder / 'saving.pt')
        (folder / 'saving.pt').rename(folder / 'last.pt')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', action='append', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--minutes', type=float, required=True)
    parser.add_argument('--from', dest='start')
    parser.add_argument('--resume')
    parser.add_argument('--hard', help='file with the names of hard negatives, one per line (from evaluate.py)')
    parser.add_argument('--loaders', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--decay', type=float, default=1.0, help='final share of the time over which the learning rate falls')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    Path(options.out).mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    sources = Sources(options.data, options.hard)
    run = Run(options, sources)
    print(f'{len(sources.faces)} faces, {len(sources.scenes)} scenes, {len(sources.negatives)} negatives ({len(sources.hard)} hard), seen {run.seen}', flush=True)
    queue = multiprocessing.Queue(6)
    seeds = [options.seed * 1000 + run.seen % 997 + number * 131 for number in range(options.loaders)]
    loaders = [multiprocessing.Process(target=load, args=(sources, seed, queue), daemon=True) for seed in seeds]
    for loader in loaders:
        loader.start()
    began = saved = time.time()
    recent = []
    while (elapsed := time.time() - began) < options.minutes * 60:
        recent.append(run.take(*queue.get(), elapsed / (options.minutes * 60)))
        if time.time() - saved > SAVE_SECONDS:
            saved = time.time()
            run.save()
            print(f'{elapsed / 60:.1f} min, seen {run.seen}, {run.step / elapsed:.2f} steps/s, waiting {queue.qsize()}, losses', np.mean(recent[-200:], 0).round(4), flush=True)
    run.save()
    print(f'done: {run.step} steps, seen {run.seen}, losses', np.mean(recent[-200:], 0).round(4), flush=True)
    for loader in loaders:
        loader.terminate()


if __name__ == '__main__':
    main()
