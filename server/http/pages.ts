import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { TemplatedApp } from 'uWebSockets.js';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Edge } from './edge/edge.ts';
import { Exchange } from './pipeline/exchange.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** Own origin only, nothing inline; pictures are drawn on canvases and need no source. */
const CSP = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');

interface Page {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Addresses in HTML get the prefix, and scripts find it in `data-base-path`. Scripts and styles have relative ones. */
const withBasePath = (html: string, basePath: string): string =>
  html.replaceAll(/ (href|src)="\/(?!\/)/g, ` $1="${basePath}/`).replace('<html', `<html data-base-path="${basePath}"`);

function readPage(path: string, basePath: string): Page {
  // The SDK is loaded by pages of other origins; module scripts require CORS.
  const embeddable = path.includes(`${sep}sdk${sep}`);
  const immutable = path.includes(`${sep}assets${sep}`);
  const bytes = readFileSync(path);
  return {
    bytes: path.endsWith('.html') && basePath ? Buffer.from(withBasePath(bytes.toString(), basePath)) : bytes,
    headers: {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': CSP,
      // Same origin only, as in the CSP: exam pages stand in frames of their site.
      'X-Frame-Options': 'SAMEORIGIN',
      ...(embeddable && { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }),
      'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()',
    },
  };
}

/** All built files by URL path, `/exam` for `exam/index.html`; there are few and they are small. */
function loadPages(root: string, basePath: string): Map<string, Page> {
  const pages = new Map<string, Page>();
  if (!existsSync(root)) return pages;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(root, path).split(sep).join('/')}`;
    const page = readPage(path, basePath);
    pages.set(url, page);
    if (url.endsWith('/index.html')) {
      const folder = url.slice(0, -'index.html'.length);
      pages.set(folder, page);
      if (folder !== '/') pages.set(folder.slice(0, -1), page);
    }
  }
  return pages;
}

/** Pages whose parts have addresses after `#`. */
const WITH_PARTS = ['admin', 'console', 'exam'];
const BELOW = new RegExp(`^/(${WITH_PARTS.join('|')})/([!-~]+)$`);

/** Pure: the address that `/admin/exams?when=past` stands for, `/admin#/exams?when=past`; undefined: none. */
export function partOf(path: string, query: string): string | undefined {
  const [, page, part] = BELOW.exec(path) ?? [];
  return part && `/${page}#/${part}${query && `?${query}`}`;
}

/** Answers below these paths are for programs, whatever they accept. */
const FOR_PROGRAMS = /^\/(api|ws|sdk|assets)(\/|$)/;

const NOT_FOUND = '/not-found';

/**
 * Serves the built pages except hidden ones. Unknown paths answer 404, or 503 until the routes are registered; browsers
 * are sent to the page that the path stands for, or get a page that says there is none.
 */
export function registerPages(
  app: TemplatedApp,
  root: string,
  edge: Edge,
  ready: () => boolean,
  hidden: readonly string[] = [],
): void {
  const pages = loadPages(root, edge.basePath);
  const notFound = pages.get(NOT_FOUND);
  for (const folder of [...hidden, NOT_FOUND])
    for (const path of [folder, `${folder}/`, `${folder}/index.html`]) pages.delete(path);
  const answer = (exchange: Exchange) => {
    const page = pages.get(exchange.path);
    if (!page) {
      if (exchange.isNavigation && !FOR_PROGRAMS.test(exchange.path)) {
        const part = partOf(exchange.path, exchange.query);
        if (part !== undefined) return exchange.redirect(part);
        if (notFound && ready()) return exchange.answer(404, notFound.bytes, { ...notFound.headers, Vary: 'Accept' });
      }
      const problem = ready()
        ? new ProtocolError('not_found', 'no such path')
        : new ProtocolError('unavailable', 'server is starting', { retryable: true });
      exchange.answerProblem(problem);
    } else if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      exchange.answerProblem(new ProtocolError('method_not_allowed', 'method must be GET'), { Allow: 'GET, HEAD' });
    } else exchange.answer(200, page.bytes, page.headers);
  };
  app.any('/*', (res, req) => {
    const exchange = new Exchange(res, req, edge);
    exchange.inTurn(() => answer(exchange));
  });
}
