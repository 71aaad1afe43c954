import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, ServerProcess } from '../support/process.ts';

let dir: string;
let mask: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'invigil-folders-'));
  // What a container gives, and what makes every file open to all who can reach it.
  mask = process.umask(0);
});
afterEach(() => {
  process.umask(mask);
  rmSync(dir, { recursive: true, force: true });
});

function folder(name: string, bits = 0o755): string {
  const path = join(dir, name);
  mkdirSync(path);
  chmodSync(path, bits);
  return path;
}

/** Files and folders with a bit of these, as find(1) sees them. */
const open = (path: string, bits: string) =>
  execFileSync('find', [path, '!', '-type', 'l', '-perm', `/${bits}`], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);

async function run(DATA_DIR: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const server = new ServerProcess(
    await freePort(),
    { url: undefined, dataDir: DATA_DIR, remove: () => Promise.resolve() },
    env,
  );
  await server.start();
  await server.stop('SIGTERM');
  return server.output;
}

test('a server with existing world-readable folders leaves no database, log or secret readable by others', async () => {
  const data = folder('data');
  const AUDIT_DIR = folder('audit', 0o777);
  const EVIDENCE_DIR = folder('evidence', 0o777);
  await run(data, { AUDIT_DIR, EVIDENCE_DIR });
  expect([...open(data, '077'), ...open(AUDIT_DIR, '027'), ...open(EVIDENCE_DIR, '077')]).toEqual([]);
  expect(open(data, '700').length).toBeGreaterThan(500);

  // As versions before this one left them.
  execFileSync('chmod', ['-R', 'a+rwX', data, AUDIT_DIR, EVIDENCE_DIR]);
  execFileSync('chmod', ['600', join(data, 'jwt-secret'), join(data, 'evidence-key'), join(data, 'audit-key')]);
  expect(await run(data, { AUDIT_DIR, EVIDENCE_DIR })).toMatch(/files and folders were open to others/);
  expect([...open(data, '077'), ...open(AUDIT_DIR, '027'), ...open(EVIDENCE_DIR, '077')]).toEqual([]);

  // The command opens the same database, and what it writes names people.
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL('../../dist/server/audit/cli.js', import.meta.url)), 'export', join(dir, 'log')],
    { env: { DATA_DIR: data, AUDIT_DIR } },
  );
  expect([...open(data, '077'), ...open(join(dir, 'log'), '077')]).toEqual([]);
});

test('a server refuses to start on a folder that others could replace, with the reason', () => {
  const parent = folder('shared', 0o777);
  const entry = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
  const env = { DATA_DIR: join(parent, 'data'), PORT: '0', PATH: process.env['PATH'] };
  for (const given of [
    env,
    { ...env, DATA_DIR: folder('data', 0o700), AUDIT_DIR: join(parent, 'audit') },
    { ...env, DATA_DIR: join(dir, 'data'), EVIDENCE_DIR: join(parent, 'evidence') },
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [entry], { env: given, encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`invigil: (DATA|AUDIT|EVIDENCE)_DIR: .*everybody can write in ${parent}`));
  }
});
