import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';

const ENTRY = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const hasTerminals = execFileSync('sh', ['-c', 'command -v script || true'], { encoding: 'utf8' }) !== '';

test('SIGHUP without a terminal, as nohup starts the server, is ignored', async () => {
  const database = await createDatabase('pglite', 'schema');
  const server = new ServerProcess(await freePort(), database, { VISION: 'off' });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    await database.remove();
  });
  await server.start();
  process.kill(server.pid!, 'SIGHUP');
  await waitFor('the log', async () => !server.isRunning || server.output.includes('SIGHUP'));
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  expect(await server.stop('SIGTERM')).toBe(0);
});

test.runIf(hasTerminals)(
  `SIGHUP of a closed terminal, also repeated, stops the server as SIGINT does${hasTerminals ? '' : ' (skipped: no program script)'}`,
  async () => {
    const database = await createDatabase('pglite', 'schema');
    const command = `exec '${process.execPath}' '${ENTRY}'`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: {
        PATH: process.env['PATH'],
        PORT: String(await freePort()),
        DATA_DIR: database.dataDir,
        VISION: 'off',
        DRAIN_SECONDS: '30',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await database.remove();
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    await waitFor('the server', async () => output.includes('"msg":"listening"'));
    const pid = Number(execFileSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' }));
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    process.kill(pid, 'SIGHUP');
    process.kill(pid, 'SIGHUP');
    await waitFor('the log', async () => output.includes('"signal":"SIGHUP","msg":"stopping"'));
    process.kill(pid, 'SIGHUP');
    expect(await ended).toBe(0);
  },
);
