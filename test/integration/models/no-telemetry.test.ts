import { execFile, fork } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FromHost } from '../../../models/jobs.ts';
import { shippedFolder } from '../../../models/manifest.ts';

const dist = (name: string) => fileURLToPath(new URL(`../../../dist/models/${name}`, import.meta.url));

// The runtime keeps an identifier and a queue of reports in the home folder when it reports: an empty home means that
// it does not. The variables by which it recognises tests and build machines are left out on purpose.
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'invigil-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('the detect command sends no telemetry', async () => {
  const picture = join(tmpdir(), `invigil-${process.pid}.jpg`);
  await writeFile(picture, createCanvas(320, 240).toBuffer('image/jpeg'));
  await promisify(execFile)(process.execPath, [dist('detect.js'), picture], { env: { HOME: home } });
  await rm(picture);
  expect(await readdir(home)).toEqual([]);
});

test('the inference host and its threads send no telemetry', async () => {
  const host = fork(dist('host.js'), [], {
    env: { HOME: home },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  });
  const answer = new Promise<FromHost>((resolve) => host.once('message', (message) => resolve(message as FromHost)));
  host.send({ type: 'start', models: { folders: [shippedFolder()], face: 'own', gaze: 'own' }, channels: [4] });
  expect((await answer).type).toBe('ready');
  const gone = new Promise((resolve) => host.once('exit', resolve));
  host.disconnect();
  await gone;
  expect(await readdir(home)).toEqual([]);
});
