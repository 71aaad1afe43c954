import { afterAll, beforeAll, describe } from 'vitest';
import { Firefox } from '../../support/firefox.ts';
import { firefoxPath, hasDisplay } from '../../support/requirements.ts';
import { cameraLines } from './camera.ts';
import { connectionLines } from './connection.ts';
import { focusLines } from './focus.ts';
import { Sitting } from './sitting.ts';

const hasAll = firefoxPath !== undefined && hasDisplay;

/** The built SDK in Firefox with real windows, against the real server. */
describe.runIf(hasAll)(
  `SDK in Firefox${hasAll ? '' : ' (skipped: no Firefox, Xvfb, openbox, xdotool and xprop)'}`,
  () => {
    let sitting: Sitting;
    beforeAll(async () => {
      sitting = await Sitting.start((env) => Firefox.start(env));
    });
    afterAll(() => sitting?.close());
    connectionLines(() => sitting);
    cameraLines(() => sitting);
    focusLines(() => sitting);
  },
);
