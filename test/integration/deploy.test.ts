import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/process.ts';
import { postgresUrl } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string) => readFileSync(join(ROOT, 'deploy', path), 'utf8');

const SYSTEMD = '/usr/bin/systemd-analyze';
test.runIf(existsSync(SYSTEMD))(
  `systemd accepts the unit as it is${existsSync(SYSTEMD) ? '' : ' (skipped: no systemd)'}`,
  () => {
    // It exits with 1 for a unit that it would not load, and writes what it does not know.
    execFileSync(SYSTEMD, ['verify', '--man=no', join(ROOT, 'deploy', 'invigil.service')], { stdio: 'pipe' });
  },
);

interface Blueprint {
  readonly services: readonly {
    readonly buildCommand: string;
    readonly startCommand: string;
    readonly healthCheckPath: string;
    readonly envVars: readonly {
      readonly key: string;
      readonly value?: string;
      readonly generateValue?: boolean;
      readonly fromDatabase?: object;
    }[];
  }[];
}

test("Render's build installs the build tools although NODE_ENV is production", () => {
  const [service] = (parse(text('render.yaml')) as Blueprint).services;
  const [, options] = /^npm ci\b(.*?) && npm run build/.exec(service!.buildCommand)!;
  const omitted = (args: readonly string[]) =>
    execFileSync('npm', ['config', 'get', 'omit', ...args], {
      env: { PATH: process.env['PATH'], HOME: tmpdir(), NODE_ENV: 'production' },
      encoding: 'utf8',
    }).trim();
  expect(omitted([])).toBe('dev');
  expect(omitted(options!.split(' ').filter(Boolean))).toBe('');
});

test.runIf(postgresUrl !== undefined)(
  `Render's blueprint starts a production server from the platform's variables alone${postgresUrl === undefined ? ' (skipped: no PostgreSQL)' : ''}`,
  async () => {
    const database = await createDatabase('postgres', 'schema');
    const data = mkdtempSync(join(tmpdir(), 'invigil-render-'));
    const port = await freePort();
    const [service] = (parse(text('render.yaml')) as Blueprint).services;
    const values = service!.envVars.map(({ key, value, generateValue }): [string, string] => {
      if (key === 'DATA_DIR') return [key, data];
      if (key === 'DATABASE_URL') return [key, database.url!.replace(/^postgres:/, 'postgresql:')];
      // 256 bits as base64, as the platform generates them.
      return [key, generateValue ? randomBytes(32).toString('base64') : value!];
    });
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      RENDER_EXTERNAL_URL: 'https://invigil.onrender.com',
      ...Object.fromEntries(values),
      DRAIN_SECONDS: '0',
      VISION: 'off',
    };
    const child = spawn('bash', ['-c', service!.startCommand], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
    onTestFinished(async () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      await database.remove();
      rmSync(data, { recursive: true, force: true });
    });
    const ask = (path: string, host: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { host } }).then(
        async (answer) => ({ status: answer.status, body: await answer.text() }),
        () => undefined,
      );
    await waitFor('the server', async () => {
      if (child.exitCode !== null) throw new Error(output);
      return (await ask(service!.healthCheckPath, 'invigil.onrender.com'))?.body.includes('"ok"') === true;
    });
    expect(output).not.toContain('setup#');
    expect(readFileSync(join(data, 'setup-link'), 'utf8')).toMatch(/^https:\/\/invigil\.onrender\.com\/setup#/);
    child.kill('SIGTERM');
    await waitFor('the end', () => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
  },
  120_000,
);
