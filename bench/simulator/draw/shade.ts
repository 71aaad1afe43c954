import { displayTable, type Colour } from './colour.ts';
import { depthShadow } from './occlusion.ts';
import { EMPTY, type SurfaceBuffer } from './surface-buffer.ts';

/** Light of a room. Directions are unit vectors towards the light: x to image right, y up, z to the camera. */
export interface Light {
  readonly key: Colour;
  readonly keyDirection: readonly [number, number, number];
  /** From above and from below, all around. */
  readonly sky: Colour;
  readonly ground: Colour;
  /** From the screen, which stands where the camera is. */
  readonly screen: Colour;
}

const clampIndex = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 4095 : (value * 4095) | 0);

/**
 * Lights what the buffer holds and lays it over an RGBA picture. `scale`: pixels a centimetre, so that shadows of
 * nearness keep their size on the person.
 */
export function shade(buffer: SurfaceBuffer, light: Light, scale: number, picture: Uint8ClampedArray): void {
  const { bounds, width, depth, normals, surface } = buffer;
  if (bounds.left > bounds.right) return;
  const shadow = depthShadow(buffer, scale);
  const [lx, ly, lz] = light.keyDirection;
  // The half vector between the light and the viewer (0, 0, 1), for highlights.
  const halfLength = Math.hypot(lx, ly, lz + 1);
  const [hx, hy, hz] = [lx / halfLength, ly / halfLength, (lz + 1) / halfLength];
  for (let y = bounds.top; y <= bounds.bottom; y++) {
    for (let x = bounds.left; x <= bounds.right; x++) {
      const pixel = y * width + x;
      if (depth[pixel] === EMPTY) continue;
      const n = pixel * 3;
      const s = pixel * 4;
      const length = Math.hypot(normals[n]!, normals[n + 1]!, normals[n + 2]!) || 1;
      const nx = normals[n]! / length, ny = normals[n + 1]! / length, nz = normals[n + 2]! / length;
      const facing = nx * lx + ny * ly + nz * lz;
      const open = shadow[pixel]!;
      const up = 0.5 + 0.5 * ny;
      const front = nz > 0 ? nz : 0;
      const shine = nx * hx + ny * hy + nz * hz;
      const gloss = shine > 0 ? surface[s + 3]! * shine ** 24 : 0;
      // Light creeps round skin, red furthest: each channel wraps by its own share.
      const red = wrap(facing, 0.45), green = wrap(facing, 0.3), blue = wrap(facing, 0.25);
      const direct = 0.35 + 0.65 * open;
      picture[s] = displayTable[clampIndex(
        surface[s]! * (light.key[0] * red * direct + open * (light.sky[0] * up + light.ground[0] * (1 - up) + light.screen[0] * front)) +
        gloss * light.key[0] * open)]!;
      picture[s + 1] = displayTable[clampIndex(
        surface[s + 1]! * (light.key[1] * green * direct + open * (light.sky[1] * up + light.ground[1] * (1 - up) + light.screen[1] * front)) +
        gloss * light.key[1] * open)]!;
      picture[s + 2] = displayTable[clampIndex(
        surface[s + 2]! * (light.key[2] * blue * direct + open * (light.sky[2] * up + light.ground[2] * (1 - up) + light.screen[2] * front)) +
        gloss * light.key[2] * open)]!;
      picture[s + 3] = 255;
    }
  }
}

function wrap(facing: number, by: number): number {
  return facing <= -by ? 0 : (facing + by) / (1 + by);
}
