import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { securePrivateFile, securePrivateFolder, tightenFiles } from './private-folder.ts';

const setting = 'DATA_DIR';
let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'invigil-folder-'));
  path = join(dir, 'data');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const mode = (of: string) => statSync(of).mode & 0o7777;

function folder(at: string, bits: number): string {
  mkdirSync(at, { recursive: true });
  chmodSync(at, bits);
  return at;
}

function refusal(at: string, groupMayRead = false): string {
  try {
    securePrivateFolder({ setting, path: at, groupMayRead });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('a folder of the server', () => {
  test('that is not there is made for its owner only, parents included', () => {
    securePrivateFolder({ setting, path: join(path, 'below') });
    expect([mode(path), mode(join(path, 'below'))]).toEqual([0o700, 0o700]);
  });

  test.each([0o755, 0o777, 0o750, 0o701, 0o710, 0o2775])('that others can enter (%o) is shut', (bits) => {
    expect(securePrivateFolder({ setting, path: folder(path, bits) })).toBe(true);
    expect(mode(path) & 0o077).toBe(0);
    expect(securePrivateFolder({ setting, path })).toBe(false);
  });

  test('that a group is meant to read stays so, and nobody writes there', () => {
    for (const [before, after] of [
      [0o750, 0o750],
      [0o755, 0o750],
      [0o775, 0o750],
      [0o777, 0o750],
    ] as const) {
      securePrivateFolder({ setting, path: folder(path, before), groupMayRead: true });
      expect(mode(path)).toBe(after);
    }
  });

  test("that holds what is not the server's is left as it is, and refused", () => {
    folder(path, 0o755);
    writeFileSync(join(path, 'thesis.txt'), '');
    expect(refusal(path)).toMatch(/DATA_DIR.*chmod 700/);
    expect(mode(path)).toBe(0o755);
    chmodSync(path, 0o700);
    securePrivateFolder({ setting, path });
  });

  test('that is shared by design (sticky, as /tmp is) is left as it is, and refused', () => {
    expect(refusal(folder(path, 0o1777))).toMatch(/DATA_DIR/);
    expect(mode(path)).toBe(0o1777);
  });

  test('replaceable by everybody is refused, and the error names the parent at fault', () => {
    const open = folder(join(dir, 'open'), 0o777);
    expect(refusal(join(open, 'a', 'data'))).toMatch(new RegExp(`everybody can write in ${open}`));
    chmodSync(open, 0o1777);
    securePrivateFolder({ setting, path: join(open, 'b') });
  });

  test('behind a symbolic link is judged where it is, and so is the way through every link', () => {
    const real = folder(join(dir, 'real'), 0o755);
    symlinkSync(real, path);
    securePrivateFolder({ setting, path });
    expect(mode(real)).toBe(0o700);

    const open = folder(join(dir, 'open'), 0o777);
    folder(join(open, 'inside'), 0o700);
    symlinkSync(join(open, 'inside'), join(dir, 'into'));
    expect(refusal(join(dir, 'into'))).toMatch(/everybody can write in/);
    // A link that others can replace, though what it leads to now is safe.
    symlinkSync(real, join(open, 'second'));
    symlinkSync(join(open, 'second'), join(dir, 'first'));
    expect(refusal(join(dir, 'first'))).toMatch(/everybody can write in/);
    symlinkSync(join(dir, 'loop'), join(dir, 'loop'));
    expect(refusal(join(dir, 'loop'))).toMatch(/DATA_DIR/);
  });

  test.runIf(process.getuid?.() === 0)('that belongs to another user, or whose parent or link does, is refused', () => {
    chownSync(folder(path, 0o700), 4242, 4242);
    expect(refusal(path)).toMatch(/belongs to user 4242/);
    chownSync(path, 0, 0);
    chownSync(dir, 4242, 4242);
    expect(refusal(path)).toMatch(/belongs to user 4242/);
    chownSync(dir, 0, 0);
    const other = folder(join(dir, 'group'), 0o770);
    chownSync(other, 0, 4242);
    expect(refusal(join(other, 'data'))).toMatch(/group 4242 can write/);
  });

  test('that is a file is refused', () => {
    writeFileSync(path, '');
    expect(refusal(path)).toMatch(/^DATA_DIR/);
  });
});

test('contents lose group and other permissions at every depth, except excluded files and targets of links', async () => {
  folder(join(path, 'pglite', 'base'), 0o777);
  folder(join(path, 'audit'), 0o755);
  writeFileSync(join(path, 'pglite', 'base', '1'), '', { mode: 0o666 });
  chmodSync(join(path, 'pglite', 'base', '1'), 0o666);
  writeFileSync(join(dir, 'outside'), '');
  chmodSync(join(dir, 'outside'), 0o666);
  symlinkSync(join(dir, 'outside'), join(path, 'link'));
  expect(await tightenFiles({ setting, path }, [join(path, 'audit')])).toEqual({ changed: 3, failed: undefined });
  expect([
    mode(join(path, 'pglite')),
    mode(join(path, 'pglite', 'base')),
    mode(join(path, 'pglite', 'base', '1')),
  ]).toEqual([0o700, 0o700, 0o600]);
  expect([mode(join(path, 'audit')), mode(join(dir, 'outside'))]).toEqual([0o755, 0o666]);
});

test('a made secret that others could have written is not believed; one that they could have read is shut', () => {
  const secret = join(dir, 'jwt-secret');
  writeFileSync(secret, 'x');
  for (const bits of [0o666, 0o622, 0o620]) {
    chmodSync(secret, bits);
    expect(() => securePrivateFile(secret)).toThrow(/jwt-secret could be written by others/);
  }
  chmodSync(secret, 0o644);
  securePrivateFile(secret);
  expect(mode(secret)).toBe(0o600);
  symlinkSync(secret, join(dir, 'link'));
  expect(() => securePrivateFile(join(dir, 'link'))).toThrow(ConfigError);
});
