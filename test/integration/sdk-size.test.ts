import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** What a page loads to be proctored: one of these scripts, and the worker. */
const BUDGET_BYTES = 26 * 1024;

const file = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../dist/web/sdk/${name}`, import.meta.url)), 'utf8');
const packed = (name: string) => gzipSync(file(name), { level: 9 }).byteLength;

test.for(['invigil.js', 'invigil.iife.js'])('%s and the capture worker are at most 26 KB, gzipped', (name) => {
  expect(packed(name) + packed('capture-worker.js')).toBeLessThanOrEqual(BUDGET_BYTES);
});

test('frame.js, loaded by embedded pages, is at most 1 KB, gzipped', () => {
  expect(packed('frame.js')).toBeLessThanOrEqual(1024);
});

test.for(['invigil.js', 'invigil.iife.js', 'capture-worker.js', 'frame.js'])(
  '%s is one file that imports no other',
  (name) => {
    expect(file(name)).not.toMatch(/^\s*(import|export)\b[^;]*\bfrom\b/m);
    expect(file(name)).not.toMatch(/\bimport\s*\(/);
  },
);

test('invigil.d.ts declares Invigil and imports no other file', () => {
  expect(file('invigil.d.ts')).toContain('export declare class Invigil');
  expect(file('invigil.d.ts')).not.toMatch(/^import\b/m);
});
