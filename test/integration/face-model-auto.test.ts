import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedFolder } from '../support/requirements.ts';
import { startTestServer, waitFor } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Models that a server with `FACE_MODEL=auto` reports. */
async function modelsWith(folder: string): Promise<readonly string[]> {
  await using site = await startTestServer({ env: { FACE_MODEL: 'auto', MODELS_DIR: folder }, vision: true });
  await waitFor('vision', () => site.server.pool.vision.state === 'on');
  return (await site.api().get<{ models: string[] }>('/health')).models;
}

const OWN = [/^invigil-face@/, /^invigil-gaze@/, /^invigil-eyes@/];

test('FACE_MODEL=auto without fetched weights looks for faces with the own detector', async () => {
  expect(await modelsWith(await temporaryFolder('models'))).toEqual(OWN.map((name) => expect.stringMatching(name)));
});

test('FACE_MODEL=auto with a fetched file that does not match the manifest keeps to the own detector', async () => {
  const folder = await temporaryFolder('models');
  await writeFile(join(folder, 'yunet.onnx'), 'half of a download');
  expect(await modelsWith(folder)).toEqual(OWN.map((name) => expect.stringMatching(name)));
});

test.runIf(sharedFolder)(
  `FACE_MODEL=auto takes the fetched detector${sharedFolder ? '' : ' (skipped: no ../shared)'}`,
  async () => {
    const [face, ...others] = await modelsWith(join(sharedFolder!, 'models'));
    expect(face).toMatch(/^yunet@/);
    expect(others).toEqual(OWN.slice(1).map((name) => expect.stringMatching(name)));
  },
);
