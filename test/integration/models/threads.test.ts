import { expect, test } from 'vitest';
import type { Weights } from '../../../models/load.ts';
import type * as Threads from '../../../models/threads.ts';

test('weights that the runtime cannot load fail the start with its reason', async () => {
  // Compiled, like the threads that it starts.
  const compiled = new URL('../../../dist/models/threads.js', import.meta.url).href;
  const { startThreads } = (await import(compiled)) as typeof Threads;
  const broken: Weights = {
    adapter: 'own',
    files: new Map([
      ['face.onnx', new Uint8Array(100)],
      ['gaze.onnx', new Uint8Array(100)],
      ['eyes.onnx', new Uint8Array(100)],
    ]),
  };
  await expect(startThreads({ face: broken, gaze: broken }, [4, 5], () => {})).rejects.toThrow(
    /load model|protobuf|model/i,
  );
});
