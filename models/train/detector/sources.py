"""Loads the pack's training pictures, grouped by their use."""

from dataclasses import dataclass

import cv2
import numpy as np

import pack

# Maximum longer side; larger pictures are downscaled on reading. No canvas is larger.
MOST = 400
# Object classes and sources of the pack with animals and cartoons. Their `ignore` regions contain near-faces, not faces.
ANIMALS = set("""ant bass beaver brontosaurus butterfly cougar_body cougar_face crab crayfish crocodile crocodile_head dalmatian dolphin dragonfly
elephant emu flamingo flamingo_head garfield gerenuk hawksbill hedgehog ibis kangaroo Leopards llama lobster mayfly nautilus octopus okapi panda pigeon
platypus rhino rooster scorpion sea_horse snoopy starfish stegosaurus tick trilobite wild_cat""".split())
# Whole scenes, used unchanged; the others are close-ups of one face, unless it is small. Re-posed faces (see ../pose) have
# arbitrary backgrounds.
SCENES = ('human_samples', 'ptgaze_frames')
CROPS = ('reposed',)


@dataclass
class Source:
    """Levels are the picture at 1, 1/2, 1/4... of its size, so that small pastes need no smoothing."""
    levels: list
    boxes: np.ndarray
    landmarks: np.ndarray
    ignored: np.ndarray
    grey: bool
    tight: bool


    def clear(self):
        """Without labels: all background."""
        self.boxes, self.landmarks, self.ignored = self.boxes[:0], self.landmarks[:0], self.ignored[:0]


def is_animal(record):
    return record['source'] == 'raccoon' or any(part in ANIMALS for part in record['origin'].split('/'))


def source(image, record, tight):
    scale = min(1.0, MOST / max(image.shape[:2]))
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    levels = [image]
    while min(levels[-1].shape[:2]) > 24 and len(levels) < 5:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    thin = image[::7, ::7].astype(np.int16)
    return Source(levels, pack.boxes(record) * scale, pack.landmarks(record) * scale, pack.ignored(record),
                  np.abs(thin[..., 0] - thin[..., 2]).mean() < 3, tight)


class Sources:
    def __init__(self, folders, hard=None):
        """folders: packs; groups held out for validation are excluded. hard: file with names of negatives."""
        self.faces, self.scenes, self.negatives, self.hard = [], [], [], []
        named = set(open(hard, encoding='utf8').read().split('\n')) if hard else set()
        weights = []
        for folder in folders:
            for record in pack.read(folder):
                if pack.is_validation(record['group']) or record['kind'] == 'noface_frame':
                    continue
                image = pack.picture(folder, record)
                found = [face for face in record['faces'] if not face.get('ignore')]
                if record['kind'] in ('neg', 'neg_ign'):
                    if record['file'] in named:
                        self.hard.append(len(self.negatives))
                    self.negatives.append(source(image, record, False))
                    if is_animal(record):
                        self.negatives[-1].clear()
                    continue
                height = max((face['box'][3] for face in found), default=0)
                scene = record['source'] in SCENES or (record['source'] not in CROPS and found and height < 0.55 * record['height'])
                if scene or not found:
                    self.scenes.append(source(image, record, False))
                else:
                    self.faces.append(source(image, record, height > 0.8 * record['height']))
                    weights.append(weight(found[0], record))
        self.weights = np.cumsum(weights) / np.sum(weights)

    def face(self, rs):
        return self.faces[min(len(self.faces) - 1, int(np.searchsorted(self.weights, rs.rand())))]

    def negative(self, rs):
        """One in three is a hard negative, if `hard` names any."""
        if len(self.hard) and rs.rand() < 0.35:
            return self.negatives[self.hard[rs.randint(len(self.hard))]]
        return self.negatives[rs.randint(len(self.negatives))]

    def scene(self, rs):
        return self.scenes[rs.randint(len(self.scenes))]


def weight(face, record):
    """Turned heads, masks and the sources of dark skin and low light are rare and therefore oversampled."""
    pose = face.get('pose') or {'yaw': 0, 'pitch': 0}
    turned = 3.0 if abs(pose['yaw']) > 25 else 1.5 if abs(pose['pitch']) > 20 else 1.0
    return turned * {'facial_expressions_film': 2.0, 'facemask_with': 1.7, 'facemask_without': 1.2, 'reposed': 0.8}.get(record['source'], 1.0)
