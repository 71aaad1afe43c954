import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import { guidePages, guides } from './guides/plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Vite's own emptying would take the compiled SDK along, which the TypeScript build puts beside the pages. */
const emptyAssets: Plugin = {
  name: 'empty-assets',
  apply: 'build',
  buildStart: () => rmSync(here('../dist/web/assets'), { recursive: true, force: true }),
};

/** Styles of a page override the shared ones, which the bundler puts last where their chunk has no code. */
const baseStylesFirst: Plugin = {
  name: 'base-styles-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const link = /\n *<link rel="stylesheet"[^>]*>/;
      const base = /\n *<link rel="stylesheet"[^>]*\/base-[^>]*>/.exec(html)?.[0];
      const others = base === undefined ? html : html.replace(base, '');
      return base !== undefined && link.test(others) ? others.replace(link, (first) => base + first) : html;
    },
  },
};

export default defineConfig({
  root: here('.'),
  base: '/',
  experimental: {
    // The server adds its prefix (BASE_PATH) to the addresses in HTML only.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  plugins: [preact(), guides, emptyAssets, baseStylesFirst],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: false,
    // Inlined assets are `data:` URLs, which the pages' content security policy does not allow.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [
        'index.html',
        'not-found/index.html',
        'setup/index.html',
        'exam/index.html',
        'system-check/index.html',
        'console/index.html',
        'docs/index.html',
        'account/index.html',
        'admin/index.html',
      ]
        .map(here)
        .concat(guidePages),
    },
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/health': 'http://127.0.0.1:8080',
      '/ws': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
