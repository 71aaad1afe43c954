import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/process.ts';
import { waitFor } from '../support/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Processes in a session, without zombies. */
function alive(session: number): string[] {
  const all = execFileSync('ps', ['-eo', 'sid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return all.map((line) => line.trim()).filter((line) => new RegExp(`^${session} +[^Z]`).test(line));
}

/**
 * `npm start` in a session of its own, so that every process it leaves can be found. Each build step is replaced: other
 * tests are using the real build.
 */
async function npmStart(buildStep: string, envFile?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-start-'));
  for (const name of ['node_modules', 'dist']) symlinkSync(join(ROOT, name), join(folder, name));
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  const steps = { 'build:server': buildStep, 'build:web': buildStep, sbom: buildStep };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { ...scripts, ...steps } }));
  if (envFile !== undefined) writeFileSync(join(folder, '.env'), envFile);
  const database = await createDatabase('pglite', 'schema');
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: String(await freePort()),
      DATA_DIR: database.dataDir,
      DRAIN_SECONDS: '0.5',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const started = { pid: child.pid!, dataDir: database.dataDir, output: '', stop: () => child.kill('SIGTERM') };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (started.output += data.toString()));
  onTestFinished(async () => {
    if (alive(started.pid).length > 0) process.kill(-started.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    await database.remove();
  });
  return started;
}

test('SIGTERM to npm alone stops the server cleanly and leaves no process', async () => {
  const server = await npmStart('true');
  await waitFor('the server', async () => server.output.includes('"msg":"listening"'));
  server.stop();
  await waitFor('the end of every process', async () => alive(server.pid).length === 0);
  expect(server.output).toContain('"signal":"SIGTERM","msg":"stopping"');
});

test('npm start reads .env, and settings of the environment take precedence', async () => {
  const server = await npmStart('true', 'LOG_LEVEL=debug\nPUBLIC_URL=https://exam.example.org # the address\nPORT=1\n');
  await waitFor('the server', async () => server.output.includes('"msg":"listening"'));
  expect(server.output).toMatch(/127\.0\.0\.1:\d{4,}/);
  expect(readFileSync(join(server.dataDir, 'setup-link'), 'utf8')).toMatch(/^https:\/\/exam.example.org\/setup#/);
  server.stop();
  await waitFor('the end of every process', async () => alive(server.pid).length === 0);
});

test('SIGTERM to npm alone during the build ends the build and starts no server', async () => {
  const server = await npmStart('sleep 600');
  await waitFor('the build', async () => alive(server.pid).some((line) => line.endsWith(' sleep 600')));
  server.stop();
  await waitFor('the end of every process', async () => alive(server.pid).length === 0);
  expect(server.output).not.toContain('listening');
});
