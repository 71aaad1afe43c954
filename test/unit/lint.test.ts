import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultOf, faultsIn, within } from '../../tools/imports/check.ts';
import { DIRECTIONS, PACKAGES } from '../../tools/imports/directions.ts';
import { readImports } from '../../tools/imports/read.ts';
import { alternativesWithoutKeys } from '../../tools/markup/alternatives.ts';

const project = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a small project below `folder`. */
function plant(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('import directions', () => {
  test.each([
    ['protocol/down.ts', 'node:'],
    ['protocol/down.ts', 'db/open.ts'],
    ['protocol/frame.ts', 'zod'],
    ['db/open.ts', 'server/clock.ts'],
    ['models/look.ts', 'protocol/errors.ts'],
    ['models/look.ts', 'onnxruntime-node'],
    ['models/look.ts', 'models/train/pose/drawn.ts'],
    ['models/train/pose/drawn.ts', 'simulator/student.ts'],
    ['server/clock.ts', 'server/config.ts'],
    ['server/auth/tokens.ts', 'server/http/pipeline/route.ts'],
    ['server/auth/tokens.ts', 'kysely'],
    ['server/http/routes/exams.ts', 'models/decode.ts'],
    ['server/http/routes/exams.ts', 'server/socket/exam.ts'],
    ['server/http/routes/exams.ts', 'server/context.ts'],
    ['server/socket/exam.ts', 'server/main.ts'],
    ['server/inference/pool.ts', 'uWebSockets.js'],
    ['server/inference/pool.ts', 'db/open.ts'],
    ['server/system-check/check.ts', 'db/open.ts'],
    ['server/feed/local.ts', 'db/open.ts'],
    ['server/audit/export/verify.ts', 'db/open.ts'],
    ['server/session/rules/rules.ts', 'server/session/record/session-state.ts'],
    ['server/session/record/session-state.ts', 'server/session/signals/reports.ts'],
    ['server/session/record/session-state.ts', 'server/session/frames/frame-intake.ts'],
    ['server/session/signals/reports.ts', 'server/session/frames/frame-intake.ts'],
    ['server/session/frames/frame-intake.ts', 'server/session/live/live-session.ts'],
    ['server/session/live/live-session.ts', 'server/session/review/reviews.ts'],
    ['server/session/live/live-session.ts', 'server/exams/status.ts'],
    ['web/exam/app.tsx', 'server/clock.ts'],
    ['web/exam/app.tsx', 'node:'],
    ['web/sdk/client.ts', 'zod'],
    ['web/sdk/client.ts', 'web/shared/api.ts'],
    ['simulator/student.ts', 'bench/main.ts'],
    ['simulator/student.ts', 'test/support/api.ts'],
    ['bench/load/load.ts', 'test/support/api.ts'],
    ['test/support/api.ts', 'bench/load/load.ts'],
    ['server/clock.test.ts', 'bench/load/load.ts'],
    ['a-new-folder/file.ts', 'zod'],
  ])('%s may not import %s', (from, to) => {
    expect(faultOf({ from, to })).toMatch(from);
  });

  test('imports of values and types, exports from elsewhere and dynamic imports are all checked', () => {
    const root = plant('directions', {
      'db/one.ts': "import { readConfig } from '../server/config.ts';\nexport const one = readConfig;\n",
      'db/two.ts': "import type { Config } from '../server/config.ts';\nexport type Two = Config;\n",
      'db/three.ts': "export * from '../server/config.ts';\n",
      'db/four.ts': "export const four = await import('../server/config.ts');\n",
      'db/five.ts': "import type { Down } from '../protocol/down.ts';\nexport type Five = Down;\n",
    });
    expect(faultsIn(root).map((fault) => fault.split(' ')[0]!)).toEqual([
      'db/four.ts',
      'db/one.ts',
      'db/three.ts',
      'db/two.ts',
    ]);
  });

  test('every row and every package of the table is in use', () => {
    const imports = readImports(project('.'));
    const used = new Set(imports.flatMap(({ from, to }) => [from, to]));
    const isUsed = (place: string) => [...used].some((path) => within(path, place));
    const named = DIRECTIONS.flatMap(({ of, may, packages = [] }) => [...of, ...may, ...packages]);
    expect(named.filter((place) => !isUsed(place))).toEqual([]);
    expect(Object.keys(PACKAGES).filter((name) => !isUsed(name))).toEqual([]);
  });
});

/** Runs the project's linter over a folder. @returns the rules that failed, of each file */
function lint(root: string): Promise<string[]> {
  const args = ['-c', project('.oxlintrc.json'), '--type-aware', '--format', 'json', '.'];
  return new Promise((resolve, reject) => {
    execFile(project('node_modules/.bin/oxlint'), args, { cwd: root, timeout: 60_000 }, (_failed, out, error) => {
      if (!out.startsWith('{')) return reject(new Error(`${out}${error}`));
      const { diagnostics } = JSON.parse(out) as { diagnostics: { filename: string; code: string }[] };
      resolve(diagnostics.map(({ filename, code }) => `${filename} ${code}`).toSorted());
    });
  });
}

test('lint fails on circles of types, floating and misused promises, sorts without an order, and reads of process.env', async () => {
  const root = plant('rules', {
    'circle-a.ts': "import type { B } from './circle-b.ts';\nexport type A = B[];\n",
    'circle-b.ts': "import type { A } from './circle-a.ts';\nexport type B = A[];\n",
    'floating.ts': 'const work = async () => 1;\nexport const run = () => {\n  work();\n};\n',
    'misused.ts':
      'const work = async () => 1;\nexport const run = (): void => [1].forEach(async () => void (await work()));\n',
    'sort.ts': 'export const sorted = [10, 9].sort();\n',
    'env.ts': 'export const home = process.env.HOME;\n',
    'thrown.ts': "export const fail = (): never => {\n  throw 'text';\n};\n",
  });
  expect(await lint(root)).toEqual([
    'circle-a.ts import(no-cycle)',
    'circle-b.ts import(no-cycle)',
    'env.ts eslint(no-restricted-properties)',
    'floating.ts typescript(no-floating-promises)',
    'misused.ts typescript(no-misused-promises)',
    'sort.ts typescript(require-array-sort-compare)',
    'thrown.ts typescript(only-throw-error)',
  ]);
});

test('alternatives of different types need keys beside a later sibling of one of their types', () => {
  const pages = {
    'web/bare.tsx': 'export const page = (a: boolean) => (\n  <p>\n    {a ? <i /> : <b />}\n    <b />\n  </p>\n);\n',
    'web/optional.tsx':
      'export const page = (a: boolean) => (\n  <>\n    {a ? <a.b /> : !a && <b />}\n    {a && <a.b />}\n  </>\n);\n',
    'web/keyed.tsx': 'export const page = (a: boolean) => <p>{a ? <i /> : <b key="one" />}<b /></p>;\n',
    'web/later-keyed.tsx': 'export const page = (a: boolean) => <p>{a ? <i /> : <b />}<b key="two" /></p>;\n',
    'web/alone.tsx': 'export const page = (a: boolean) => <p><b />{a ? <i /> : <b />}</p>;\n',
    'web/same.tsx': 'export const page = (a: boolean) => <p>{a ? <b>1</b> : <b>2</b>}<b /></p>;\n',
  };
  expect(alternativesWithoutKeys(plant('markup', pages)).map((fault) => fault.split(' ')[0])).toEqual([
    'web/bare.tsx:3:',
    'web/optional.tsx:3:',
  ]);
});
