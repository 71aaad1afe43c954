import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageDeclarations } from '../../../protocol/reference/declarations.ts';
import { type Bundle, bundleDeclarations } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** `outDir` of tsconfig.types.json. */
const EMITTED = join(ROOT, 'dist/types');
/** Declared with zod: consumers get plain types in their place. */
const WITH_ZOD = ['down', 'events', 'exam', 'console'].map((name) => join(EMITTED, 'protocol', `${name}.d.ts`));
const MESSAGES = join(EMITTED, 'protocol/messages.d.ts');

function emit(): void {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', join(ROOT, 'web/sdk/tsconfig.types.json')], { stdio: 'inherit' });
}

function bundle(entry: string, given?: { specifier: string; bundle: Bundle }[]): Bundle {
  return bundleDeclarations({
    entry: join(EMITTED, 'web/sdk', entry),
    read: (path) => (path === MESSAGES ? messageDeclarations() : readFileSync(path, 'utf8')),
    resolve: (specifier, importer) => {
      if (!specifier.startsWith('.')) throw new Error(`${importer} needs the types of ${specifier}`);
      const path = resolve(dirname(importer), specifier.replace(/\.ts$/, '.d.ts'));
      return WITH_ZOD.includes(path) ? MESSAGES : path;
    },
    ...(given && { given }),
  });
}

/** `invigil.d.ts`, which needs no other file, for pages that load `invigil.js` from the server. */
export function writeSiteTypes(folder: string): void {
  emit();
  writeFileSync(join(folder, 'invigil.d.ts'), bundle('browser/module.d.ts').text);
}

/** Declarations of the package: one file an entry; classes are declared once, so that they are the same everywhere. */
export function writePackageTypes(folder: string): void {
  emit();
  const index = bundle('index.d.ts');
  const given = [{ specifier: './index.js', bundle: index }];
  writeFileSync(join(folder, 'index.d.ts'), index.text);
  writeFileSync(join(folder, 'browser.d.ts'), bundle('browser/module.d.ts', given).text);
  writeFileSync(join(folder, 'node.d.ts'), bundle('node/file-store.d.ts', given).text);
}
