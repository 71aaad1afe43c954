import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { waitFor } from './server.ts';

const run = promisify(execFile);
/** xdotool's `--sync` waits for ever for a change that does not come. */
const PATIENCE_MS = 20_000;

/** A screen of its own (Xvfb) with a window manager (openbox), and a person's keyboard and mouse (xdotool). */
export class Display {
  readonly #processes: ChildProcess[];
  readonly env: NodeJS.ProcessEnv;

  private constructor(processes: ChildProcess[], env: NodeJS.ProcessEnv) {
    this.#processes = processes;
    this.env = env;
  }

  static async start(): Promise<Display> {
    // Without `-noreset` the first question about the window manager, answered before it has come, would throw it out.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const ended = once(server, 'exit').then(() => Promise.reject(new Error('Xvfb did not start')));
    const [number] = (await Promise.race([once(server.stdio[3] as Readable, 'data'), ended])) as [Buffer];
    ended.catch(() => {});
    const env: NodeJS.ProcessEnv = { ...process.env, DISPLAY: `:${number.toString().trim()}` };
    // Screen readers and portals of a desktop are not there: asking for them delays each start by seconds.
    Object.assign(env, { NO_AT_BRIDGE: '1', GTK_A11Y: 'none', GTK_USE_PORTAL: '0', GIO_USE_VFS: 'local' });
    delete env['WAYLAND_DISPLAY'];
    const manager = spawn('openbox', [], { env, stdio: 'ignore' });
    const display = new Display([server, manager], env);
    try {
      await waitFor('the window manager', () => display.#has('_NET_SUPPORTING_WM_CHECK'));
    } catch (error) {
      await display.close();
      throw error;
    }
    return display;
  }

  async #has(property: string): Promise<boolean> {
    const { stdout } = await run('xprop', ['-root', property], { env: this.env });
    return stdout.includes('window id');
  }

  /** @returns the output of xdotool */
  async do(...command: readonly (string | number)[]): Promise<string> {
    const { stdout } = await run('xdotool', command.map(String), { env: this.env, timeout: PATIENCE_MS });
    return stdout.trim();
  }

  /** Visible windows whose title matches, as a person sees them. */
  async windows(title: string): Promise<string[]> {
    const found = await this.do('search', '--onlyvisible', '--name', title).catch(() => '');
    return found.split('\n').filter(Boolean);
  }

  async window(title: string): Promise<string> {
    let found: string[] = [];
    await waitFor(`a window "${title}"`, async () => (found = await this.windows(title)).length > 0);
    return found[0]!;
  }

  /** Moves and resizes a window, and waits until it has about that width: programs that have just started set their own. */
  async place(window: string, x: number, y: number, width: number, height: number): Promise<void> {
    await waitFor('the size of the window', async () => {
      await this.do('windowsize', window, width, height, 'windowmove', window, x, y);
      const [, now] = /Geometry: (\d+)x/.exec(await this.do('getwindowgeometry', window)) ?? [];
      // With shadows that programs draw themselves.
      return Math.abs(Number(now) - width) < 100;
    });
  }

  async close(): Promise<void> {
    for (const process of this.#processes.toReversed()) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill();
      await once(process, 'exit');
    }
  }
}
