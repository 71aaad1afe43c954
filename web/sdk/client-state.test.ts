import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../test/scripted-server.ts';
import { InvigilClient } from './client.ts';
import { CLIENT } from './client-name.ts';
import { StateReports } from './state-reports.ts';

const PAGE = { visible: true, focused: true, fullscreen: false, screens: 1, camera: null } as const;

let server: ScriptedServer;
let client: InvigilClient | undefined;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(async () => {
  client?.close();
  await server.stop();
});

const of = (type: string) => server.received.filter((message) => message.type === type);

test('E10: a state is due after each welcome, then at the interval of the server; an older server gets none', () => {
  const reports = new StateReports(() => PAGE);
  expect(reports.due(0)).toBeUndefined();
  reports.connected(10_000);
  expect(reports.due(100)).toEqual(PAGE);
  expect(reports.due(10_000)).toBeUndefined();
  expect(reports.due(10_100)).toEqual(PAGE);
  reports.connected(10_000);
  expect(reports.due(10_200)).toEqual(PAGE);
  reports.connected(undefined);
  expect(reports.due(99_000)).toBeUndefined();
});

test('E10, E11: hello names device and client and says that states follow; each has the number of waiting signals', async () => {
  server.stateEveryMs = 10;
  server.autoCommit = false;
  client = new InvigilClient({ ...server.options(), device: 'a-device-id', state: () => PAGE });
  await client.connect();
  expect(of('hello')).toEqual([
    { type: 'hello', device: 'a-device-id', client: CLIENT, reportsState: true, marksMessages: true },
  ]);
  client.signal('COPY');
  await expect.poll(() => of('state')).toContainEqual({ type: 'state', ...PAGE, waiting: 1 });
});

test('E10: a client without a state to read says nothing of it, and sends none', async () => {
  server.stateEveryMs = 10;
  client = new InvigilClient(server.options());
  await client.connect();
  await new Promise((done) => setTimeout(done, 1200));
  expect(of('hello')).toEqual([{ type: 'hello', client: CLIENT, marksMessages: true }]);
  expect(of('state')).toEqual([]);
});

test('the version in hello is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };
  expect(CLIENT.version).toBe(version);
});
