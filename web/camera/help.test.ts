import { expect, test } from 'vitest';
import type { CameraProblem } from './diagnosis.ts';
import { cameraHelp } from './help.ts';
import { type Platform, readPlatform } from './platform.ts';

const PROBLEMS: CameraProblem[] = [
  'insecure',
  'unsupported',
  'policy',
  'dismissed',
  'blocked',
  'system',
  'missing',
  'in_use',
  'failed',
];
const WINDOWS: Platform = { browser: 'chromium', system: 'windows' };

test('each problem has its own title and at least two steps', () => {
  const all = PROBLEMS.map((problem) => cameraHelp(problem, WINDOWS, false));
  expect(new Set(all.map(({ title }) => title)).size).toBe(PROBLEMS.length);
  for (const { steps } of all) expect(steps.length).toBeGreaterThan(1);
});

test('the steps name the settings of the browser or of the operating system', () => {
  expect(cameraHelp('blocked', { browser: 'firefox', system: 'linux' }, false).steps[1]).toBe(
    'Remove the block next to “Use the camera”.',
  );
  expect(cameraHelp('blocked', WINDOWS, false).steps[1]).toBe('Set Camera to Allow.');
  expect(cameraHelp('system', WINDOWS, false).steps[0]).toContain('Let desktop apps access your camera');
  expect(cameraHelp('system', { browser: 'safari', system: 'macos' }, false).steps[0]).toContain(
    'Privacy & Security > Camera',
  );
});

test('an embedded page suggests opening the exam in its own tab', () => {
  expect(cameraHelp('blocked', WINDOWS, true).steps.at(-1)).toContain('in its own tab');
  expect(cameraHelp('blocked', WINDOWS, false).steps.join()).not.toContain('in its own tab');
});

test.each<[string, Platform]>([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    WINDOWS,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    { browser: 'safari', system: 'macos' },
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', { browser: 'firefox', system: 'linux' }],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    { browser: 'chromium', system: 'chromeos' },
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
    { browser: 'chromium', system: 'android' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    { browser: 'safari', system: 'ios' },
  ],
  ['curl/8', { browser: 'other', system: 'other' }],
])('browser and system from the user agent %s', (userAgent, platform) => {
  expect(readPlatform(userAgent)).toEqual(platform);
});
