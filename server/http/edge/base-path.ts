import type { RecognizedString, TemplatedApp } from 'uWebSockets.js';

const METHODS = ['get', 'post', 'put', 'patch', 'del', 'head', 'options', 'any'] as const;

/** A request's path without the prefix, if it has it. */
export function withoutBasePath(path: string, basePath: string): string {
  if (basePath === '' || !path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : path;
}

/**
 * Wraps the app: everything registered through the returned one is served under the prefix, too. Without it as well,
 * for proxies that strip it, and for probes and other servers that connect directly.
 */
export function underBasePath(app: TemplatedApp, basePath: string): TemplatedApp {
  if (basePath === '') return app;
  const pathsOf = (given: RecognizedString) => {
    const path = given as string;
    return [path, basePath + path, ...(path === '/' ? [basePath] : [])];
  };
  const wrapped = Object.create(app) as TemplatedApp;
  for (const method of METHODS) {
    wrapped[method] = (path, handler) => {
      for (const each of pathsOf(path)) app[method](each, handler);
      return wrapped;
    };
  }
  wrapped.ws = (path, behaviour) => {
    for (const each of pathsOf(path)) app.ws(each, behaviour);
    return wrapped;
  };
  return wrapped;
}
