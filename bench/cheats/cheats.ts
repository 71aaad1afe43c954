import { CAMERA } from './kinds/camera.ts';
import { CONNECTION } from './kinds/connection.ts';
import { PRESENCE } from './kinds/presence.ts';
import { REPLAYS } from './kinds/replays.ts';
import { WINDOW } from './kinds/window.ts';
import type { Cheat } from './script.ts';
import { SET } from './seeds.ts';

export { CHEAT_SECONDS } from './kinds/kind.ts';

/** Every kind in its variations; seeds are their places in the list, from that of the set. */
export const cheatsOf = (set: number): readonly Cheat[] =>
  [...REPLAYS, ...PRESENCE, ...CAMERA, ...WINDOW, ...CONNECTION].map(
    ({ name, shows, script, from = 1, noticed = 'soon' }, place) => {
      const seed = set * SET + place;
      return { name, seed, shows, from, noticed, script: script(seed + 1) };
    },
  );
