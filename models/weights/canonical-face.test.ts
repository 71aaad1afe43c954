import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedFolder } from '../../test/support/requirements.ts';
import { readManifest } from '../manifest.ts';
import { verticesAsJson } from './canonical-face.ts';

const json = (obj: string): string => new TextDecoder().decode(verticesAsJson(new TextEncoder().encode(obj)));

test('vertices are read in file order, and other records are ignored', () => {
  expect(json('# a face\nmtllib x\nv 1 2.25 -3\nvt 0.5 0.5\nvn 0 0 1\nv 0.1 0.000000 -0.75\nf 1/1 2/1 1/1\n')).toBe(
    '[[1.0, 2.25, -3.0], [0.1, 0.0, -0.75]]',
  );
});

const beside = sharedFolder === undefined ? ' (skipped: none beside the project)' : '';

test.skipIf(sharedFolder === undefined)(`the canonical face has the digest of the manifest${beside}`, () => {
  const entry = readManifest().find(({ name }) => name === 'mediapipe-canonical-face')!;
  const vertices = JSON.parse(readFileSync(join(sharedFolder!, 'models', entry.file), 'utf8')) as number[][];
  const obj = vertices.map((vertex) => `v ${vertex.map((value) => value.toFixed(6)).join(' ')}\n`).join('');
  expect(createHash('sha256').update(json(obj)).digest('hex')).toBe(entry.sha256);
});
