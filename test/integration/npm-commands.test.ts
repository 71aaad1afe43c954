import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const THREADS = {
  drawing: `const { drawScenes } = await import('./simulator/drawn-frames.ts');
    await drawScenes(1, ['attentive'], () => {}).complete;`,
  hashing: `const { HashThreads } = await import('./server/auth/passwords/hash-threads.ts');
    await new HashThreads().run({ kind: 'hash', password: 'a long password', options: {} });`,
};

// Node 20 cannot load TypeScript itself, so a thread that inherits a preload in TypeScript ends before it registers tsx.
test.each(Object.entries(THREADS))(
  'threads for %s start under the preloads of npm run simulate (they do not inherit TypeScript preloads)',
  (_, use) => {
    const preloads = scripts['simulate']!.match(/--import \S+/g)!.flatMap((each) => each.split(' '));
    const args = [...preloads, '--input-type=module', '--eval', `${use} console.log('started');`];
    expect(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' })).toBe('started\n');
  },
);
