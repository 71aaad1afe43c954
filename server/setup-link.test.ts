import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from './log.ts';
import { offerSetupLink } from './setup-link.ts';

const LINK = 'https://exam.example.org/setup#token';

function offer(link: string | undefined, { isTTY = false, before = '' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'setup-link');
  if (before) writeFileSync(path, before, { mode: 0o644 });
  let output = '';
  offerSetupLink(link, folder, { isTTY, write: (text) => (output += text) }, createLog('silent'));
  return { path, output };
}

test('on a terminal the set-up link is printed, and not stored', () => {
  const { path, output } = offer(LINK, { isTTY: true });
  expect(output).toContain(LINK);
  expect(existsSync(path)).toBe(false);
});

test('where output is collected, the set-up link is only in a file for the server itself, and the file is named', () => {
  const { path, output } = offer(LINK, { before: 'an older link' });
  expect(output).not.toContain('token');
  expect(output).toContain(path);
  expect(readFileSync(path, 'utf8')).toBe(`${LINK}\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('once there is an admin, the file of an earlier start is removed', () => {
  const { path, output } = offer(undefined, { before: LINK });
  expect(existsSync(path)).toBe(false);
  expect(output).toBe('');
});
