import { displayTable, type Colour } from './colour.ts';
import { openness } from './occlusion.ts';
import { EMPTY, type SurfaceBuffer } from './surface-buffer.ts';

/** Light of a room. Directions are unit vectors towards the light: x to image right, y up, z to the camera. */
export interface Light {
  readonly key: Colour;
  readonly keyDirection: readonly [number, number, number];
  /** Ambient light from above and from below. */
  readonly sky: Colour;
  readonly ground: Colour;
  /** Light of the screen, at the position of the camera. */
  readonly screen: Colour;
}

/**
 * Lights the buffer's content and draws it over an RGBA picture. `scale`: pixels per centimetre, so that contact
 * shadows keep their size on the person.
 */
export function shade(buffer: SurfaceBuffer, light: Light, scale: number, picture: Uint8ClampedArray): void {
  const { bounds, width, depth, normals, surface } = buffer;
  if (bounds.left > bounds.right) return;
  const shadow = openness(buffer, scale);
  const { key, sky, ground, screen } = light;
  const [lx, ly, lz] = light.keyDirection;
  // Half vector between the light and the viewer (0, 0, 1), for highlights.
  const halfLength = Math.hypot(lx, ly, lz + 1);
  const hx = lx / halfLength,
    hy = ly / halfLength,
    hz = (lz + 1) / halfLength;
  for (let y = bounds.top; y <= bounds.bottom; y++) {
    const row = y * width;
    const half = (y >> 1) * shadow.width;
    for (let pixel = row + bounds.left, end = row + bounds.right; pixel <= end; pixel++) {
      if (depth[pixel] === EMPTY) continue;
      const n = pixel * 3;
      const s = pixel * 4;
      let nx = normals[n]!,
        ny = normals[n + 1]!,
        nz = normals[n + 2]!;
      const shrink = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-12);
      nx *= shrink;
      ny *= shrink;
      nz *= shrink;
      const facing = nx * lx + ny * ly + nz * lz;
      const open = shadow.values[half + ((pixel - row) >> 1)]!;
      const direct = 0.35 + 0.65 * open;
      const up = open * (0.5 + 0.5 * ny);
      const down = open - up;
      const front = nz > 0 ? nz * open : 0;
      const gloss = surface[s + 3]! * open * power24(nx * hx + ny * hy + nz * hz);
      // Light scatters around skin, red furthest: each channel wraps by its own amount.
      const red = wrap(facing, 0.45) * direct,
        green = wrap(facing, 0.3) * direct,
        blue = wrap(facing, 0.25) * direct;
      picture[s] = display(
        surface[s]! * (key[0] * red + sky[0] * up + ground[0] * down + screen[0] * front) + gloss * key[0],
      );
      picture[s + 1] = display(
        surface[s + 1]! * (key[1] * green + sky[1] * up + ground[1] * down + screen[1] * front) + gloss * key[1],
      );
      picture[s + 2] = display(
        surface[s + 2]! * (key[2] * blue + sky[2] * up + ground[2] * down + screen[2] * front) + gloss * key[2],
      );
      picture[s + 3] = 255;
    }
  }
}

function display(linear: number): number {
  return displayTable[linear <= 0 ? 0 : linear >= 1 ? 4095 : (linear * 4095) | 0]!;
}

/** Lambert's cosine, extended past the terminator. */
function wrap(facing: number, by: number): number {
  return facing <= -by ? 0 : (facing + by) / (1 + by);
}

function power24(value: number): number {
  if (value <= 0) return 0;
  const second = value * value;
  const fourth = second * second;
  const eighth = fourth * fourth;
  return eighth * eighth * eighth;
}
