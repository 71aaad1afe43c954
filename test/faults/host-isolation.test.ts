import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childrenOf } from '../../simulator/server/process-stats.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { jpeg } from '../support/pictures.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Open files of a process are read from Linux's /proc: elsewhere these tests are skipped. */
const hasProc = existsSync('/proc/self/fd');
const SOCKETS = 20;

/** Open descriptors by number, with their targets. */
function descriptorsOf(pid: number): Map<number, string> {
  const open = new Map<number, string>();
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    try {
      open.set(Number(name), readlinkSync(`/proc/${pid}/fd/${name}`));
    } catch {
      // Closed between the two calls.
    }
  }
  return open;
}

const THREADS = 2;
const environmentOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
/**
 * Descriptors opened by the runtime itself: event loops, wake-ups between its threads, their pipes, and devices without
 * content.
 */
const OWN = /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$|^\/dev\/(null|u?random)$|^pipe:/;
const inodeOf = (link: string) => /^(?:pipe|socket):\[\d+\]$/.test(link);

describe.skipIf(!hasProc).for(KINDS)(
  'the inference host of a running server, on $title (needs /proc)',
  ({ kind, available }) => {
    let database: TestDatabase;
    let site: TestServer;
    let attempts: Attempt[];
    let sockets: RawSocket[];

    beforeAll(async () => {
      if (!available) return;
      database = await createDatabase(kind);
      site = await startTestServer({
        database,
        vision: true,
        env: { INFERENCE_THREADS: String(THREADS), JWT_SECRET: 'a secret of the server that nobody else may have' },
      });
      attempts = await Promise.all(Array.from({ length: 4 }, () => startAttempt(site)));
      sockets = await Promise.all(Array.from({ length: SOCKETS }, (_, i) => attempts[i % 4]!.connect()));
      // The host under test is started while all of these are open.
      const { pool } = site.server;
      const first = pool.hostPid!;
      process.kill(first, 'SIGKILL');
      await waitFor('another host', () => pool.hostPid !== first && pool.vision.state === 'on');
      // The newest of several sockets of a session stays; find it.
      const socket = sockets.find(({ isOpen }) => isOpen)!;
      socket.sendFrame(1, jpeg());
      await socket.next('analysis');
    });
    afterAll(async () => {
      for (const socket of sockets ?? []) socket.close();
      await site?.close();
      await database?.remove();
    });

    test.runIf(available)("has none of the server's environment variables", () => {
      const names = environmentOf(site.server.pool.hostPid!)
        .map((entry) => entry.split('=')[0]!)
        .sort();
      // Node's own variables for the channel, and the one that disables telemetry.
      expect(names).toEqual(['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'ORT_DISABLE_TELEMETRY']);
    });

    test.runIf(available)(
      'has its own stderr pipe and its channels, and no socket, database or file of the server',
      () => {
        const pid = site.server.pool.hostPid!;
        const ours = descriptorsOf(process.pid);
        const theirs = descriptorsOf(pid);
        const sharedWithUs = new Set(ours.values());
        const channel = Number(
          environmentOf(pid)
            .find((entry) => entry.startsWith('NODE_CHANNEL_FD='))!
            .split('=')[1],
        );
        expect(theirs.get(0)).toBe('/dev/null');
        expect(theirs.get(1)).toBe('/dev/null');
        // A pipe read by the server, with limits; not the server's own stderr.
        expect(theirs.get(2)).toMatch(/^(pipe|socket):/);
        expect(sharedWithUs.has(theirs.get(2)!)).toBe(false);
        expect(theirs.get(channel)).toMatch(/^socket:/);
        // One channel per thread for frames, after that of the process.
        const frames = Array.from({ length: THREADS }, (_, i) => channel + 1 + i);
        for (const fd of frames) expect(theirs.get(fd)).toMatch(/^socket:/);
        const others = [...theirs].filter(([fd]) => fd > 2 && fd !== channel && !frames.includes(fd));
        expect(others.filter(([, link]) => !OWN.test(link))).toEqual([]);
        // The same inode on both sides would be an inherited descriptor.
        expect(others.filter(([, link]) => inodeOf(link) && sharedWithUs.has(link))).toEqual([]);
        expect([...theirs].filter(([fd, link]) => fd > 2 && link.startsWith('socket:')).map(([fd]) => fd)).toEqual([
          channel,
          ...frames,
        ]);
        // Control: the server itself has sockets, which the test detects.
        expect([...ours.values()].filter((link) => link.startsWith('socket:')).length).toBeGreaterThan(2);
        console.log(
          `inference host on ${kind}: ${theirs.size} descriptors, the server ${ours.size}; beside 0..2 and its channels: ${[...new Set(others.map(([, link]) => link.replace(/\d+/g, 'N')))].join(' ')}`,
        );
      },
    );

    test.runIf(available)('is a single child process without children', () => {
      expect(childrenOf(site.server.pool.hostPid!)).toEqual([]);
      expect(childrenOf(process.pid)).toContain(site.server.pool.hostPid);
    });
  },
);
