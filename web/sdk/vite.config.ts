import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { writePackageTypes, writeSiteTypes } from './declarations/write.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Files for embedding pages. One each: a script tag and a worker know of no others. */
const SITE = {
  module: { entry: 'browser/module.ts', format: 'es', file: 'invigil.js' },
  iife: { entry: 'browser/entry.ts', format: 'iife', file: 'invigil.iife.js' },
  // Classic, not a module: `importScripts` loads it from another origin without that one's permission.
  worker: { entry: 'browser/capture-worker.ts', format: 'iife', file: 'capture-worker.js' },
  frame: { entry: 'browser/frame.ts', format: 'iife', file: 'frame.js' },
} as const;

/** Entries of `@invigil/client`; see `exports` in package.json. */
const PACKAGE = { index: here('index.ts'), browser: here('browser/module.ts'), node: here('node/file-store.ts') };

const types = (write: (folder: string) => void): Plugin => {
  let folder = '';
  return {
    name: 'types',
    configResolved: ({ root, build }) => void (folder = fileURLToPath(new URL(build.outDir, `file://${root}/`))),
    closeBundle: () => write(folder),
  };
};

/** `--mode module | iife | worker | frame | package` */
export default defineConfig(({ mode }) => {
  const shared = { root: here('.'), publicDir: false } as const;
  const target = 'es2022';
  if (mode === 'package') {
    return {
      ...shared,
      plugins: [types(writePackageTypes)],
      build: {
        outDir: here('dist'),
        target,
        minify: false,
        lib: { entry: PACKAGE, formats: ['es'] },
        rolldownOptions: { external: /^node:/, output: { chunkFileNames: '[name].js' } },
      },
    };
  }
  const { entry, format, file } = SITE[mode as keyof typeof SITE];
  return {
    ...shared,
    plugins: mode === 'module' ? [types(writeSiteTypes)] : [],
    build: {
      outDir: here('../../dist/web/sdk'),
      emptyOutDir: false,
      target,
      minify: true,
      lib: { entry: here(entry), formats: [format], name: 'Invigil', fileName: () => file },
    },
  };
});
