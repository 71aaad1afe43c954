import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { entriesFor, loadFiles, readManifest, shippedFolder } from './manifest.ts';

const manifest = readManifest();
const face = entriesFor(manifest, 'face', 'own');

const folder = (): Promise<string> => temporaryFolder('models');

test('all weights listed as shipped exist and match the manifest', async () => {
  const shipped = manifest.filter((entry) => entry.shipped);
  expect(shipped.length).toBeGreaterThan(0);
  expect([...(await loadFiles(shipped, [shippedFolder()])).keys()]).toEqual(shipped.map(({ file }) => file));
});

test('an error names the missing file and the searched folders', async () => {
  const empty = await folder();
  await expect(loadFiles(face, [empty])).rejects.toThrow(`face.onnx (invigil-face) is missing from ${empty}`);
});

test('a changed byte fails the digest check, and the error names the file', async () => {
  const changed = await folder();
  const bytes = await readFile(join(shippedFolder(), 'face.onnx'));
  bytes[1000]! ^= 1;
  await writeFile(join(changed, 'face.onnx'), bytes);
  await expect(loadFiles(face, [changed, shippedFolder()])).rejects.toThrow(
    /face\.onnx \(invigil-face\) has SHA-256 [0-9a-f]{64}, not the manifest/,
  );
});

test('a file of another size is refused before it is hashed', async () => {
  const cut = await folder();
  await writeFile(join(cut, 'face.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
  await expect(loadFiles(face, [cut])).rejects.toThrow(/has 43 bytes, not the 749014 of the manifest/);
});

test('folders are searched in order', async () => {
  const second = await folder();
  await copyFile(join(shippedFolder(), 'face.onnx'), join(second, 'face.onnx'));
  await expect(loadFiles(face, [await folder(), second])).resolves.toHaveProperty('size', 1);
});

test('an unknown adapter is refused with the list of known adapters', () => {
  expect(() => entriesFor(manifest, 'gaze', 'crystal-ball')).toThrow(
    'unknown gaze model crystal-ball: known are own, mesh',
  );
});
