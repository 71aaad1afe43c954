import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shippedFolder } from '../../models/manifest.ts';
import { onnxParameters } from './onnx-parameters.ts';

it('counts the parameters of the shipped detector', () => {
  const file = readFileSync(join(shippedFolder(), 'face.onnx'));
  const count = onnxParameters(file);
  expect(count * 4).toBeLessThan(file.length);
  expect(count * 4).toBeGreaterThan(0.9 * file.length);
});

it('a file that is not ONNX is refused', () => {
  expect(() => onnxParameters(new TextEncoder().encode('no weights at all'))).toThrow('not an ONNX file');
});
