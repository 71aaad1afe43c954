import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import type { Plugin } from 'vite';
import { guides as texts } from '../shared/messages/en/guides.ts';

const GUIDES = fileURLToPath(new URL('../../docs/guides/', import.meta.url));
/** From a page of the guides to the folder of the pictures. */
const DOCS = '../../../docs/';

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

const PAGES = fileURLToPath(new URL('./', import.meta.url));
const TEMPLATE = `${PAGES}page.html`;

/** Entries of the build, one a guide. */
export const guidePages: readonly string[] = Object.keys(texts.names).map((name) => `${PAGES}${name}/index.html`);

const nameOf = (path: string) => Object.keys(texts.names).find((name) => path.endsWith(`/guides/${name}/index.html`));

function pageOf(name: string): string {
  const links = Object.entries(texts.names).map(
    ([each, title]) =>
      `<a class="small" href="/guides/${each}"${each === name ? ' aria-current="page"' : ''}>${title}</a>`,
  );
  const text = markdown.parse(readFileSync(`${GUIDES}${name}.md`, 'utf8'), { async: false });
  return readFileSync(TEMPLATE, 'utf8')
    .replace('<!-- title -->', texts.title(name))
    .replace('<!-- links -->', links.join('\n        '))
    .replace('<!-- guide -->', () => text);
}

/** Makes the page of each guide of `docs/guides`, `guides/NAME/index.html`, from `page.html`. */
export const guides: Plugin = {
  name: 'guides',
  enforce: 'pre',
  resolveId: (id) => (nameOf(id) === undefined ? null : id),
  load(id) {
    const name = nameOf(id);
    if (name === undefined) return null;
    for (const file of [`${GUIDES}${name}.md`, TEMPLATE]) this.addWatchFile(file);
    return pageOf(name);
  },
};
