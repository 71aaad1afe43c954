import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import type { Plugin } from 'vite';

const GUIDES = fileURLToPath(new URL('../../docs/guides/', import.meta.url));
/** From a page of the guides to the folder of the pictures. */
const DOCS = '../../../docs/';
const PLACE = '<!-- guide -->';

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const markdown = new Marked({
  renderer: {
    /** Addresses of this server's pages, such as `/admin#/people`, are links. */
    codespan: ({ text }) =>
      /^\/[a-z]/.test(text) ? `<a href="${escaped(text)}">${escaped(text)}</a>` : `<code>${escaped(text)}</code>`,
    image: ({ href, text }) => `<img src="${href.replace(/^\.\.\//, DOCS)}" alt="${escaped(text)}" loading="lazy" />`,
  },
  walkTokens: (token) => {
    if (token.type === 'link') token['href'] = String(token['href']).replace(/^(\w+)\.md/, '/guides/$1');
  },
});

/** Puts each guide of `docs/guides` into its page, `guides/NAME/index.html`. */
export const guides: Plugin = {
  name: 'guides',
  transformIndexHtml: {
    order: 'pre',
    async handler(html, { path }) {
      const name = /^\/guides\/(\w+)\//.exec(path)?.[1];
      if (name === undefined) return html;
      const text = readFileSync(`${GUIDES}${name}.md`, 'utf8');
      return html.replace(PLACE, () => markdown.parse(text, { async: false }));
    },
  },
};
