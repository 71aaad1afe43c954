import { colour, type Colour } from './colour.ts';
import type { HeadShape } from './head-shape.ts';
import { between, pick, type Random } from './prng.ts';

export type HairStyle = 'shaved' | 'short' | 'parted' | 'long' | 'bun' | 'curly';
type Clothing = 'tee' | 'shirt' | 'hoodie' | 'jumper';

/** Appearance of one drawn person, from the skin outwards. */
export interface PersonLook {
  readonly seed: number;
  readonly shape: HeadShape;
  readonly skin: Colour;
  readonly lips: Colour;
  readonly hair: Colour;
  readonly iris: Colour;
  readonly hairStyle: HairStyle;
  /** 0 = none, 1 = full */
  readonly beard: number;
  readonly browThickness: number;
  readonly glasses: boolean;
  readonly frames: Colour;
  readonly clothing: Clothing;
  readonly cloth: Colour;
  readonly shoulders: number;
}

/** Skin tones with matching hair and eye colours, from pale to dark. */
const COMPLEXIONS = [
  {
    skin: '#eac0a6',
    lips: '#c07a70',
    hairs: ['#2a1c14', '#5a3b22', '#8a6236', '#7a3c1e'],
    irises: ['#4a3220', '#5c6a6e', '#4e5a3a', '#3a2618'],
  },
  {
    skin: '#dfae8f',
    lips: '#b36a60',
    hairs: ['#261d18', '#4a3020', '#6b4a2c'],
    irises: ['#4a3220', '#4e4a32', '#3a2618'],
  },
  { skin: '#cf9b78', lips: '#a9605a', hairs: ['#241d19', '#382a20', '#3c2a1c'], irises: ['#3a2618', '#4a3220'] },
  { skin: '#b98260', lips: '#97564c', hairs: ['#211b18', '#33261e'], irises: ['#332014', '#3a2618'] },
  { skin: '#a06c4b', lips: '#84483f', hairs: ['#1e1917', '#2c221c'], irises: ['#2a1a10', '#332014'] },
  { skin: '#875739', lips: '#6f3c36', hairs: ['#1c1816', '#2a211c'], irises: ['#24160e', '#2a1a10'] },
] as const;

const CLOTHS = [
  '#2f4a6d',
  '#7a2e35',
  '#3d5a45',
  '#8d8f94',
  '#d9d6cf',
  '#35353b',
  '#5b4a75',
  '#b0793f',
  '#41727d',
] as const;

export function personLook(random: Random): PersonLook {
  const complexion = pick(random, COMPLEXIONS);
  const hairStyle = pick<HairStyle>(random, [
    'shaved',
    'short',
    'short',
    'parted',
    'parted',
    'long',
    'long',
    'bun',
    'curly',
  ]);
  const beardable = hairStyle === 'shaved' || hairStyle === 'short' || hairStyle === 'parted';
  return {
    seed: Math.floor(random() * 0x7fffffff),
    shape: {
      width: between(random, 0.95, 1.05),
      jaw: between(random, 0.9, 1.06),
      cheeks: between(random, 0.92, 1.08),
      noseLength: between(random, 0.94, 1.08),
      noseWidth: between(random, 0.9, 1.15),
      brow: between(random, 0.85, 1.2),
      lips: between(random, 0.85, 1.25),
      chin: between(random, 0.92, 1.08),
    },
    skin: colour(complexion.skin),
    lips: colour(complexion.lips),
    hair: colour(pick<string>(random, complexion.hairs)),
    iris: colour(pick<string>(random, complexion.irises)),
    hairStyle,
    beard: beardable && random() < 0.45 ? between(random, 0.25, 0.8) : 0,
    browThickness: between(random, 0.8, 1.25),
    glasses: random() < 0.3,
    frames: colour(pick(random, ['#1b1b1f', '#3b2a20', '#5a5d63'])),
    clothing: pick<Clothing>(random, ['tee', 'shirt', 'hoodie', 'jumper']),
    cloth: colour(pick<string>(random, CLOTHS)),
    shoulders: between(random, 0.92, 1.06),
  };
}
