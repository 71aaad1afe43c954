import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file `.env` as npm's commands do. @returns the environment, or what was written to standard error */
function load(content: string | Buffer, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.env'), content);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', join(ROOT, 'dist/server/load-env-file.js'), '-p', 'JSON.stringify(process.env)'],
    { cwd: folder, env, encoding: 'utf8' },
  );
  return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : stderr;
}

test('.env is read with quotes, export, comments, Windows line ends and a byte order mark', () => {
  const lines = [
    'FIRST=1',
    '# a comment # with another',
    'QUOTED="two # words" # comment',
    "SINGLE='it # is'",
    'export EXPORTED=yes',
    'SPACED = a b # comment',
    'EMPTY=',
    'COMMENT= # comment',
    'KEY=a/b+c==',
    'GIVEN=file',
  ];
  expect(load(`\uFEFF${lines.join('\r\n')}\r\n`, { GIVEN: 'environment' })).toMatchObject({
    FIRST: '1',
    QUOTED: 'two # words',
    SINGLE: 'it # is',
    EXPORTED: 'yes',
    SPACED: 'a b',
    EMPTY: '',
    COMMENT: '',
    KEY: 'a/b+c==',
    GIVEN: 'environment',
  });
});

test('a value that would be cut off at # is refused with its line and name, and without the value', () => {
  expect(load('PORT=8080 # the port\nDATABASE_PASSWORD=se#cret\n')).toBe(
    'invigil: .env: line 2: DATABASE_PASSWORD: put quotes around a value with #, or a space before a comment\n',
  );
});

test('a file that is not UTF-8, of which no setting would be read, is refused', () => {
  expect(load(Buffer.from('\uFEFFPORT=8080\n', 'utf16le'))).toBe('invigil: .env: is not UTF-8 text\n');
});
