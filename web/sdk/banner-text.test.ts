import { expect, test } from 'vitest';
import { bannerText } from './browser/banner-text.ts';

const live = { state: 'live' } as const;

test('nothing is shown while everything works, before the first connection, and after the end', () => {
  for (const state of ['live', 'idle', 'connecting', 'waiting', 'ended'] as const)
    expect(bannerText({ state }, undefined, false)).toBeUndefined();
});

test('a lasting interruption is shown after some seconds, a state that ends the connection at once', () => {
  expect(bannerText({ state: 'waiting', retryInMs: 500 }, undefined, true)?.text).toContain('Keep working');
  expect(bannerText({ state: 'unauthenticated', retryInMs: 500 }, undefined, true)?.text).toContain('Keep working');
  expect(bannerText({ state: 'unauthenticated' }, undefined, false)?.text).toContain('Log in again');
  expect(bannerText({ state: 'takenOver' }, undefined, false)?.action).toBe('Continue here');
  expect(bannerText({ state: 'failed' }, undefined, false)?.action).toBe('Try again');
});

test.each([
  [
    { code: 'bad_origin', setting: 'ALLOWED_ORIGINS', origin: 'https://lms.example' },
    /ALLOWED_ORIGINS.*https:\/\/lms\.example/,
  ],
  [{ code: 'unknown_host', setting: 'PUBLIC_URL', origin: null }, /PUBLIC_URL.*address of the server/],
  [{ code: 'websocket_blocked', setting: 'proxy', origin: null }, /WebSocket upgrades/],
] as const)('a refusal by a setting is shown at once, with the setting: %j', (refusal, words) => {
  const shown = bannerText({ state: 'waiting', retryInMs: 500, refusal: { ...refusal, detail: '' } }, undefined, false);
  expect(shown?.text).toMatch(words);
});

test('a refused, muted or lost camera is shown while connected', () => {
  expect(bannerText(live, { state: 'refused', reason: 'denied' }, false)?.action).toBe('Try again');
  expect(bannerText(live, { state: 'lost' }, false)?.text).toContain('restarted');
});

test.each([
  ['denied', 'Allow it in your browser', 'Try again'],
  ['system', 'operating system', 'Try again'],
  ['missing', 'No camera found', 'Try again'],
  ['in_use', 'another application', 'Try again'],
  ['other', 'could not be opened', 'Try again'],
  // The student can do nothing about these on this page.
  ['policy', 'in its own tab', undefined],
  ['insecure', 'https://', undefined],
] as const)('a camera refused with reason %s is shown with what helps: %s', (reason, words, action) => {
  const shown = bannerText(live, { state: 'refused', reason }, false);
  expect(shown?.text).toContain(words);
  expect(shown?.action).toBe(action);
});
