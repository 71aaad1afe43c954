import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { packRecord, labelled } from './fixtures/pack.ts';
import { UsageError } from '../../simulator/options.ts';
import { HELD_OUT_SOURCES, isValidation, readPack, spreadOut } from './pack.ts';

test.each(['group-7.jpg', 'image_0138.jpg', 'with_mask196.jpg', '0_0_pengyuyan'])('group %s is validation', (group) => {
  expect(isValidation(group)).toBe(true);
});

test.each(['group-1.jpg', 'clip_video00', 'clip_video01', 'raccoon-1.jpg', ''])('group "%s" is training', (group) => {
  expect(isValidation(group)).toBe(false);
});

test('about one group in ten is in the validation set', () => {
  const groups = Array.from({ length: 5000 }, (_, i) => `group ${i}`);
  expect(groups.filter(isValidation).length / groups.length).toBeCloseTo(0.1, 1);
});

test('training excludes the same sources', async () => {
  const [, names = ''] = /HELD_OUT = \{([^}]*)\}/.exec(await readFile('models/train/pack.py', 'utf8')) ?? [];
  expect([...names.matchAll(/\w+/g)].map(([name]) => name).toSorted()).toEqual([...HELD_OUT_SOURCES].toSorted());
});

it('samples are spread evenly over the list, in order', () => {
  expect(spreadOut([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  expect(spreadOut([0, 1], 4)).toEqual([0, 1]);
});

describe('readPack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-pack-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = (text: string) => writeFile(join(folder, 'labels.jsonl'), text);

  it('reads the fields in use and ignores others', async () => {
    const record = packRecord({ faces: [labelled()] });
    await write(`${JSON.stringify({ ...record, flip_ok: true })}\n\n${JSON.stringify(packRecord())}\n`);
    const { records, digest } = await readPack(folder);
    expect(records).toEqual([record, packRecord()]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('accepts a face without a pose and a label marked as ignored', async () => {
    const { pose: _, mesh_score: __, ignore: ___, ...bare } = labelled();
    await write(JSON.stringify({ ...packRecord(), faces: [bare, { ...bare, ignore: true }] }));
    const { records } = await readPack(folder);
    expect(records[0]!.faces).toMatchObject([{ ignore: false, mesh_score: 0 }, { ignore: true }]);
  });

  it('an error names the folder without labels', async () => {
    await expect(readPack(folder)).rejects.toThrow(UsageError);
    await expect(readPack(folder)).rejects.toThrow(/labels\.jsonl cannot be read/);
  });

  it('an error names the line of an invalid label and the reason', async () => {
    await write(`${JSON.stringify(packRecord())}\n{"file":`);
    await expect(readPack(folder)).rejects.toThrow(/labels\.jsonl, line 2: /);
    await write(JSON.stringify({ ...packRecord(), group: undefined }));
    await expect(readPack(folder)).rejects.toThrow(/line 1: .*group/);
    await write('\n');
    await expect(readPack(folder)).rejects.toThrow(/no records/);
  });
});
