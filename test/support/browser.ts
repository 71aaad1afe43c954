import { type Browser, chromium } from 'playwright-core';
import { onTestFailed } from 'vitest';
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

/** The browser with another `close`, before which the pages are read: a test that fails prints them. */
function closing(browser: Browser, close: (browser: Browser) => Promise<unknown>): Browser {
  const pages: string[] = [];
  try {
    onTestFailed(() => void process.stderr.write(`${pages.join('\n\n')}\n`));
  } catch {
    // Launched by a hook, for several tests.
  }
  return new Proxy(browser, {
    get(_, name) {
      if (name === 'close') {
        return async () => {
          pages.push(...(await textsOf(browser)));
          await close(browser);
        };
      }
      const value: unknown = Reflect.get(browser, name, browser);
      return typeof value === 'function' ? (value.bind(browser) as unknown) : value;
    },
  });
}

/** Address and text of each page; a page that hangs is given up after 2 s. */
function textsOf(browser: Browser): Promise<string[]> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  return Promise.all(
    pages.map(async (page) => {
      const text = page.evaluate('document.body.innerText.slice(0, 3000)').catch(() => 'no text');
      const late = new Promise<string>((resolve) => void setTimeout(resolve, 2000, 'no answer').unref());
      return `${page.url()}\n${String(await Promise.race([text, late]))}`;
    }),
  );
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
