import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from './requirements.ts';

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

/** Debian's Chromium without a window. @param camera MJPEG file that stands in for the camera */
export function launch(camera?: string): Promise<Browser> {
  const flags =
    camera === undefined
      ? []
      : [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${camera}`,
        ];
  return chromium.launch({ executablePath: chromiumPath!, headless: true, args: [...FLAGS, ...flags] });
}
