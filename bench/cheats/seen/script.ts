import type { Random } from '../../../simulator/draw/prng.ts';
import type { Cheat, Second } from '../script.ts';

/** One second of a sitting whose analysed frame is a picture; undefined: none arrives. */
export interface SeenSecond extends Omit<Second, 'frame'> {
  readonly picture?: Uint8Array | undefined;
}

export type SeenScript = (second: number, random: Random) => SeenSecond;

export interface SeenSitting {
  readonly name: string;
  readonly seed: number;
  readonly script: SeenScript;
}

export interface SeenCheat extends SeenSitting, Pick<Cheat, 'shows' | 'from'> {}
