import type { Mesh, Texture } from './mesh.ts';
import type { Rotation } from './rotation.ts';
import type { SurfaceBuffer } from './surface-buffer.ts';

/** Position of a person in the picture. */
export interface View {
  /** Pixels: projected origin of the person (at eye height, between the ears). */
  readonly x: number;
  readonly y: number;
  /** Distance of the camera from the origin, centimetres. */
  readonly distance: number;
  /** Pixels per centimetre at distance 1. */
  readonly focal: number;
}

/** Rotation around a point, applied to each vertex by its share. */
export interface Turn {
  readonly rotation: Rotation;
  readonly pivot: readonly [x: number, y: number, z: number];
}

/** A mesh to draw: `follow` is each vertex's share of the rotation, 0..1 (absent: all of it). */
export interface Part {
  readonly mesh: Mesh;
  readonly texture: Texture;
  readonly follow?: Float32Array;
}

let screen = new Float32Array(0);
let turned = new Float32Array(0);

/** Draws a part into the buffer; nearer surfaces win. */
export function rasterise(buffer: SurfaceBuffer, part: Part, turn: Turn, view: View): void {
  project(part, turn, view);
  const { triangles, uvs, doubleSided } = part.mesh;
  for (let t = 0; t < triangles.length; t += 3) {
    fill(buffer, part.texture, uvs, doubleSided, triangles[t]!, triangles[t + 1]!, triangles[t + 2]!);
  }
}

/** Fills `screen` (pixel x, pixel y, depth) and `turned` (normal) for every vertex. */
function project({ mesh, follow }: Part, { rotation: r, pivot }: Turn, view: View): void {
  const { positions, normals } = mesh;
  if (screen.length < positions.length) {
    screen = new Float32Array(positions.length);
    turned = new Float32Array(positions.length);
  }
  const [px, py, pz] = pivot;
  for (let i = 0, vertex = 0; i < positions.length; i += 3, vertex++) {
    const share = follow === undefined ? 1 : follow[vertex]!;
    const x = positions[i]!,
      y = positions[i + 1]!,
      z = positions[i + 2]!;
    const nx = normals[i]!,
      ny = normals[i + 1]!,
      nz = normals[i + 2]!;
    let wx = x,
      wy = y,
      wz = z,
      mx = nx,
      my = ny,
      mz = nz;
    if (share > 0) {
      const [dx, dy, dz] = [x - px, y - py, z - pz];
      wx += share * (r[0] * dx + r[1] * dy + r[2] * dz - dx);
      wy += share * (r[3] * dx + r[4] * dy + r[5] * dz - dy);
      wz += share * (r[6] * dx + r[7] * dy + r[8] * dz - dz);
      mx += share * (r[0] * nx + r[1] * ny + r[2] * nz - nx);
      my += share * (r[3] * nx + r[4] * ny + r[5] * nz - ny);
      mz += share * (r[6] * nx + r[7] * ny + r[8] * nz - nz);
    }
    const scale = view.focal / (view.distance - wz);
    screen[i] = view.x + wx * scale;
    screen[i + 1] = view.y - wy * scale;
    screen[i + 2] = wz;
    turned[i] = mx;
    turned[i + 1] = my;
    turned[i + 2] = mz;
  }
}

function fill(
  buffer: SurfaceBuffer,
  texture: Texture,
  uvs: Float32Array,
  doubleSided: boolean,
  a: number,
  b: number,
  c: number,
): void {
  const ax = screen[a * 3]!,
    ay = screen[a * 3 + 1]!,
    az = screen[a * 3 + 2]!;
  const bx = screen[b * 3]!,
    by = screen[b * 3 + 1]!,
    bz = screen[b * 3 + 2]!;
  const cx = screen[c * 3]!,
    cy = screen[c * 3 + 1]!,
    cz = screen[c * 3 + 2]!;
  // Pixel rows run down, so a triangle that faces the camera has a negative area here.
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0 || (area > 0 && !doubleSided)) return;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx)));
  const right = Math.min(buffer.width - 1, Math.floor(Math.max(ax, bx, cx)));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy)));
  const bottom = Math.min(buffer.height - 1, Math.floor(Math.max(ay, by, cy)));
  if (left > right || top > bottom) return;
  const side = area > 0 ? -1 : 1;
  grow(buffer.bounds, left, top, right, bottom);
  const { depth, normals, surface, width } = buffer;
  const { texels, width: tw, height: th } = texture;
  const a3 = a * 3,
    b3 = b * 3,
    c3 = c * 3,
    a2 = a * 2,
    b2 = b * 2,
    c2 = c * 2;
  // Barycentric weights of b and c at a pixel, and their increments per pixel to the right.
  const bStep = (cy - ay) / area,
    cStep = (ay - by) / area;
  for (let y = top; y <= bottom; y++) {
    let wb = ((left - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area;
    let wc = ((bx - ax) * (y - ay) - (by - ay) * (left - ax)) / area;
    for (let x = left; x <= right; x++, wb += bStep, wc += cStep) {
      const wa = 1 - wb - wc;
      if (wb < 0 || wc < 0 || wa < 0) continue;
      const z = wa * az + wb * bz + wc * cz;
      const pixel = y * width + x;
      if (z <= depth[pixel]!) continue;
      depth[pixel] = z;
      const n = pixel * 3;
      normals[n] = side * (wa * turned[a3]! + wb * turned[b3]! + wc * turned[c3]!);
      normals[n + 1] = side * (wa * turned[a3 + 1]! + wb * turned[b3 + 1]! + wc * turned[c3 + 1]!);
      normals[n + 2] = side * (wa * turned[a3 + 2]! + wb * turned[b3 + 2]! + wc * turned[c3 + 2]!);
      // Bilinear between the four nearest texels.
      const u = (wa * uvs[a2]! + wb * uvs[b2]! + wc * uvs[c2]!) * tw - 0.5;
      const v = (wa * uvs[a2 + 1]! + wb * uvs[b2 + 1]! + wc * uvs[c2 + 1]!) * th - 0.5;
      const u0 = u < 0 ? 0 : u >= tw - 1 ? tw - 1 : u | 0;
      const v0 = v < 0 ? 0 : v >= th - 1 ? th - 1 : v | 0;
      const fu = u < 0 || u0 === tw - 1 ? 0 : u - u0;
      const fv = v < 0 || v0 === th - 1 ? 0 : v - v0;
      const p00 = (v0 * tw + u0) * 4;
      const p10 = fu > 0 ? p00 + 4 : p00;
      const p01 = fv > 0 ? p00 + tw * 4 : p00;
      const p11 = p01 + p10 - p00;
      const w11 = fu * fv,
        w10 = fu - w11,
        w01 = fv - w11,
        w00 = 1 - fu - w01;
      const s = pixel * 4;
      surface[s] = texels[p00]! * w00 + texels[p10]! * w10 + texels[p01]! * w01 + texels[p11]! * w11;
      surface[s + 1] =
        texels[p00 + 1]! * w00 + texels[p10 + 1]! * w10 + texels[p01 + 1]! * w01 + texels[p11 + 1]! * w11;
      surface[s + 2] =
        texels[p00 + 2]! * w00 + texels[p10 + 2]! * w10 + texels[p01 + 2]! * w01 + texels[p11 + 2]! * w11;
      surface[s + 3] =
        texels[p00 + 3]! * w00 + texels[p10 + 3]! * w10 + texels[p01 + 3]! * w01 + texels[p11 + 3]! * w11;
    }
  }
}

function grow(bounds: SurfaceBuffer['bounds'], left: number, top: number, right: number, bottom: number): void {
  if (left < bounds.left) bounds.left = left;
  if (right > bounds.right) bounds.right = right;
  if (top < bounds.top) bounds.top = top;
  if (bottom > bounds.bottom) bounds.bottom = bottom;
}
