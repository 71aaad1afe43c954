import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './process.ts';
import { waitFor } from './server.ts';

const SAMPLES = new URL('../../deploy/proxies/', import.meta.url);
/** The host names of the samples. */
export const HOST = 'exam.example.org';
export const SHARED_HOST = 'www.example.org';

const PROGRAMS = { nginx: '/usr/sbin/nginx', haproxy: '/usr/sbin/haproxy' } as const;
export type ProxyName = keyof typeof PROGRAMS;
export const PROXIES = (Object.keys(PROGRAMS) as ProxyName[]).map((name) => ({
  name,
  available: existsSync(PROGRAMS[name]),
}));

export interface ProxyOptions {
  /** Of nginx, in deploy/proxies. */
  readonly sample?: string;
  /** Path of `/ready` behind the proxy. */
  readonly ready?: string;
  /** Change of the sample. */
  readonly change?: (text: string) => string;
}

/** Our sample configuration in the real proxy, with other ports and a certificate of our own. */
export class Proxy {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(
    name: ProxyName,
    server: string,
    { sample: file = 'nginx.conf', ready = '/ready', change = (text) => text }: ProxyOptions = {},
  ): Promise<Proxy> {
    const folder = mkdtempSync(join(tmpdir(), `invigil-${name}-`));
    const port = await freePort();
    const [key, pem] = [join(folder, 'key'), join(folder, 'pem')];
    const subject = ['-subj', `/CN=${HOST}`, '-days', '2'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', pem, ...subject],
      {
        stdio: 'ignore',
      },
    );
    const config = join(folder, 'config');
    const child = name === 'nginx' ? nginx(config) : haproxy(config);
    writeFileSync(config, change(child.text).replaceAll('127.0.0.1:8080', new URL(server).host));
    function nginx(path: string) {
      const sample = readFileSync(new URL(file, SAMPLES), 'utf8')
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace(/\/etc\/ssl\/\S+\.pem/, pem)
        .replace(/\/etc\/ssl\/\S+\.key/, key);
      return {
        text: `error_log stderr;\npid ${folder}/pid;\nevents {}\nhttp {\naccess_log off;\n${sample}\n}\n`,
        args: ['-e', 'stderr', '-p', folder, '-c', path, '-g', 'daemon off;'],
      };
    }
    function haproxy(path: string) {
      writeFileSync(join(folder, 'both'), readFileSync(pem, 'utf8') + readFileSync(key, 'utf8'));
      const text = readFileSync(new URL('haproxy.cfg', SAMPLES), 'utf8').replace(
        'bind :443 ssl crt /etc/ssl/exam.example.org.pem',
        `bind 127.0.0.1:${port} ssl crt ${join(folder, 'both')}`,
      );
      return { text, args: ['-db', '-f', path] };
    }
    const process = spawn(PROGRAMS[name], child.args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    process.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    const proxy = new Proxy(port, folder, process);
    await waitFor(name, async () => {
      if (process.exitCode !== null) throw new Error(`${name} exited: ${errors}`);
      return (await proxy.get(ready).catch(() => undefined))?.status === 200;
    });
    return proxy;
  }

  get = (path: string, headers: Record<string, string> = {}) => this.send('GET', path, headers);

  /** Sends a request as a browser does that has this host name in its address bar. */
  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const to = { port: this.port, host: '127.0.0.1', method, path, servername: HOST, rejectUnauthorized: false };
      request({ ...to, headers: { host: HOST, ...headers } }, (answer) => {
        let text = '';
        answer.on('data', (data: Buffer) => (text += data.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      })
        .on('error', reject)
        .end(body);
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill();
      await once(this.#child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
