import { scaleColour } from './colour.ts';
import { angleFromFront, hairlineHeight } from './hairline.ts';
import type { HairStyle, PersonLook } from './look.ts';
import { type Mesh, paint, sheet, type Texture } from './mesh.ts';
import type { Part } from './raster.ts';
import { smoothstep } from './scalar.ts';
import { valueNoise } from './value-noise.ts';

/** Thickness over the scalp, centimetres: at the edge, and the increase towards the crown. */
const THICKNESS: Record<Exclude<HairStyle, 'shaved'>, readonly [edge: number, crown: number]> = {
  short: [0.35, 0.8],
  parted: [0.7, 1.4],
  long: [0.8, 0.9],
  bun: [0.4, 0.35],
  curly: [0.9, 1.6],
};

export function hairParts(head: Mesh, look: PersonLook): Part[] {
  if (look.hairStyle === 'shaved') return [];
  const texture = strandTexture(look);
  const parts: Part[] = [{ mesh: shell(head, look, look.hairStyle), texture }];
  if (look.hairStyle === 'long') parts.push(curtain(look, texture));
  if (look.hairStyle === 'bun') parts.push({ mesh: ball(0, 9.2, -7.6, 2.9), texture });
  return parts;
}

/** The head's surface, raised where hair grows and sunk below the skin elsewhere. */
function shell(head: Mesh, look: PersonLook, style: Exclude<HairStyle, 'shaved'>): Mesh {
  const [edge, crown] = THICKNESS[style];
  const positions = new Float32Array(head.positions.length);
  const lifted = new Uint8Array(head.positions.length / 3);
  for (let i = 0; i < positions.length; i += 3) {
    const x = head.positions[i]!,
      y = head.positions[i + 1]!,
      z = head.positions[i + 2]!;
    const ragged = 0.3 * valueNoise(x * 1.1, z * 1.1 + y * 0.6, look.seed + 5);
    const above = y + ragged - hairlineHeight(style, angleFromFront(x, z));
    let lift =
      above > 0
        ? smoothstep(-0.2, 1.6, above) * (edge + crown * smoothstep(4, 11, y))
        : -0.5 * smoothstep(0, -0.4, above);
    if (style === 'curly') lift *= 1 + 0.3 * valueNoise(x * 1.1, y * 1.1 + z * 0.9, look.seed + 6);
    if (style === 'parted' && above > 0) lift *= 1 - 0.3 * smoothstep(1.6, 0, Math.abs(x - 2.6)) + 0.03 * x;
    lifted[i / 3] = lift > -0.3 ? 1 : 0;
    for (let axis = 0; axis < 3; axis++)
      positions[i + axis] = head.positions[i + axis]! + head.normals[i + axis]! * lift;
  }
  const kept: number[] = [];
  for (let t = 0; t < head.triangles.length; t += 3) {
    const [a, b, c] = [head.triangles[t]!, head.triangles[t + 1]!, head.triangles[t + 2]!];
    if (lifted[a] || lifted[b] || lifted[c]) kept.push(a, b, c);
  }
  return { ...head, positions, triangles: Uint32Array.from(kept) };
}

function strandTexture(look: PersonLook): Texture {
  return paint(512, 96, (u, v) => {
    const strand = 0.32 * valueNoise(u * 190, v * 5, look.seed + 7) + 0.22 * valueNoise(u * 60, v * 9, look.seed + 8);
    return [...scaleColour(look.hair, 1 + strand), 0.1 + 0.12 * strand];
  });
}

/** Hair that hangs from the temples around the back down to the shoulders. */
function curtain(look: PersonLook, texture: Texture): Part {
  const mesh = sheet(
    56,
    24,
    (u, v) => {
      const y = -18 + 24 * v;
      // From image left around the back to image right, so that the outside stays outside.
      const angle = ((80 + 200 * (1 - u)) * Math.PI) / 180;
      const wave = 1 + 0.025 * valueNoise(u * 14, y * 0.25, look.seed + 9);
      const fall = smoothstep(2, -14, y);
      return [
        Math.sin(angle) * (8.4 + 0.6 * fall) * wave * look.shape.width,
        y,
        -1.2 + Math.cos(angle) * (9.6 - 1.5 * fall) * wave,
      ];
    },
    true,
  );
  const follow = Float32Array.from({ length: mesh.positions.length / 3 }, (_, i) =>
    smoothstep(-20, -5, mesh.positions[i * 3 + 1]!),
  );
  return { mesh, texture, follow };
}

function ball(cx: number, cy: number, cz: number, radius: number): Mesh {
  return sheet(24, 16, (u, v) => {
    const lon = (u * 2 - 1) * Math.PI;
    const lat = (v - 0.5) * Math.PI;
    return [
      cx + radius * Math.sin(lon) * Math.cos(lat),
      cy + radius * Math.sin(lat),
      cz + radius * Math.cos(lon) * Math.cos(lat),
    ];
  });
}
