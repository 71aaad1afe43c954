"""Loads the pack's training pictures, grouped by their use."""

from dataclasses import dataclass

import cv2
import numpy as np

import pack
from dial import dial

# Maximum longer side of a close-up and of a scene, whose small faces need their pixels; larger pictures are downscaled on reading.
MOST, MOST_OF_SCENE = 400, 640
# Drawn clocks and gauges among the negatives.
DIALS = 500
# Object classes and sources of the pack with animals and cartoons. Their `ignore` regions contain near-faces, not faces.
ANIMALS = set("""ant bass beaver brontosaurus butterfly cougar_body cougar_face crab crayfish crocodile crocodile_head dalmatian dolphin dragonfly
elephant emu flamingo flamingo_head garfield gerenuk hawksbill hedgehog ibis kangaroo Leopards llama lobster mayfly nautilus octopus okapi panda pigeon
platypus rhino rooster scorpion sea_horse snoopy starfish stegosaurus tick trilobite wild_cat""".split())
# Whole scenes, used unchanged; the others are close-ups of one face, unless it is small. Re-posed faces (see ../pose) have
# arbitrary backgrounds.
SCENES = ('human_samples', 'ptgaze_frames')
CROPS = ('reposed',)
# Pictures of one round thing, cut out as such when they are put on another picture.
ROUND = ('watches', 'gauges', 'drawn dials')
# Frames of few clips, which are much alike.
ALIKE = ('ptgaze_frames',)


@dataclass
class Source:
    """Levels are the picture at 1, 1/2, 1/4... of its size, so that small pastes need no smoothing."""
    levels: list
    boxes: np.ndarray
    landmarks: np.ndarray
    ignored: np.ndarray
    grey: bool
    tight: bool
    round: bool = False

    def clear(self):
        """Without labels: all background."""
        self.boxes, self.landmarks, self.ignored = self.boxes[:0], self.landmarks[:0], self.ignored[:0]


def is_animal(record):
    return record['source'] == 'raccoon' or any(part in ANIMALS for part in record['origin'].split('/'))


def source(image, record, tight, most=MOST):
    scale = min(1.0, most / max(image.shape[:2]))
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    levels = [image]
    while min(levels[-1].shape[:2]) > 24 and len(levels) < 5:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    thin = image[::7, ::7].astype(np.int16)
    return Source(levels, pack.boxes(record) * scale, pack.landmarks(record) * scale, pack.ignored(record),
                  np.abs(thin[..., 0] - thin[..., 2]).mean() < 3, tight, record['source'] in ROUND)


class Sources:
    def __init__(self, folders, hard=None):
        """folders: packs; groups held out for validation are excluded. hard: file with names of negatives."""
        self.faces, self.scenes, self.negatives, self.hard = [], [], [], []
        named = set(open(hard, encoding='utf8').read().split('\n')) if hard else set()
        weights, scene_weights = [], []
        for folder in folders:
            for record in pack.read(folder):
                if not pack.trains(record) or record['kind'] == 'noface_frame':
                    continue
                image = pack.picture(folder, record)
                found = [face for face in record['faces'] if not face.get('ignore')]
                if record['kind'] in ('neg', 'neg_ign'):
                    # People said of these that nobody is there, where a network saw a face.
                    if record['file'] in named or record.get('checked'):
                        self.hard.append(len(self.negatives))
                    self.negatives.append(source(image, record, False))
                    if is_animal(record):
                        self.negatives[-1].clear()
                    continue
                height = max((face['box'][3] for face in found), default=0)
                scene = record['source'] in SCENES or (record['source'] not in CROPS and found and height < 0.55 * record['height'])
                if scene or not found:
                    self.scenes.append(source(image, record, False, MOST_OF_SCENE))
                    scene_weights.append(scene_weight(found, record))
                else:
                    self.faces.append(source(image, record, height > 0.8 * record['height']))
                    weights.append(weight(found[0], record))
        rs = np.random.RandomState(1)
        nobody = {'source': 'drawn dials', 'faces': []}
        self.dials = [source(dial(rs), nobody, False) for _ in range(DIALS)]
        self.round = [*self.dials, *(one for one in self.negatives if one.round)]
        self.weights = np.cumsum(weights) / np.sum(weights)
        self.scene_weights = np.cumsum(scene_weights) / np.sum(scene_weights)

    def face(self, rs):
        return pick(self.faces, self.weights, rs)

    def negative(self, rs):
        """One in three is a hard negative, if `hard` names any."""
        if len(self.hard) and rs.rand() < 0.35:
            return self.negatives[self.hard[rs.randint(len(self.hard))]]
        return self.negatives[rs.randint(len(self.negatives))]

    def round_thing(self, rs):
        return self.round[rs.randint(len(self.round))]

    def scene(self, rs):
        return pick(self.scenes, self.scene_weights, rs)


def pick(items, cumulated, rs):
    return items[min(len(items) - 1, int(np.searchsorted(cumulated, rs.rand())))]


def scene_weight(found, record):
    """Scenes with several people are shown more often."""
    return (1 + 0.5 * min(5, max(0, len(found) - 1))) * (0.2 if record['source'] in ALIKE else 1) * (0.4 if not found else 1)


def weight(face, record):
    """Turned heads, masks and the sources of dark skin and low light are rare and therefore oversampled."""
    pose = face.get('pose') or {'yaw': 0, 'pitch': 0}
    turned = 3.0 if abs(pose['yaw']) > 25 else 1.5 if abs(pose['pitch']) > 20 else 1.0
    return turned * {'facial_expressions_film': 2.0, 'facemask_with': 1.7, 'facemask_without': 1.2, 'reposed': 0.8}.get(record['source'], 1.0)
