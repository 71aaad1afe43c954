import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What embedding pages load. One file each: a script tag and a worker know of no others. */
const BUILDS = {
  module: { entry: 'browser/module.ts', format: 'es', file: 'invigil.js' },
  iife: { entry: 'browser/entry.ts', format: 'iife', file: 'invigil.iife.js' },
  // Classic, not a module: `importScripts` loads it from another origin without that one's permission.
  worker: { entry: 'browser/capture-worker.ts', format: 'iife', file: 'capture-worker.js' },
} as const;

const types: Plugin = {
  name: 'types',
  closeBundle: () => copyFileSync(here('browser/public.d.ts'), here('../../dist/web/sdk/invigil.d.ts')),
};

/** `--mode module | iife | worker` */
export default defineConfig(({ mode }) => {
  const { entry, format, file } = BUILDS[mode as keyof typeof BUILDS];
  return {
    root: here('.'),
    publicDir: false,
    plugins: mode === 'module' ? [types] : [],
    build: {
      outDir: here('../../dist/web/sdk'),
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      lib: { entry: here(entry), formats: [format], name: 'Invigil', fileName: () => file },
    },
  };
});
