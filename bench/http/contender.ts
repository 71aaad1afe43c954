import { databaseSettings } from '../../simulator/server/database-settings.ts';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newPassword, startOwnServer } from '../../simulator/server/own-server.ts';
import { undoWhenLeaving } from '../../simulator/server/leaving.ts';
import { temporaryFolder } from '../../simulator/server/server-process.ts';
import { UsageError } from '../../simulator/options.ts';
import { listenerAt } from './cpu.ts';
import { makeAdmin } from './proctorbe.ts';

/** A running server with ProctorBE's API. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  /** An admin's token. */
  readonly token: string;
  /** Processes whose CPU time counts, each with all its descendants: the server, and PostgreSQL. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Default address of the peer started by `run.sh`. */
const PEER_URL = 'http://127.0.0.1:58000';
const PEER_DATABASE_PORT = 55_432;
/** PostgreSQL of the peer, where databases can be created, so that both systems use the same server. */
export const PEER_DATABASE_URL = `postgres://postgres@127.0.0.1:${PEER_DATABASE_PORT}/postgres`;
const START_MS = 60_000;

/** Its script waits for the server only briefly. */
async function answering(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (
    !(await fetch(url).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (Date.now() > until) throw new Error('the peer does not respond');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function databasePid(port: number): number {
  const pid = listenerAt(port);
  if (pid === undefined)
    throw new UsageError(
      `no process on this machine listens on PostgreSQL's port ${port}: its processor time cannot be measured`,
    );
  return pid;
}

/** The compiled server; uses PGlite without a `databaseUrl`. */
export async function ownContender(databaseUrl: string | undefined, say: (line: string) => void): Promise<Contender> {
  const data = temporaryFolder();
  try {
    const { server, admin } = await startOwnServer({
      env: {
        ...databaseSettings(databaseUrl),
        DATA_DIR: data.path,
        PORT: '0',
        DRAIN_SECONDS: '0',
      },
      warn: (message) => say(`server: ${message}`),
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      data.remove();
    };
    try {
      const email = `bench-${newPassword()}@example.org`;
      const password = newPassword();
      await admin.createUser({ email, password, name: 'Benchmark', role: 'admin' });
      const token = await makeAdmin(server.url, { email, password, exists: true });
      const pids = [
        server.pid,
        ...(databaseUrl === undefined ? [] : [databasePid(Number(new URL(databaseUrl).port || 5432))]),
      ];
      return {
        name: databaseUrl === undefined ? 'invigil, PGlite' : 'invigil, PostgreSQL',
        url: server.url,
        token,
        pids,
        stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    data.remove();
    throw error;
  }
}

/** @param place its folder, to start and stop it here, or the URL where it runs, as the process `pid` */
export async function peerContender(place: string, pid: number | undefined): Promise<Contender> {
  const account = { email: `bench-${newPassword().toLowerCase()}@example.org`, password: newPassword(), exists: false };
  if (URL.canParse(place)) {
    if (pid === undefined) throw new UsageError('--peer-pid is required: the process id of the peer');
    return {
      name: 'peer',
      url: place,
      token: await makeAdmin(place, account),
      pids: [pid, databasePid(PEER_DATABASE_PORT)],
      stop: async () => {},
    };
  }
  const script = join(place, 'run.sh');
  if (!existsSync(script)) throw new UsageError(`${place} is neither a URL nor a folder with run.sh`);
  // A folder per run, so that the peer lists only the exams of this run.
  const state = temporaryFolder();
  // Keeps our DATABASE_URL from the peer.
  const env = { PATH: process.env['PATH'], PEER_STATE: state.path };
  const call = (...args: string[]): string =>
    execFileSync(script, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = undoWhenLeaving(() => {
    call('stop');
    state.remove();
    return Promise.resolve();
  });
  try {
    const started = Number(/uvicorn pid (\d+)/.exec(call('start'))?.[1]);
    await answering(PEER_URL);
    return {
      name: 'peer',
      url: PEER_URL,
      token: await makeAdmin(PEER_URL, account),
      pids: [started, databasePid(PEER_DATABASE_PORT)],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
