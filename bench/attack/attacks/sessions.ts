import { setTimeout as pause } from 'node:timers/promises';
import { LeanExamSocket } from '../../lean/exam-socket.ts';
import { Api } from '../../../simulator/api.ts';
import { heavyJpeg } from '../heavy-jpeg.ts';
import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';

/** Three bytes each in UTF-8. */
const LARGE = '\u20AC'.repeat(16_000);
const POSTS_AT_ONCE = 8;
const HEAVY_SIDE = 1920;
const HEAVY_SCANS = 27;
const HEAVY_FPS = 2;
const HEAVY_ACCOUNTS = 12;

export function signalsByHttp(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const { token, session } = plan.students[0]!;
  const body = JSON.stringify({ sessionId: session, type: 'TAB_SWITCH', data: { text: LARGE } });
  const small = JSON.stringify({ sessionId: session, type: 'TAB_SWITCH', data: { text: 'x'.repeat(1900) } });
  return traffic.loops(POSTS_AT_ONCE, (n) => ({
    method: 'POST',
    path: '/api/proctoring/event',
    token,
    type: 'application/json',
    body: n % 2 === 0 ? body : small,
  }));
}

/** Pictures with the maximum decoding cost. */
export async function heavyPictures(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const jpeg = heavyJpeg(HEAVY_SIDE, HEAVY_SCANS);
  const stream = async (student: AttackPlan['students'][number]): Promise<void> => {
    while (!traffic.isOver) {
      const ended = new AbortController();
      const listener = {
        analysed: () => traffic.count('analysed'),
        acked: () => {},
        told: ({ type }: { type: string }) => traffic.count(type),
        ended: () => ended.abort(),
      };
      const socket = await new Api(plan.url, student.token)
        .ticket(student.session)
        .then(({ ticket }) => LeanExamSocket.open({ url: plan.url, ticket }, listener))
        .catch((error: unknown) => traffic.count((error as Error).message));
      const timer = setInterval(() => socket?.sendFrame(jpeg), 1000 / HEAVY_FPS);
      if (socket) await pause(traffic.leftMs, undefined, { signal: ended.signal }).catch(() => undefined);
      clearInterval(timer);
      socket?.close();
      if (!traffic.isOver) await pause(1000);
    }
  };
  await Promise.all(plan.students.slice(0, HEAVY_ACCOUNTS).map(stream));
}
