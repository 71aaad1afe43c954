/** Nearest surface at each pixel, before lighting: depth, normal, colour. One buffer is reused for all frames. */
export interface SurfaceBuffer {
  readonly width: number;
  readonly height: number;
  /** Centimetres towards the camera; `EMPTY` where nothing is drawn. */
  readonly depth: Float32Array;
  /** x, y, z per pixel */
  readonly normals: Float32Array;
  /** linear red, green, blue, gloss per pixel */
  readonly surface: Float32Array;
  /** Pixels touched since the last clear; empty when left > right. */
  readonly bounds: { left: number; top: number; right: number; bottom: number };
}

export const EMPTY = -1e6;

export function surfaceBuffer(width: number, height: number): SurfaceBuffer {
  return {
    width,
    height,
    depth: new Float32Array(width * height).fill(EMPTY),
    normals: new Float32Array(width * height * 3),
    surface: new Float32Array(width * height * 4),
    bounds: { left: width, top: height, right: -1, bottom: -1 },
  };
}

export function clear(buffer: SurfaceBuffer): void {
  buffer.depth.fill(EMPTY);
  Object.assign(buffer.bounds, { left: buffer.width, top: buffer.height, right: -1, bottom: -1 });
}
