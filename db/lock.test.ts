import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderLockedError, lockFolder } from './lock.ts';

/** Another process that takes the lock when it is told to, says how that went, and holds it until it is killed. */
class Rival {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<Rival> {
    const child = fork(join(folder, 'rival.mjs'), { execArgv: [], stdio: 'ignore' });
    children.push(child);
    await once(child, 'message');
    return new Rival(child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async take(): Promise<'taken' | 'folder_locked'> {
    const answer = once(this.#child, 'message');
    this.#child.send('take');
    return ((await answer) as ['taken' | 'folder_locked'])[0];
  }

  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

let folder: string;
let path: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-lock-'));
  path = join(folder, 'data', 'pglite.lock');
  children = [];
  const compiled = fileURLToPath(new URL('../dist/db/lock.js', import.meta.url));
  writeFileSync(
    join(folder, 'rival.mjs'),
    `import { lockFolder } from ${JSON.stringify(compiled)};
     process.on('message', () => {
       try { lockFolder(${JSON.stringify(path)}); process.send('taken'); } catch (error) { process.send(error.code); }
     });
     process.send('ready');`,
  );
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const startTicks = (pid: number | 'self') => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;

describe('the lock of the data folder, between processes', () => {
  test('while its holder lives others are refused, and told who holds it', async () => {
    const holder = await Rival.start();
    expect(await holder.take()).toBe('taken');
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    expect(() => lockFolder(path)).toThrow(String(holder.pid));
    expect(await (await Rival.start()).take()).toBe('folder_locked');
  });

  test('when its holder was killed the next one takes it at once', async () => {
    const holder = await Rival.start();
    expect(await holder.take()).toBe('taken');
    await holder.kill();
    expect(existsSync(path)).toBe(true);
    lockFolder(path)();
    expect(existsSync(path)).toBe(false);
  });

  test('of several that take it over from a dead one at once exactly one wins, 20 times', { timeout: 60_000 }, async () => {
    const holder = await Rival.start();
    await holder.take();
    const dead = readFileSync(path, 'utf8');
    await holder.kill();
    for (let round = 0; round < 20; round++) {
      writeFileSync(path, dead);
      const rivals = await Promise.all([Rival.start(), Rival.start(), Rival.start()]);
      const results = await Promise.all(rivals.map((rival) => rival.take()));
      expect(results.filter((result) => result === 'taken'), `round ${round}`).toHaveLength(1);
      const winner = rivals[results.indexOf('taken')]!;
      expect(readFileSync(path, 'utf8').split(' ')[0]).toBe(String(winner.pid));
      await Promise.all(rivals.map((rival) => rival.kill()));
    }
  });

  test('of several that find no lock exactly one wins', async () => {
    const rivals = await Promise.all([Rival.start(), Rival.start(), Rival.start()]);
    const results = await Promise.all(rivals.map((rival) => rival.take()));
    expect(results.toSorted()).toEqual(['folder_locked', 'folder_locked', 'taken']);
  });
});

describe('the lock of the data folder, in one process', () => {
  test('releasing it lets the next one in', () => {
    const release = lockFolder(path);
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    release();
    lockFolder(path)();
  });

  test('releasing twice does not take it from whoever holds it then', () => {
    const release = lockFolder(path);
    release();
    writeFileSync(path, '1 1');
    release();
    expect(readFileSync(path, 'utf8')).toBe('1 1');
  });

  test.runIf(existsSync('/proc/self/stat'))('a lock that names this very process id with another start is stale: ids are used again', () => {
    lockFolder(path)();
    writeFileSync(path, `${process.pid} ${Number(startTicks('self')) - 1}`);
    const release = lockFolder(path);
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid} ${startTicks('self')}`);
    release();
  });

  test.each(['not a number', '0 5', '-1 5', '1.5', '999999999 1'])('a lock that reads %j names nobody who lives', (content) => {
    lockFolder(path)();
    writeFileSync(path, content);
    lockFolder(path)();
    expect(existsSync(path)).toBe(false);
  });

  test('a lock that is empty is being written at this moment: it counts as held, until it is old', () => {
    lockFolder(path)();
    writeFileSync(path, '');
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    expect(readFileSync(path, 'utf8')).toBe('');
    const old = new Date(Date.now() - 60_000);
    utimesSync(path, old, old);
    lockFolder(path)();
  });

  test('a take-over that died half-way holds nobody up for long', () => {
    lockFolder(path)();
    writeFileSync(path, '999999999 1');
    writeFileSync(`${path}.takeover`, '999999998 1');
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    const old = new Date(Date.now() - 60_000);
    utimesSync(`${path}.takeover`, old, old);
    lockFolder(path)();
    expect(existsSync(`${path}.takeover`)).toBe(false);
  });
});
