import { addSensorNoise, soften } from './camera.ts';
import { encodeJpeg } from './jpeg.ts';
import { drawPerson, type Posture } from './person.ts';
import { between, mixSeed, seeded } from './prng.ts';
import { FRAME_HEIGHT, FRAME_WIDTH, type Scene } from './scene.ts';
import { surfaceBuffer } from './surface-buffer.ts';

export interface FrameContent {
  /** The student first; empty: the seat is empty. */
  readonly people: readonly Posture[];
  /** A person on a poster on the wall behind. */
  readonly poster?: Posture;
  /** Something covers the lens. */
  readonly covered?: boolean;
  /** Frame number: seeds the noise, so that equal content with another number gives another picture. */
  readonly frame: number;
}

const QUALITY = 0.8;
const PAPER = [214, 208, 196, 255] as const;
const buffer = surfaceBuffer(FRAME_WIDTH, FRAME_HEIGHT);
const picture = new Uint8ClampedArray(FRAME_WIDTH * FRAME_HEIGHT * 4);

/** One 640x480 JPEG of the scene. */
export function drawFrame(scene: Scene, { people, poster, covered = false, frame }: FrameContent): Buffer {
  const random = seeded(mixSeed(scene.seed, 0xf4a3e, frame));
  if (covered) {
    cover(random);
  } else {
    picture.set(scene.room.pixels);
    if (poster) hangPoster(scene, poster);
    // The smaller head is the farther one.
    const order = people.map((posture, index) => ({ posture, index })).sort((a, b) => a.posture.size - b.posture.size);
    for (const { posture, index } of order) {
      drawPerson(buffer, scene.person(index), posture, scene.room.light, picture);
      const { left, top, right, bottom } = buffer.bounds;
      if (left <= right) soften(picture, FRAME_WIDTH, FRAME_HEIGHT, left - 2, top - 2, right + 2, bottom + 2);
    }
    addSensorNoise(picture, FRAME_WIDTH, scene.noise, random);
  }
  return encodeJpeg(picture, FRAME_WIDTH, FRAME_HEIGHT, QUALITY);
}

/** The person on the poster is neither student nor guest. */
const ON_POSTER = 2;

function hangPoster(scene: Scene, posture: Posture): void {
  const { x, y, size } = posture;
  const [left, right] = [Math.round(x - size), Math.round(x + size)];
  const [top, bottom] = [Math.round(y - size), Math.round(y + size)];
  const inside = (i: number) => {
    const [column, row] = [i % FRAME_WIDTH, Math.floor(i / FRAME_WIDTH)];
    return column >= left && column < right && row >= top && row < bottom;
  };
  for (let i = 0; i < FRAME_WIDTH * FRAME_HEIGHT; i++) if (inside(i)) picture.set(PAPER, i * 4);
  drawPerson(buffer, scene.person(ON_POSTER), posture, scene.room.light, picture);
  for (let i = 0; i < FRAME_WIDTH * FRAME_HEIGHT; i++)
    if (!inside(i)) picture.set(scene.room.pixels.subarray(i * 4, i * 4 + 4), i * 4);
  soften(picture, FRAME_WIDTH, FRAME_HEIGHT, left, top, right, bottom);
}

/** A thumb or tape on the lens: almost no light, and amplified sensor noise. */
function cover(random: () => number): void {
  const [red, green, blue] = [between(random, 5, 8), between(random, 3, 6), between(random, 3, 6)];
  for (let i = 0; i < picture.length; i += 4) {
    picture[i] = red;
    picture[i + 1] = green;
    picture[i + 2] = blue;
    picture[i + 3] = 255;
  }
  addSensorNoise(picture, FRAME_WIDTH, 2.2, random);
}
