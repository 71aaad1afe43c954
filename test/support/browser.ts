import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
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

/** Time that pages may take, ms. It only ends what hangs: several browsers share the processors. */
export const PATIENCE_MS = 120_000;

let shared: Promise<Browser> | undefined;

/**
 * Headless Debian Chromium, one for all files of a worker and closed with it; `close` closes the contexts. Its pages
 * wait as long as other tests do.
 * @param camera video file used as the camera (MJPEG or YUV4MPEG2), in a browser of its own
 * @param flags further flags of that browser
 */
export async function launch(camera?: string, flags: readonly string[] = []): Promise<Browser> {
  if (camera !== undefined) return closing(await start(camera, flags), (browser) => browser.close());
  if (!(await shared)?.isConnected()) shared = start();
  return closing(await shared!, (browser) => Promise.all(browser.contexts().map((context) => context.close())));
}

/** The browser with patient pages, and with another `close`, which reads them for a test that fails. */
function closing(browser: Browser, close: (browser: Browser) => Promise<unknown>): Browser {
  const read = printIfFailed();
  const open = async (name: 'newPage' | 'newContext', options?: BrowserContextOptions) => {
    const opened = await browser[name](options);
    opened.setDefaultTimeout(PATIENCE_MS);
    return opened;
  };
  return new Proxy(browser, {
    get(_, name) {
      if (name === 'close') {
        return async () => {
          await read(browser.contexts().flatMap((context) => context.pages()));
          await close(browser);
        };
      }
      if (name === 'newPage' || name === 'newContext') return open.bind(undefined, name);
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
