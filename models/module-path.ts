import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const isSource = import.meta.url.endsWith('.ts');
/** Whether tsx runs this process: threads and children then run from source, too. */
const isTsx = isSource && process.execArgv.some((arg) => /\btsx\b/.test(arg));

/**
 * URL of a module that a thread or a child process runs, by its path below the root of the project: source under tsx,
 * else compiled. Vitest transforms source in its own process only, so tests use the compiled one.
 */
function moduleUrl(path: string): URL {
  const root = isSource && !isTsx ? '../dist/' : '../';
  return new URL(`${root}${path}${isTsx ? '.ts' : '.js'}`, import.meta.url);
}

export const modulePath = (path: string): string => fileURLToPath(moduleUrl(path));

/** Arguments of Node for a child process that runs such a module. */
export const moduleArgs: readonly string[] = isTsx ? ['--import', import.meta.resolve('tsx')] : [];

/** Starts a thread of a module. It does not inherit the loader of tsx, so it registers its own. */
export function startThread(path: string, options: WorkerOptions = {}): Worker {
  const url = moduleUrl(path);
  if (!isTsx) return new Worker(url, options);
  const code = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${url.href}');`;
  // Preloads of the process can be TypeScript, which a thread cannot load before it has registered tsx.
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    ...options,
    execArgv: [...moduleArgs],
  });
}
