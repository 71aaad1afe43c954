import { closeSync, openSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/databases.ts';
import { NamedPipe } from '../support/named-pipe.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';

/** More lines than the pipe and the writer hold would take long to make: the pipe is full before the first one. */
function unreadPipe(): NamedPipe {
  const pipe = new NamedPipe();
  onTestFinished(() => pipe.remove());
  pipe.fill();
  return pipe;
}

function opened(path: string): number {
  const fd = openSync(path, 'w');
  onTestFinished(() => closeSync(fd));
  return fd;
}

async function startWith(stdout: number, stderr: number) {
  const database = await createDatabase('pglite', 'schema');
  const server = new ServerProcess(await freePort(), database, { VISION: 'off' });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    await database.remove();
  });
  await server.start(stdout, stderr);
  const logs = async () => ((await (await fetch(`${server.url}/health`)).json()) as { logs: string }).logs;
  const lost = async () =>
    /^invigil_log_lines_lost_total (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
  return { server, logs, lost };
}

const DESTINATIONS: readonly [title: string, open: () => number][] = [
  ['a full device', () => opened('/dev/full')],
  ['a pipe that is not read', () => unreadPipe().writer],
  [
    'a pipe whose reader has ended',
    () => {
      const pipe = unreadPipe();
      pipe.closeReader();
      return pipe.writer;
    },
  ],
];

test.for(DESTINATIONS)(
  'with standard output and error on %s the server starts, serves, says so at /health, and ends on SIGTERM',
  async ([, open]) => {
    const { server, logs, lost } = await startWith(open(), open());
    await waitFor('/health to say so', async () => (await logs()) === 'degraded');
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    expect(await lost()).toBe('0');
    await server.admin();
    expect(await server.stop('SIGTERM')).toBe(0);
  },
);

test('a pipe that is read again gets the lines that waited, first to last', async () => {
  const pipe = unreadPipe();
  const { server, logs } = await startWith(pipe.writer, opened('/dev/null'));
  await waitFor('/health to say so', async () => (await logs()) === 'degraded');
  let read = pipe.take();
  await waitFor('the log to be up', async () => {
    read += pipe.take();
    return (await logs()) === 'up';
  });
  expect(await server.stop('SIGTERM')).toBe(0);
  read += pipe.take();
  expect(read).toMatch(/database is open[^]*listening[^]*stopping/);
});
