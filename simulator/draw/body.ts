import { mixColour, scaleColour, type Colour } from './colour.ts';
import { longitude } from './head.ts';
import type { PersonLook } from './look.ts';
import { type Mesh, paint, sheet, type Texture } from './mesh.ts';
import type { Part } from './raster.ts';
import { bump, smoothstep, through } from './scalar.ts';
import { valueNoise } from './value-noise.ts';

/** Half width, half depth and middle (z) of the trunk by height, centimetres below the eyes. */
const HALF_WIDTH = [
  [-44, 21],
  [-28, 21.5],
  [-21, 21],
  [-18, 19],
  [-16.2, 14.5],
  [-14.8, 9],
  [-13.5, 6.2],
  [-12.2, 4.6],
] as const;
const HALF_DEPTH = [
  [-44, 12],
  [-28, 11],
  [-21, 9.5],
  [-16.2, 7.6],
  [-13.5, 6],
  [-12.2, 4.6],
] as const;
const MIDDLE = [
  [-44, -2],
  [-28, -2.5],
  [-16, -4],
  [-12.2, -3.6],
] as const;
const TOP = -12.2;
const BOTTOM = -44;

export function bodyParts(look: PersonLook): Part[] {
  const trunk = trunkMesh(look);
  const neck = neckMesh();
  const count = neck.positions.length / 3;
  return [
    { mesh: trunk, texture: clothTexture(look), follow: new Float32Array(trunk.positions.length / 3) },
    {
      mesh: neck,
      texture: neckTexture(look),
      // The neck twists: its top follows the head, its base stays on the shoulders.
      follow: Float32Array.from({ length: count }, (_, i) => smoothstep(-15.5, -7.5, neck.positions[i * 3 + 1]!)),
    },
  ];
}

function trunkMesh(look: PersonLook): Mesh {
  return sheet(56, 44, (u, v) => place(look, u, v));
}

function place(look: PersonLook, u: number, v: number): readonly [number, number, number] {
  const y = TOP + (BOTTOM - TOP) * (1 - v) ** 1.7;
  const angle = longitude(u);
  // A slightly square lower section, as chests and backs are flatter than an ellipse; round at the neck.
  const power = 1 - 0.2 * smoothstep(-13.5, -17, y);
  const squared = (value: number): number => Math.sign(value) * Math.abs(value) ** power;
  return [
    squared(Math.sin(angle)) * through(HALF_WIDTH, y) * (1 + (look.shoulders - 1) * smoothstep(-13, -17, y)),
    y,
    through(MIDDLE, y) + squared(Math.cos(angle)) * through(HALF_DEPTH, y),
  ];
}

function neckMesh(): Mesh {
  return sheet(40, 16, (u, v) => {
    const y = -17 + 13 * v;
    const angle = (u * 2 - 1) * Math.PI;
    // It tapers inside the collar, so that the trunk's own colours show there.
    const radius = 5.4 - 1.2 * smoothstep(-13, -15.5, y);
    return [Math.sin(angle) * radius, y, -3 + 0.4 * smoothstep(-15, -6, y) + Math.cos(angle) * radius];
  });
}

function neckTexture(look: PersonLook): Texture {
  return paint(64, 32, (u, v) => {
    const side = Math.abs(u * 2 - 1);
    const tendon = 0.1 * bump(side - 0.17, 0.05) - 0.08 * bump(side, 0.06);
    return [...scaleColour(look.skin, (0.92 - 0.35 * smoothstep(0.4, 0.95, v)) * (1 + tendon)), 0.02];
  });
}

function clothTexture(look: PersonLook): Texture {
  return paint(384, 224, (u, v) => {
    const [x, y, z] = place(look, u, v);
    const fold =
      0.22 * valueNoise(x * 0.22, y * 0.16 + z * 0.1, look.seed + 10) + 0.06 * valueNoise(x * 3, y * 3, look.seed + 11);
    const front = smoothstep(-4, 2, z);
    // The arms hang in front of the sides of the chest: a dark fold down from the armpit separates them.
    const armpit = 0.5 * front * bump(Math.abs(x) - 15.5 + 0.06 * (y + 24), 0.7) * smoothstep(-21, -25, y);
    return [...dress(look, x, y, front, scaleColour(look.cloth, (1 + fold) * (1 - armpit))), 0.01];
  });
}

/** Clothing at a point of the trunk; `front` is 0 at the back, 1 on the chest. */
function dress(look: PersonLook, px: number, y: number, front: number, cloth: Colour): Colour {
  const x = Math.abs(px);
  const pale: Colour = [0.72, 0.72, 0.7];
  switch (look.clothing) {
    case 'tee': {
      const neckline = -13.9 - 2.1 * front * bump(x, 5.5);
      return mixColour(
        mixColour(cloth, scaleColour(cloth, 0.7), bump(y - neckline + 0.5, 0.35)),
        look.skin,
        smoothstep(neckline - 0.15, neckline + 0.15, y),
      );
    }
    case 'shirt': {
      const opening = -13 - 3.8 * front * smoothstep(2.9, 0, x);
      // The collar's lower edge rises from its point beside the opening around the neck.
      const edge = -17.6 + 0.75 * Math.abs(x - 2.4);
      const seam = front * bump(y - edge, 0.22) * smoothstep(6, 5, x) * smoothstep(1, 1.6, x);
      const wing = front * smoothstep(edge - 0.1, edge + 0.1, y);
      const placket = front * bump(x - 0.8, 0.15) * smoothstep(-16.5, -17.5, y);
      const fabric = mixColour(scaleColour(cloth, 1 - 0.5 * seam - 0.3 * placket), pale, wing * 0.12);
      return mixColour(fabric, look.skin, smoothstep(opening - 0.15, opening + 0.15, y));
    }
    case 'hoodie': {
      const cord =
        0.8 * front * bump(x - 2.2 - 0.1 * Math.sin(y), 0.22) * smoothstep(-24, -23.5, y) * smoothstep(-15, -16, y);
      return mixColour(scaleColour(cloth, 1 - 0.35 * smoothstep(-15.6, -14.4, y)), pale, cord);
    }
    case 'jumper': {
      const rib = 0.88 + 0.12 * Math.sin(px * 9);
      return scaleColour(cloth, y > -14.6 ? rib * 0.8 : 1 + 0.05 * Math.sin(y * 7));
    }
  }
}
