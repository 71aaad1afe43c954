import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { jpeg } from '../support/pictures.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT_MS = 180_000;
const run = promisify(execFile);

/** A TypeScript program that uses each entry of both packages. */
const CONSUMER = `
import WebSocket from 'ws';
import { type ClientEvents, InvigilClient, type ProctorEvent, ProtocolError } from '@invigil/client';
import { FileStore } from '@invigil/client/node';
import { encodeFrame, type ExamDown, parseExamMessage, VERSION } from '@invigil/protocol';
import { verifyInclusion } from '@invigil/protocol/audit/merkle-proof';

export const client = new InvigilClient({
  server: 'http://127.0.0.1:8080',
  WebSocket,
  getTicket: async () => ({ ticket: 'a', url: '/ws/exam', more: 1 }),
  openStore: (session) => new FileStore('/tmp', 'a', session),
});
client.on('event', (event: ProctorEvent) => event.severity satisfies 'info' | 'low' | 'medium' | 'high');
client.on('welcome', ({ policy }) => policy.levels.medium.toFixed());
// @ts-expect-error: no such event
client.on('nothing', () => {});
// @ts-expect-error: no such reason
export const ended: ClientEvents['ended'] = { reason: 'bored', risk: { score: 1, rolling: 1, level: 'Low' } };
export const down: ExamDown = { type: 'ack', seq: client.signal('TAB_SWITCH') };
export { encodeFrame, parseExamMessage, ProtocolError, VERSION, verifyInclusion };
`;

/** The same for a page: with the types of browsers and without those of Node. */
const PAGE = `
import Default, { Invigil, type InvigilEvents } from '@invigil/client/browser';
import { InvigilClient } from '@invigil/client';

export const invigil: Invigil = new Default({ server: 'https://proctor.example.org', camera: false });
export const client: InvigilClient = invigil.client;
invigil.on('camera', (change) => 'stream' in change && change.stream.getTracks());
export type Names = keyof InvigilEvents;
`;

const compilerOptions = (more: object) => ({
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: 'NodeNext',
  target: 'ES2023',
  noEmit: true,
  ...more,
});

describe('the packages, installed into an empty project', () => {
  let folder = '';
  const tsc = (project: string) =>
    run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', join(folder, project)]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout, { cause: error });
    });

  beforeAll(async () => {
    folder = await temporaryFolder('empty-project');
    writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
    await run('npm', ['run', '--silent', 'pack', '--', '--pack-destination', folder], { cwd: ROOT });
    const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    // From here, not from a registry: the test needs no network.
    const others = ['zod', 'ws', '@types/ws', '@types/node'].map((name) => join(ROOT, 'node_modules', name));
    const quiet = ['--offline', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...quiet, ...tarballs.map((name) => `./${name}`), ...others], { cwd: folder });
  }, LIMIT_MS);

  test('have declarations that compile in a strict project without skipLibCheck', async () => {
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const options = compilerOptions({ lib: ['ES2023'], types: ['node'] });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
    await tsc('tsconfig.json');
  });

  test('have browser declarations without Node types', async () => {
    writeFileSync(join(folder, 'page.ts'), PAGE);
    const options = compilerOptions({ lib: ['ES2023', 'DOM'], types: [] });
    writeFileSync(join(folder, 'page.json'), JSON.stringify({ compilerOptions: options, files: ['page.ts'] }));
    await tsc('page.json');
  });

  test('have the same message types as the schemas', async () => {
    const text = `
import type * as schemas from '${join(ROOT, 'protocol/index.ts')}';
import type { ClientEvents, ProctorEvent, SignalBody } from '@invigil/client';
type Same<A extends B, B extends C, C = A> = [A, B];
type Down<T> = Omit<Extract<schemas.ExamDown, { type: T }>, 'type'>;
export type Checks = [
  Same<ProctorEvent, schemas.Event>,
  Same<ClientEvents['welcome'], Down<'welcome'>>,
  Same<ClientEvents['analysis'], schemas.Analysis>,
  Same<ClientEvents['throttle'], schemas.Throttle>,
  Same<Required<ClientEvents['error']>, Required<Down<'error'>>>,
  Same<Omit<SignalBody, 'data'>, Omit<schemas.Signal, 'type' | 'seq' | 'data'>>,
];
`;
    writeFileSync(join(folder, 'same.ts'), text);
    const options = compilerOptions({ lib: ['ES2023', 'DOM'], types: [], allowImportingTsExtensions: true });
    writeFileSync(join(folder, 'same.json'), JSON.stringify({ compilerOptions: options, files: ['same.ts'] }));
    await tsc('same.json');
  });

  test('have no dependency in the client, and no zod', () => {
    const client = join(folder, 'node_modules/@invigil/client');
    expect(JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'))).not.toHaveProperty('dependencies');
    for (const name of readdirSync(join(client, 'dist')).filter((file) => /\.(js|d\.ts)$/.test(file))) {
      expect(readFileSync(join(client, 'dist', name), 'utf8'), name).not.toMatch(/\bfrom ["'](?!\.|node:)|\bzod\b/);
    }
    expect(readdirSync(join(client, 'dist'))).toContain('LICENSE');
  });

  test('run the first frame of the README, and its event is stored', { timeout: LIMIT_MS }, async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, section = ''] = readme.split('## Write your own client\n');
    const program = /```js\n([^]*?)```/.exec(section.split('\n## ')[0]!)?.[1];
    writeFileSync(join(folder, 'first-frame.mjs'), program!);
    writeFileSync(join(folder, 'picture.jpg'), jpeg(1, 640, 480));

    await using server = await startTestServer({ vision: true });
    const { stdout } = await run(
      process.execPath,
      ['first-frame.mjs', server.url, 'admin@example.org', 'a password for tests', 'picture.jpg'],
      { cwd: folder },
    );
    expect(stdout).toMatch(/^event .*^ended /ms);
    const { items } = await server.admin.get<{ items: { id: string }[] }>('/api/sessions');
    const events = await server.admin.events(items[0]!.id);
    expect(events.map(({ type, source }) => [type, source])).toContainEqual(['TAB_SWITCH', 'client']);
  });
});
