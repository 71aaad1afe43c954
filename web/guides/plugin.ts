import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import type { Plugin } from 'vite';

const GUIDES = fileURLToPath(new URL('../../docs/guides/', import.meta.url));
/** From a page of the guides to the folder of the pictures. */
const DOCS = '../../../docs/';
const PLACE = '<!-- guide -->';

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const element = (name: string, attributes: Readonly<Record<string, string>>) =>
  `<${[name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ')} />`;

const markdown = new Marked({
  renderer: {
    /** Other guides are pages of the server; the rest of the documentation is not. */
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      return href.startsWith('../') ? words : `<a href="${href.replace(/^(\w+)\.md/, '/guides/$1')}">${words}</a>`;
    },
    /** With the ids that links of the guides name, as code hosts make them. */
    heading({ tokens, depth, text }) {
      const id = text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>`;
    },
    /** Addresses of this server's pages, such as `/admin#/people`, are links. */
    codespan: ({ text }) =>
      /^\/[a-z]/.test(text) ? `<a href="${escaped(text)}">${escaped(text)}</a>` : `<code>${escaped(text)}</code>`,
    image: ({ href, text }) => element('img', { src: href.replace(/^\.\.\//, DOCS), alt: text, loading: 'lazy' }),
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
