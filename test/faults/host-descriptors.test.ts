import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const POOL = new URL('../../dist/server/inference/pool.js', import.meta.url);
const at = (path: string) => new URL(path, POOL).href;

/** Opens all available descriptors, loses its host, waits for the reported reason, and releases them. */
const SCRIPT = `
  import { closeSync, openSync } from 'node:fs';
  import { setTimeout as wait } from 'node:timers/promises';
  import { InferencePool } from '${POOL.href}';
  import { createLog } from '${at('../log.js')}';
  import { Metrics } from '${at('../metrics.js')}';
  import { shippedFolder } from '${at('../../models/manifest.js')}';
  const until = async (isSo) => { while (!isSo()) await wait(20); };
  const fill = (leave) => {
    const taken = [];
    try { for (;;) taken.push(openSync('/dev/null', 'r')); } catch (error) { if (error.code !== 'EMFILE') throw error; }
    for (const fd of taken.splice(0, leave)) closeSync(fd);
    return taken;
  };
  const pool = new InferencePool({ folders: [shippedFolder()], face: 'own', gaze: 'own' }, 1, createLog('silent'), new Metrics());
  const said = [];
  if (process.argv[2] === 'at-once') {
    const taken = fill(Number(process.argv[3]));
    pool.start();
    await until(() => pool.vision.reason);
    said.push(pool.vision.reason);
    for (const fd of taken) closeSync(fd);
  } else {
    pool.start();
    await until(() => pool.vision.state === 'on');
    const taken = fill(Number(process.argv[3]));
    const before = pool.hostPid;
    process.kill(before, 'SIGKILL');
    // What the ended host had is free again: with that, some are enough.
    await until(() => pool.vision.state === 'off' || (pool.vision.state === 'on' && pool.hostPid !== before));
    said.push(pool.vision.reason ?? 'started');
    for (const fd of taken) closeSync(fd);
  }
  await until(() => pool.vision.state === 'on');
  console.log(JSON.stringify({ said }));
  await pool.close();
`;

async function run(when: string, left: number): Promise<string[]> {
  const child = spawn(
    'sh',
    [
      '-c',
      'ulimit -n 400; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      SCRIPT,
      '-',
      when,
      String(left),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  let faults = '';
  child.stdout.on('data', (data) => (text += String(data)));
  child.stderr.on('data', (data) => (faults += String(data)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect(faults).toBe('');
  expect(code).toBe(0);
  return (JSON.parse(text) as { said: string[] }).said;
}

// Remaining descriptors: none, and too few for all channels of a host.
test.runIf(existsSync('/proc/self/fd')).each([
  ['its host ends', 'later', 0],
  ['its host ends', 'later', 3],
  ['its host ends', 'later', 6],
  ['it starts', 'at-once', 0],
  ['it starts', 'at-once', 5],
])(
  'a server that has no descriptors when %s (%s, %i left) lives, says so, and starts another host when it has',
  async (_when, when, left) => {
    // Six and those of the ended host may suffice for a new one.
    const said = left === 6 ? /^(the inference host |started$)/ : /^the inference host /;
    expect(await run(when, left)).toEqual([expect.stringMatching(said)]);
  },
);
