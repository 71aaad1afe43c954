import { type Browser, chromium } from 'playwright-core';
import { chromiumPath, headlessPath } from './requirements.ts';

export const hasBrowser = chromiumPath !== undefined;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let shared: Promise<Browser> | undefined;

/**
 * Headless Debian Chromium, one for all files of a worker and closed with it; `close` closes the contexts.
 * @param camera video file used as the camera (MJPEG or YUV4MPEG2), in a browser of its own
 * @param flags further flags of that browser
 */
export async function launch(camera?: string, flags: readonly string[] = []): Promise<Browser> {
  if (camera !== undefined) return start(camera, flags);
  if (!(await shared)?.isConnected()) shared = start();
  return new Proxy(await shared!, {
    get(browser, name) {
      if (name === 'close') return () => Promise.all(browser.contexts().map((context) => context.close()));
      const value: unknown = Reflect.get(browser, name, browser);
      return typeof value === 'function' ? (value.bind(browser) as unknown) : value;
    },
  });
}

function start(camera?: string, more: readonly string[] = []): Promise<Browser> {
  const flags =
    camera === undefined
      ? []
      : [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${camera}`,
        ];
  return chromium.launch({ executablePath: headlessPath!, headless: true, args: [...FLAGS, ...flags, ...more] });
}
