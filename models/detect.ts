import { readFile } from 'node:fs/promises';
import { analyse } from './analyse.ts';
import { JpegDecoder } from './decode.ts';
import { addedFolders } from './folders.ts';
import type { Detection } from './jobs.ts';
import { checkModels, openPipeline } from './load.ts';
import { shippedFolder } from './manifest.ts';

/** `npm run detect -- FILE...`: runs the models on images and prints one JSON line per file to stdout. */

/** Local images are often larger or smaller than the frames of an exam client. */
const SIDES = { min: 16, max: 8192 };

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run detect -- FILE...   (JPEG)');
  process.exit(2);
}

const { FACE_MODEL = 'own', GAZE_MODEL = 'own' } = process.env;
const folders = [shippedFolder(), ...addedFolders(process.env)];
try {
  const pipeline = await openPipeline(
    await checkModels({ folders, face: FACE_MODEL, gaze: GAZE_MODEL }, console.error),
    new JpegDecoder(SIDES),
  );
  for (const file of files) {
    try {
      console.log(line(file, await analyse(pipeline, await readFile(file))));
    } catch (error) {
      report(file, error);
    }
  }
} catch (error) {
  report('models', error);
}

/** Rounds numbers: hundredths of a pixel or a degree exceed the precision of the networks. */
function line(file: string, { width, height, faces, pose, gaze, ms, visibility, open }: Detection): string {
  const found = faces.map(({ box, score, landmarks }) => ({ box, score, landmarks }));
  const total = ms.decode + ms.detect + ms.pose;
  return JSON.stringify(
    { file, width, height, faces: found, pose, gaze, ms: total, visibility, open },
    (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value),
  );
}

function report(what: string, error: unknown): void {
  console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
