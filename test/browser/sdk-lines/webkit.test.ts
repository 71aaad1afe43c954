import { afterAll, beforeAll, describe } from 'vitest';
import { WebKit } from '../../support/webkit.ts';
import { webkit, hasDisplay } from '../../support/requirements.ts';
import { cameraLines } from './camera.ts';
import { connectionLines } from './connection.ts';
import { focusLines } from './focus.ts';
import { Sitting } from './sitting.ts';

const hasAll = webkit !== undefined && hasDisplay;

/** The built SDK in WebKitGTK with real windows, against the real server. */
describe.runIf(hasAll)(
  `SDK in WebKitGTK${hasAll ? '' : ' (skipped: no WebKitGTK, Xvfb, openbox, xdotool and xprop)'}`,
  () => {
    let sitting: Sitting;
    beforeAll(async () => {
      sitting = await Sitting.start((env) => WebKit.start(env, ['--enable-mock-capture-devices=true']));
    });
    afterAll(() => sitting?.close());
    connectionLines(() => sitting);
    cameraLines(() => sitting);
    focusLines(() => sitting);
  },
);
