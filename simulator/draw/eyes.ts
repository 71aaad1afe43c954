import { mixColour, scaleColour, type Colour } from './colour.ts';
import { onHead } from './head.ts';
import { EYE_X } from './head-shape.ts';
import type { PersonLook } from './look.ts';
import type { Mesh, Texture } from './mesh.ts';
import { bump, clamp, smoothstep } from './scalar.ts';

/** Degrees relative to the head: yaw > 0 to image right, pitch > 0 up. `open`: 1 = wide awake, 0 = shut. */
export interface Gaze {
  readonly yaw: number;
  readonly pitch: number;
  readonly open: number;
}

/** Texels of the skin around the eyes, found once, so that a new gaze repaints only these. */
export interface EyePatch {
  /** texel number, centimetres from the eye's middle away from the nose, centimetres up, side (-1 image left) */
  readonly texels: readonly {
    readonly index: number;
    readonly out: number;
    readonly up: number;
    readonly side: -1 | 1;
  }[];
  readonly bare: Float32Array;
}

const EYE_RADIUS = 1.3;
const IRIS_RADIUS = 0.63;
/** Centimetres from the middle of an eye to its corners. */
export const HALF_WIDTH = 1.5;

export function eyePatch(mesh: Mesh, skin: Texture): EyePatch {
  const texels: { index: number; out: number; up: number; side: -1 | 1 }[] = [];
  const bare: number[] = [];
  for (let row = 0; row < skin.height; row++) {
    for (let column = 0; column < skin.width; column++) {
      const [x, y, z] = onHead(mesh, (column + 0.5) / skin.width, (row + 0.5) / skin.height);
      const out = Math.abs(x) - EYE_X;
      if (z < 3 || Math.abs(out) > 2.1 || y > 1.4 || y < -1.2) continue;
      const index = row * skin.width + column;
      texels.push({ index, out, up: y, side: x < 0 ? -1 : 1 });
      bare.push(...skin.texels.subarray(index * 4, index * 4 + 4));
    }
  }
  return { texels, bare: Float32Array.from(bare) };
}

/** Height of the upper lid, 1 = looking straight ahead. It follows the eyeball down when the eye looks down. */
function lidLift({ open, pitch }: Pick<Gaze, 'open' | 'pitch'>): number {
  return open > 0 ? clamp(open * (1 + pitch / 45), 0.12, 1.25) : 0;
}

/** Centimetres between the lids at the centre of the eye. */
export function lidGap(gaze: Pick<Gaze, 'open' | 'pitch'>): number {
  const lift = lidLift(gaze);
  return lift > 0 ? 0.52 * lift - 0.02 + 0.4 : 0;
}

/** Paints lids, whites, irises and lashes into the skin texture for one gaze. */
export function paintEyes(skin: Texture, patch: EyePatch, look: PersonLook, gaze: Gaze): void {
  const rad = Math.PI / 180;
  const irisX = EYE_RADIUS * Math.sin(gaze.yaw * rad);
  const irisY = EYE_RADIUS * Math.sin(gaze.pitch * rad);
  const lift = lidLift(gaze);
  const white: Colour = [0.5, 0.46, 0.43];
  const lash = scaleColour(look.hair, 0.5);
  patch.texels.forEach(({ index, out, up, side }, i) => {
    const base: Colour = [patch.bare[i * 4]!, patch.bare[i * 4 + 1]!, patch.bare[i * 4 + 2]!];
    const span = clamp(1 - (out / HALF_WIDTH) ** 2, 0, 1);
    const tilt = 0.05 * out;
    const lower = -0.4 * span ** 0.8 + tilt;
    const upper = lift > 0 ? 0.52 * lift * Math.sqrt(span) + tilt - 0.02 : lower;
    const inside =
      span > 0 && upper > lower
        ? smoothstep(upper + 0.05, upper - 0.06, up) * smoothstep(lower - 0.06, lower + 0.05, up)
        : 0;
    let tone = base;
    let gloss = patch.bare[i * 4 + 3]!;
    const crease = 0.35 * bump(up - upper - 0.38, 0.14) * smoothstep(1.9, 1.2, Math.abs(out));
    const bag = 0.14 * bump(up - lower + 0.3, 0.16) * smoothstep(1.7, 1, Math.abs(out));
    tone = scaleColour(tone, 1 - crease - bag);
    if (inside > 0) {
      const fromIris = Math.hypot(out * side - irisX, up - irisY + 0.02);
      let eye = scaleColour(
        white,
        1 - 0.35 * Math.abs(out / HALF_WIDTH) ** 2 - 0.55 * smoothstep(upper - 0.35, upper, up),
      );
      const iris = scaleColour(
        look.iris,
        0.6 + 0.5 * smoothstep(0.2, 0.5, fromIris) - 0.5 * smoothstep(0.5, 0.6, fromIris),
      );
      eye = mixColour(eye, iris, smoothstep(IRIS_RADIUS + 0.05, IRIS_RADIUS - 0.05, fromIris));
      eye = mixColour(eye, [0.005, 0.005, 0.006], smoothstep(0.29, 0.22, fromIris));
      const glint = smoothstep(0.17, 0.1, Math.hypot(out * side - irisX + 0.18, up - irisY - 0.2));
      eye = mixColour(eye, [1, 1, 1], 0.7 * glint);
      tone = mixColour(tone, eye, inside);
      gloss = 0.2 * inside;
    }
    const edge = span > 0 || Math.abs(out) < 1.75 ? 1 : 0;
    const lashes =
      edge * smoothstep(1.75, 1.35, Math.abs(out)) * (0.85 * bump(up - upper, 0.1) + 0.4 * bump(up - lower, 0.07));
    tone = mixColour(tone, lash, clamp(lashes, 0, 0.9));
    skin.texels[index * 4] = tone[0];
    skin.texels[index * 4 + 1] = tone[1];
    skin.texels[index * 4 + 2] = tone[2];
    skin.texels[index * 4 + 3] = gloss;
  });
}
