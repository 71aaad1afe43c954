import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderLockedError, lockFolder } from '../../../db/lock.ts';
import { sized } from '../../support/size.ts';

/** Takeovers in which three processes compete; a race shows in few of them. */
const TAKEOVERS = sized(20, 8);

/** Another process that takes the lock when it is told to, says how that went, and holds it until it is killed. */
class Rival {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** `container`: process 1 of a PID namespace of its own, like the server of a container. */
  static async start(container = false, env: NodeJS.ProcessEnv = process.env): Promise<Rival> {
    const script = join(folder, 'rival.mjs');
    const child = container
      ? spawn('unshare', [...CONTAINER, process.execPath, script], {
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
          env,
        })
      : fork(script, { execArgv: [], stdio: 'ignore', env });
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

const CONTAINER = ['--pid', '--fork', '--mount-proc', '--kill-child'];
/** Making namespaces takes rights. */
const hasContainers = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;

let folder: string;
let path: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-lock-'));
  path = join(folder, 'data', 'pglite.lock');
  children = [];
  const compiled = fileURLToPath(new URL('../../../dist/db/lock.js', import.meta.url));
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
  test('others are refused while the holder lives, with its identity', async () => {
    const holder = await Rival.start();
    expect(await holder.take()).toBe('taken');
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    expect(() => lockFolder(path)).toThrow(String(holder.pid));
    expect(await (await Rival.start()).take()).toBe('folder_locked');
  });

  test('the next process takes it at once after the holder was killed', async () => {
    const holder = await Rival.start();
    expect(await holder.take()).toBe('taken');
    await holder.kill();
    expect(existsSync(path)).toBe(true);
    lockFolder(path)();
    expect(existsSync(path)).toBe(false);
  });

  test(`of several concurrent takeovers from a dead holder exactly one succeeds, ${TAKEOVERS} times`, async () => {
    const holder = await Rival.start();
    await holder.take();
    const dead = readFileSync(path, 'utf8');
    await holder.kill();
    let rivals: Rival[] = await Promise.all([Rival.start(), Rival.start(), Rival.start()]);
    for (let round = 0; round < TAKEOVERS; round++) {
      writeFileSync(path, dead);
      const results = await Promise.all(rivals.map((rival) => rival.take()));
      expect(
        results.filter((result) => result === 'taken'),
        `round ${round}`,
      ).toHaveLength(1);
      const winner = rivals[results.indexOf('taken')]!;
      expect(readFileSync(path, 'utf8').split(' ')[0]).toBe(String(winner.pid));
      await winner.kill();
      // Those that were refused try again: starting a process is what takes the time.
      rivals = [...rivals.filter((rival) => rival !== winner), await Rival.start()];
    }
  });

  test('others are refused while the holder is suspended, without waiting for it', async () => {
    const holder = await Rival.start();
    await holder.take();
    process.kill(holder.pid, 'SIGSTOP');
    expect(() => lockFolder(path)).toThrow(String(holder.pid));
  });

  test.runIf(hasContainers)(
    `between containers on one folder, each with pid 1, one holds it, and the next takes it after its end${hasContainers ? '' : ' (skipped: no rights to make a PID namespace)'}`,
    async () => {
      const [holder, other] = [await Rival.start(true), await Rival.start(true)];
      expect(await holder.take()).toBe('taken');
      expect(readFileSync(path, 'utf8')).toMatch(/^1 \d+ .* kernel$/);
      expect(await other.take()).toBe('folder_locked');
      expect(() => lockFolder(path)).toThrow(FolderLockedError);
      await holder.kill();
      // The kernel takes it back when the last of its processes is gone, a moment after the one that was killed.
      await expect.poll(() => other.take()).toBe('taken');
      expect(() => lockFolder(path)).toThrow(FolderLockedError);
    },
  );

  test.runIf(hasContainers)(
    'without flock(1) a lock of another container is refused, alive or not, as its pid says nothing',
    async () => {
      const without = { ...process.env, PATH: '' };
      const [holder, other] = [await Rival.start(true), await Rival.start()];
      writeFileSync(
        join(folder, 'rival.mjs'),
        readFileSync(join(folder, 'rival.mjs'), 'utf8').replace('process.on', "process.env.PATH = ''; process.on"),
      );
      const [blind, blindHere] = [await Rival.start(true), await Rival.start(false, without)];
      expect(await blind.take()).toBe('taken');
      expect(readFileSync(path, 'utf8')).toMatch(/^1 \d+ .* file$/);
      expect(await Promise.all([holder.take(), other.take(), blindHere.take()])).toEqual([
        'folder_locked',
        'folder_locked',
        'folder_locked',
      ]);
      await blind.kill();
      expect(await other.take()).toBe('folder_locked');
      rmSync(path);
      expect(await other.take()).toBe('taken');
    },
  );

  test('without flock(1) the lock of a local process is judged by its pid: refused while it lives, taken over afterwards', async () => {
    writeFileSync(
      join(folder, 'rival.mjs'),
      readFileSync(join(folder, 'rival.mjs'), 'utf8').replace('process.on', "process.env.PATH = ''; process.on"),
    );
    const [holder, other] = [await Rival.start(), await Rival.start()];
    expect([await holder.take(), await other.take()]).toEqual(['taken', 'folder_locked']);
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    await holder.kill();
    expect(await other.take()).toBe('taken');
  });

  test('of several processes without an existing lock exactly one takes it', async () => {
    const rivals = await Promise.all([Rival.start(), Rival.start(), Rival.start()]);
    const results = await Promise.all(rivals.map((rival) => rival.take()));
    expect(results.toSorted()).toEqual(['folder_locked', 'folder_locked', 'taken']);
  });
});

describe('the lock of the data folder, in one process', () => {
  test('releasing it lets the next holder take it', () => {
    const release = lockFolder(path);
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    release();
    lockFolder(path)();
  });

  test('releasing it twice does not release the lock of the next holder', () => {
    const release = lockFolder(path);
    release();
    writeFileSync(path, '1 1');
    release();
    expect(readFileSync(path, 'utf8')).toBe('1 1');
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'a lock that names this very process id with another start is stale: ids are used again',
    () => {
      lockFolder(path)();
      writeFileSync(path, `${process.pid} ${Number(startTicks('self')) - 1}`);
      const release = lockFolder(path);
      expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} ${startTicks('self')} `));
      release();
    },
  );

  test.each(['not a number', '0 5', '-1 5', '1.5', '999999999 1'])(
    'a lock that reads %j names nobody who lives',
    (content) => {
      lockFolder(path)();
      writeFileSync(path, content);
      lockFolder(path)();
      expect(existsSync(path)).toBe(false);
    },
  );

  test('an empty lock file counts as held until it is old, as it may be being written', () => {
    lockFolder(path)();
    writeFileSync(path, '');
    expect(() => lockFolder(path)).toThrow(FolderLockedError);
    expect(readFileSync(path, 'utf8')).toBe('');
    const old = new Date(Date.now() - 60_000);
    utimesSync(path, old, old);
    lockFolder(path)();
  });

  test('an interrupted takeover blocks others only briefly', () => {
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
