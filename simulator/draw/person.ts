import { earParts, glassesParts } from './accessories.ts';
import { bodyParts } from './body.ts';
import { eyePatch, paintEyes, type EyePatch } from './eyes.ts';
import { facePaint } from './face-paint.ts';
import { hairParts } from './hair.ts';
import { headMesh } from './head.ts';
import { HEAD_HEIGHT } from './head-shape.ts';
import type { PersonLook } from './look.ts';
import type { Texture } from './mesh.ts';
import { cameraDistance, FOCAL, headRotation, PIVOT } from './place.ts';
import { type Part, rasterise } from './raster.ts';
import { shade, type Light } from './shade.ts';
import { clear, type SurfaceBuffer } from './surface-buffer.ts';

/** Posture of one person in one frame. Angles in degrees relative to the line from the camera to the head. */
export interface Posture {
  /** > 0: turned to image right */
  readonly yaw: number;
  /** > 0: up */
  readonly pitch: number;
  /** > 0: clockwise as seen */
  readonly roll: number;
  /** Eyes relative to the head, same signs. */
  readonly gazeYaw: number;
  readonly gazePitch: number;
  /** Pixels: the point between the ears at eye height, with the head straight. */
  readonly x: number;
  readonly y: number;
  /** Pixels from chin to crown, with the head straight: 60 (far) to 600 (close to the lens). */
  readonly size: number;
  /** Eyelids: 1 (or absent) = open, 0 = shut. */
  readonly open?: number;
}

/** A built person: geometry and textures, drawable in any posture. Drawing repaints the eyes in `skin`. */
export interface Person {
  readonly look: PersonLook;
  readonly skin: Texture;
  readonly eyes: EyePatch;
  readonly parts: readonly Part[];
}

/** Takes about 0.3 s; the same look gives the same person. */
export function buildPerson(look: PersonLook): Person {
  const head = headMesh(look.shape);
  const skin = facePaint(head, look);
  return {
    look,
    skin,
    eyes: eyePatch(head, skin),
    // Hair first: skin hidden under it needs no colour.
    parts: [
      ...hairParts(head, look),
      { mesh: head, texture: skin },
      ...earParts(look),
      ...glassesParts(look),
      ...bodyParts(look),
    ],
  };
}

/** Draws one person over an RGBA picture of the buffer's size; `buffer.bounds` then covers the changed area. */
export function drawPerson(
  buffer: SurfaceBuffer,
  person: Person,
  posture: Posture,
  light: Light,
  picture: Uint8ClampedArray,
): void {
  const { x, y, size } = posture;
  paintEyes(person.skin, person.eyes, person.look, {
    yaw: posture.gazeYaw,
    pitch: posture.gazePitch,
    open: posture.open ?? 1,
  });
  clear(buffer);
  const distance = cameraDistance(size);
  const turn = { rotation: headRotation(posture), pivot: PIVOT };
  for (const part of person.parts) rasterise(buffer, part, turn, { x, y, distance, focal: FOCAL });
  shade(buffer, light, size / HEAD_HEIGHT, picture);
}
