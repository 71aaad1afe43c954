import { type Browser, chromium } from 'playwright-core';
import { printIfFailed } from './failed-pages.ts';
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
  if (camera !== undefined) return closing(await start(camera, flags), (browser) => browser.close());
  if (!(await shared)?.isConnected()) shared = start();
  return closing(await shared!, (browser) => Promise.all(browser.contexts().map((context) => context.close())));
}

/** The browser with another `close`, which reads its pages for a test that fails. */
function closing(browser: Browser, close: (browser: Browser) => Promise<unknown>): Browser {
  const read = printIfFailed();
  return new Proxy(browser, {
    get(_, name) {
      if (name === 'close') {
        return async () => {
          await read(browser.contexts().flatMap((context) => context.pages()));
          await close(browser);
        };
      }
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
