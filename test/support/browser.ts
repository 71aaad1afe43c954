import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const required = (process.env['INVIGIL_TEST_REQUIRE'] ?? '').split(',').includes('chromium');

export const hasBrowser = existsSync(CHROMIUM);
if (required && !hasBrowser) throw new Error(`these tests must run with a browser, and there is no ${CHROMIUM}`);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium without a window. @param camera MJPEG file that stands in for the camera */
export function launch(camera?: string): Promise<Browser> {
  const flags = camera === undefined ? [] : ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`];
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...flags] });
}
