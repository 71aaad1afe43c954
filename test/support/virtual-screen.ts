import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const PROGRAMS = ['/usr/bin/Xvfb', '/usr/bin/openbox', '/usr/bin/xdotool'];

/** True where a browser can have real windows: an X server without a screen, a window manager, and keys for both. */
export const hasVirtualScreen = PROGRAMS.every((path) => existsSync(path));

/** Screen in memory with a window manager, so that windows gain and lose focus as on a desktop. */
export class VirtualScreen {
  readonly display: string;
  readonly #processes: readonly ChildProcess[];

  private constructor(display: string, processes: readonly ChildProcess[]) {
    this.display = display;
    this.#processes = processes;
  }

  static async start(): Promise<VirtualScreen> {
    // It picks a free display and writes its number to file descriptor 3.
    const flags = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
    const server = spawn('Xvfb', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const display = await new Promise<string>((resolve, reject) => {
      server.stdio[3]!.once('data', (data: Buffer) => resolve(`:${data.toString().trim()}`));
      server.once('exit', () => reject(new Error('Xvfb did not start')));
    });
    const manager = spawn('openbox', [], { env: { ...process.env, DISPLAY: display }, stdio: 'ignore' });
    return new VirtualScreen(display, [manager, server]);
  }

  /** Runs xdotool, for example `key('ctrl+p')`. */
  async xdotool(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('xdotool', args, { env: { ...process.env, DISPLAY: this.display } });
    return stdout.trim();
  }

  key = (...keys: string[]): Promise<string> => this.xdotool('key', '--clearmodifiers', ...keys);

  async close(): Promise<void> {
    for (const each of this.#processes) {
      if (each.exitCode !== null) continue;
      const gone = new Promise((resolve) => each.once('exit', resolve));
      each.kill();
      await gone;
    }
  }
}
