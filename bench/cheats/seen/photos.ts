import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clipOf } from '../../clips.ts';
import { hand, photo } from './cheats.ts';
import { decoded } from './effects.ts';
import type { SeenCheat } from './script.ts';

/** Optional folder beside the repository; its README says what the beginnings of the names mean. */
export const PHOTOS = '../shared/frames';

const SHOWS: Readonly<Record<string, readonly string[]>> = {
  ONE: ['STILL_PICTURE'],
  AWAY: ['STILL_PICTURE', 'TURNED_AT_START'],
  EYES: ['STILL_PICTURE'],
  MULTI: ['MULTIPLE_FACES'],
  NONE: ['NO_FACE'],
};

/** Photographs as cheats: with noise, moved by hand, tilted, and as clips of 12 frames that are played in a loop. */
export function photoCheats(folder: string, firstSeed: number): SeenCheat[] | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  return names.toSorted().flatMap((name, i) => {
    const jpeg = readFileSync(join(folder, name));
    const pixels = decoded(jpeg);
    const shows = SHOWS[name.split('_')[0]!] ?? [];
    const seed = firstSeed + 900 + i;
    const of = (what: string, more: Pick<SeenCheat, 'script'> & Partial<SeenCheat>): SeenCheat => ({
      name: `${name} ${what}`,
      shows,
      from: 1,
      seed,
      ...more,
    });
    const way = i % 3;
    if (way === 0)
      return [
        of('with noise', {
          script: photo(
            () => pixels,
            () => undefined,
          ),
        }),
      ];
    if (way === 1)
      return [
        of('moved by hand', {
          script: photo(
            () => pixels,
            (second) => hand(second),
          ),
        }),
      ];
    const frames = clipOf(jpeg, seed);
    return [
      of('tilted by hand', {
        script: photo(
          () => pixels,
          (second) => hand(second, 12),
        ),
      }),
      of('as a clip in a loop', {
        shows: ['REPEATED_PICTURE'],
        script: (second) => ({ picture: frames[Math.floor(second) % frames.length] }),
      }),
    ];
  });
}
