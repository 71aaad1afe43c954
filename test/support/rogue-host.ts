import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../../models/manifest.ts';
import { temporaryFolder } from './temporary-folder.ts';

const models = readManifest()
  .filter(({ adapter }) => adapter === 'own')
  .map(({ name, version, sha256 }) => ({ name, version, sha256 }));

/**
 * Functions for the script of a rogue host: `channels` of its threads, `ready()`, `say(text)` on the process channel,
 * `write(channel, bytes)`, `answer(job, changes)`, `onFrame(channel, (job) => ...)`.
 */
const PRELUDE = `
  import { closeSync, createReadStream, writeSync } from 'node:fs';
  const MODELS = ${JSON.stringify(models)};
  const CONTROL = 3;
  const all = (fd, bytes) => { for (let at = 0; at < bytes.length; ) { try { at += writeSync(fd, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; } } };
  const say = (text) => all(CONTROL, Buffer.from(text));
  const ready = (more = {}) => say(JSON.stringify({ type: 'ready', models: MODELS, ...more }) + '\\n');
  const write = (fd, bytes) => all(fd, bytes);
  const framed = (text) => { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32LE(body.length); return Buffer.concat([head, body]); };
  const failed = (job, changes = {}) => JSON.stringify({ type: 'failed', job, failure: { code: 'invalid_image', message: 'no' }, ...changes });
  const onFrame = (fd, seen) => {
    let held = Buffer.alloc(0);
    createReadStream('', { fd, autoClose: false }).on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 16 && held.length >= 16 + held.readUInt32LE(4) + held.readUInt32LE(8)) {
        const job = held.readUInt32LE(0);
        held = held.subarray(16 + held.readUInt32LE(4) + held.readUInt32LE(8));
        seen(job);
      }
    });
  };
`;

/**
 * Module to run in place of the host: `script` runs on the start message, with the descriptors of its threads as
 * `channels`. @returns its path
 */
export async function rogueHost(script: string): Promise<string> {
  const entry = join(await temporaryFolder('rogue-host'), 'host.mjs');
  await writeFile(
    entry,
    `${PRELUDE}\nprocess.once('message', ({ channels }) => { ${script} });\nsetInterval(() => {}, 1000);\n`,
  );
  return entry;
}
