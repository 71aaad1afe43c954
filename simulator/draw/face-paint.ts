import { mixColour, scaleColour, type Colour } from './colour.ts';
import { onHead } from './head.ts';
import { EYE_X, MOUTH_Y, NOSE_TIP_Y } from './head-shape.ts';
import type { PersonLook } from './look.ts';
import { type Mesh, paint, type Texture } from './mesh.ts';
import { bump, clamp, mix, smoothstep } from './scalar.ts';
import { valueNoise } from './value-noise.ts';
import { hairCover } from './hairline.ts';

const WIDTH = 512;
const HEIGHT = 384;

/** Colours of a head's skin: brows, lips, nostrils, stubble, the tint of the scalp. Eyes are painted separately. */
export function facePaint(mesh: Mesh, look: PersonLook): Texture {
  return paint(WIDTH, HEIGHT, (u, v) => {
    const [x, y, z] = onHead(mesh, u, v);
    const mottle =
      0.05 * valueNoise(x * 1.3, y * 1.3 + z, look.seed) + 0.04 * valueNoise(x * 5, y * 5 + z * 3, look.seed + 1);
    let tone: Colour = scaleColour(look.skin, 1 + mottle);
    let gloss = 0.05 + 0.05 * bump(x, 3) * smoothstep(3, 6, z);
    if (z > 2) {
      tone = blush(tone, look, x, y);
      tone = beard(tone, look, x, y, z);
      const lip = lips(look, x, y);
      tone = mixColour(tone, scaleColour(look.lips, 1 + 2 * mottle), lip * 0.85);
      gloss += lip * 0.08;
      tone = scaleColour(tone, 1 - hollows(look, x, y));
      const brow = brows(look, x, y);
      tone = mixColour(tone, look.hair, brow);
      gloss *= 1 - brow;
    }
    const scalp = hairCover(look.hairStyle, x, y, z);
    const strands = 1 + 0.25 * valueNoise(x * 6, z * 6 + y, look.seed + 2);
    tone = mixColour(tone, scaleColour(look.hair, strands), scalp * (look.hairStyle === 'shaved' ? 0.72 : 0.92));
    return [...tone, gloss * (1 - scalp)];
  });
}

/** Warmer cheeks, nose and ears; duller skin around the eyes. */
function blush(tone: Colour, look: PersonLook, px: number, y: number): Colour {
  const x = Math.abs(px);
  const warm = 0.5 * bump(Math.hypot(x - 4.2, y + 3.2), 2.2) + 0.35 * bump(Math.hypot(x, y + 4), 1.2);
  const dull =
    0.22 * bump((x - EYE_X) / 1.7, 1) * bump((y + 1.1) / 0.7, 1) +
    0.14 * bump((x - EYE_X) / 1.9, 1) * bump((y - 0.7) / 0.7, 1);
  const red: Colour = [look.skin[0] * 1.02, look.skin[1] * 0.82, look.skin[2] * 0.8];
  return scaleColour(mixColour(tone, red, warm), 1 - dull);
}

function beard(tone: Colour, look: PersonLook, px: number, y: number, z: number): Colour {
  if (look.beard === 0) return tone;
  const x = Math.abs(px);
  const cheekLine = -4.6 - 0.12 * (6 - x) ** 2 * smoothstep(6, 2, x);
  const jaw = smoothstep(cheekLine + 0.4, cheekLine - 1.2, y) * smoothstep(0.9, 2.4, Math.hypot(x, (y + 7.1) * 1.1));
  const moustache = smoothstep(-5, -5.4, y) * smoothstep(-6.5, -6.0, y) * smoothstep(3, 2, x);
  const chin = smoothstep(-8.3, -9, y) * smoothstep(3.4, 2.4, x);
  const grain = 0.75 + 0.25 * valueNoise(px * 7, y * 4 + z * 4, look.seed + 3);
  return mixColour(tone, look.hair, clamp(Math.max(jaw, moustache, chin), 0, 1) * look.beard * grain);
}

/** Opacity of the lip colour, 0..1. */
function lips(look: PersonLook, px: number, y: number): number {
  const x = Math.abs(px);
  const width = smoothstep(2.65, 2.2, x);
  const taper = Math.sqrt(clamp(1 - (x / 2.7) ** 2, 0, 1));
  const bow = 0.85 * look.shape.lips * taper - 0.16 * bump(x, 0.35);
  const upper = smoothstep(MOUTH_Y + bow + 0.1, MOUTH_Y + bow - 0.12, y);
  const lower = smoothstep(
    MOUTH_Y - 1.05 * look.shape.lips * taper - 0.15,
    MOUTH_Y - 0.95 * look.shape.lips * taper + 0.1,
    y,
  );
  return width * upper * lower;
}

/** Dark lines and pits too fine for the geometry, 0..1. */
function hollows(look: PersonLook, px: number, y: number): number {
  const x = Math.abs(px);
  const mouth = 0.8 * bump(y - MOUTH_Y + 0.04 * Math.cos(x * 2), 0.13) * smoothstep(2.6, 2.1, x);
  const tip = NOSE_TIP_Y * look.shape.noseLength;
  const nostril = 0.75 * bump(Math.hypot((x - 0.68 * look.shape.noseWidth) / 1.2, y - tip + 0.95), 0.34);
  const wing = 0.25 * bump(Math.hypot(x - 1.85 * look.shape.noseWidth, (y - tip + 0.4) * 0.7), 0.4);
  const fold =
    0.16 *
    bump(x - mix(1.9, 3.1, clamp((-4.4 - y) / 2.8, 0, 1)), 0.28) *
    smoothstep(-4, -4.8, y) *
    smoothstep(-7.8, -6.8, y);
  const below = 0.18 * bump((y + 8.55) / 0.5, 1) * smoothstep(2, 0.8, x);
  return Math.min(0.9, mouth + nostril + wing + fold + below);
}

/** Opacity of the eyebrows, 0..1, with strands. */
function brows(look: PersonLook, px: number, y: number): number {
  const x = Math.abs(px);
  const arch = 1.72 + 0.5 * Math.sin(clamp((x - 0.8) / 4.2, 0, 1) * Math.PI * 0.75);
  const thick = 0.42 * look.browThickness * smoothstep(5.1, 2.6, x) + 0.1;
  const body = smoothstep(thick, thick * 0.45, Math.abs(y - arch)) * smoothstep(0.75, 1.3, x) * smoothstep(5.2, 4.7, x);
  return body * clamp(0.8 + 0.3 * valueNoise(px * 7 + y * 4, y * 3, look.seed + 4), 0, 1);
}
