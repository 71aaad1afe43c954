import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FileServer, servesRanges } from '../../support/file-server.ts';
import { sharedFolder } from '../../support/requirements.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { readManifest } from '../../../models/manifest.ts';

const ENTRY = fileURLToPath(new URL('../../../dist/models/weights/cli.js', import.meta.url));

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** The compiled command in a process of its own, with no other environment. */
function models(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [ENTRY, ...args], { env }, (_error, out, error) =>
      resolve({ status: child.exitCode ?? -1, out, error }),
    );
  });
}

const folder = (): Promise<string> => temporaryFolder('weights');

test('list prints each file of the manifest with its location', async () => {
  const { status, out } = await models(['list'], { MODELS_DIR: await folder() });
  const rows = out.trimEnd().split('\n');
  expect(status).toBe(0);
  expect(rows).toHaveLength(1 + readManifest().length);
  expect(rows.find((row) => row.startsWith('invigil-face'))).toMatch(/ shipped +\S+face\.onnx$/);
  expect(rows.find((row) => row.startsWith('yunet'))).toMatch(/ missing +-$/);
});

test('list --json prints the same for programs', async () => {
  const { out } = await models(['list', '--json', '--dir', await folder()]);
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({ name: 'yunet', state: 'missing', url: expect.stringMatching(/^https:/) }),
  );
});

test('verify succeeds with the shipped files, and fails for a named missing file', async () => {
  const dir = await folder();
  expect((await models(['verify', '--dir', dir])).status).toBe(0);
  const named = await models(['verify', 'yunet', '--dir', dir]);
  expect(named).toMatchObject({ status: 1, error: expect.stringMatching(/^yunet: yunet\.onnx is not in any of /) });
});

test('verify reports a file that differs from the manifest', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'yunet.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
  const { status, out, error } = await models(['verify', '--dir', dir]);
  expect(status).toBe(1);
  expect(out).toContain('WRONG');
  expect(error).toContain('has 43 bytes, not the 322906 of the manifest');
});

test.each([
  [['fetch', 'invigil-face'], 'shipped_model'],
  [['fetch', 'yunet', 'crystal-ball'], 'unknown_model: unknown model crystal-ball: known are '],
  [['verify', 'crystal-ball'], 'unknown_model'],
  [['fetch'], 'fetch requires names'],
  [['steal'], 'no command steal'],
  [['list', '--colour'], 'usage: '],
  [[], 'usage: '],
])('%j is refused with status 2', async (args, message) => {
  const { status, error } = await models(args, { DATA_DIR: await folder() });
  expect({ status, error }).toEqual({ status: 2, error: expect.stringContaining(message) });
});

test('a failed fetch reports reason and code, continues with other files and exits with 1', async () => {
  const server = await FileServer.start((_request, response) => response.writeHead(404).end());
  const dir = await folder();
  const { status, error } = await models(['fetch', 'yunet', 'mediapipe-face-mesh', '--from', server.url], {
    MODELS_DIR: dir,
  });
  await server.stop();
  expect(status).toBe(1);
  expect(error.split('\n').filter(Boolean)).toEqual([
    `yunet: http_status: ${server.url}yunet.onnx answers 404 Not Found`,
    `mediapipe-face-mesh: http_status: ${server.url}mesh.onnx answers 404 Not Found`,
  ]);
});

const public_ = sharedFolder === undefined ? undefined : join(sharedFolder, 'models');

const beside = public_ === undefined ? ' (skipped: none beside the project)' : '';

test.skipIf(public_ === undefined)(
  `the public weights fetched from a mirror are used by the server${beside}`,
  async () => {
    const server = await FileServer.start((request, response) =>
      servesRanges(readFileSync(join(public_!, request.url!)))(request, response),
    );
    const dataDir = await folder();
    const fetched = await models(
      ['fetch', 'yunet', 'mediapipe-face-mesh', 'mediapipe-canonical-face', '--from', server.url],
      { DATA_DIR: dataDir },
    );
    await server.stop();
    expect(fetched).toMatchObject({ status: 0, error: '' });
    expect(
      (await models(['verify', 'yunet', 'mediapipe-face-mesh', 'mediapipe-canonical-face'], { DATA_DIR: dataDir }))
        .status,
    ).toBe(0);
    const again = await models(['fetch', 'yunet', '--from', server.url], { DATA_DIR: dataDir });
    expect(again.out).toBe(`yunet: already there, ${join(dataDir, 'models', 'yunet.onnx')}\n`);
  },
);
