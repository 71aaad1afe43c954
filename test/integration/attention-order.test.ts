import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { ManualTime } from '../support/manual-time.ts';
import { greet } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const MINUTE = 60_000;

interface Page {
  readonly items: readonly ListedSession[];
  readonly nextCursor: string | null;
}

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`lists by attention, on ${title}`, () => {
    const time = new ManualTime();
    let site: TestServer;
    let exam: Exam;
    /** Name of each student by the id of the session. */
    const names = new Map<string, string>();
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: time.clock, timers: time.timers } });
      exam = await site.admin.createExam(
        { attention: { halfLifeSeconds: 150 } },
        { staffAccess: 'all', durationMinutes: 120 },
      );
      const [gone, busy, over, quiet] = [
        await sits('gone'),
        await sits('busy'),
        await sits('over'),
        await sits('quiet'),
      ];
      await signals(over, 2);
      await over.student.post(`/api/sessions/${over.session.id}/end`);
      // The last write of the one who is gone says nearly nothing, that of the busy one the most.
      const socket = await greet(site.url, await gone.student.examTicket(gone.session.id));
      await signals(busy, 8);
      socket.close();
      await waitFor('the gap', async () => (await gone.student.events(gone.session.id)).length > 0);
      expect(quiet.session.status).toBe('active');
      time.advance(10 * MINUTE);
    });
    afterAll(() => site?.close());

    async function sits(name: string): Promise<{ readonly student: Api; readonly session: Session }> {
      const student = await site.student();
      const session = await student.startSession(exam.id);
      names.set(session.id, name);
      return { student, session };
    }

    async function signals({ student, session }: { student: Api; session: Session }, count: number): Promise<void> {
      for (let n = 0; n < count; n++)
        await student.post('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    }

    const valueOf = ({ attention }: Session) => attention!.value;
    const named = (page: Page) => page.items.map(({ id }) => names.get(id));

    async function pages(path: string, between = () => {}): Promise<ListedSession[]> {
      const all: ListedSession[] = [];
      for (let cursor = ''; ;) {
        const page = await site.admin.get<Page>(`${path}&limit=1${cursor}`);
        all.push(...page.items);
        if (page.nextCursor === null) return all;
        cursor = `&cursor=${page.nextCursor}`;
        between();
      }
    }

    test('running sessions stand by the value that is shown now, not by that of the last write', async () => {
      const page = await site.admin.get<Page>(`/api/sessions?order=attention&exam=${exam.id}`);
      expect(named(page)).toEqual(['gone', 'over', 'busy', 'quiet']);
      const values = page.items.map(valueOf);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      expect(named(await site.admin.get<Page>(`/api/sessions?order=attention`))).toEqual(named(page));
      const [first] = page.items;
      expect(valueOf(await site.admin.get<Session>(`/api/sessions/${first!.id}`))).toBe(valueOf(first!));
    });

    test('pages are of one time: nobody is listed twice or left out while attention goes on', async () => {
      for (const scope of [`&exam=${exam.id}`, '']) {
        const before = (await site.admin.get<Page>(`/api/sessions?order=attention${scope}`)).items;
        const all = await pages(`/api/sessions?order=attention${scope}`, () => time.advance(MINUTE / 4));
        expect(all.map(({ id, attention }) => [id, attention])).toEqual(
          before.map(({ id, attention }) => [id, attention]),
        );
      }
    });

    test('the list of suspicious sessions goes by the value that is shown, and leaves out who is calm by now', async () => {
      interface Suspects {
        readonly items: readonly { readonly session: Session }[];
        readonly nextCursor: string | null;
      }
      const list = async (query: string) =>
        (await site.admin.get<Suspects>(`/api/proctoring/suspicious?exam=${exam.id}${query}`)).items.map(
          ({ session }) => session,
        );
      expect((await list('')).map(({ id }) => names.get(id))).toEqual(['gone', 'over', 'busy']);
      const low = (await list('&level=Low')).map(valueOf);
      expect(low).toEqual(low.toSorted((a, b) => b - a));
      expect(low).toHaveLength(4);
      // Eight tab switches weigh 24; nobody else has a High score.
      expect((await list('&level=High')).map(({ id }) => names.get(id))).toEqual(['busy']);
      const first = await site.admin.get<Suspects>(`/api/proctoring/suspicious?exam=${exam.id}&limit=2`);
      const second = await site.admin.get<Suspects>(
        `/api/proctoring/suspicious?exam=${exam.id}&limit=2&cursor=${first.nextCursor}`,
      );
      expect([...first.items, ...second.items].map(({ session }) => names.get(session.id))).toEqual([
        'gone',
        'over',
        'busy',
      ]);
    });

    test('level and lowest value of the attention that is shown are filters of each order', async () => {
      for (const order of ['newest', 'attention', 'score'])
        for (const scope of [`&exam=${exam.id}`, '']) {
          const found = async (query: string) =>
            (await pages(`/api/sessions?order=${order}${scope}${query}`)).map(({ id }) => names.get(id)!).toSorted();
          expect(await found('&attention=high'), order).toEqual(['gone']);
          expect(await found('&attention=watch'), order).toEqual(['over']);
          expect(await found('&attention=calm'), order).toEqual(['busy', 'quiet']);
          expect(await found('&minAttention=1'), order).toEqual(['busy', 'gone', 'over']);
          expect(await found('&minAttention=15&status=ended'), order).toEqual(['over']);
          expect(await found('&minAttention=15&status=active'), order).toEqual(['gone']);
          expect(await found('&attention=high&status=ended'), order).toEqual([]);
        }
      for (const query of ['attention=High', 'minAttention=101', 'minAttention=x'])
        expect(await site.admin.send('GET', `/api/sessions?${query}`), query).toMatchObject({ status: 400 });
    });

    test('students find theirs whatever its attention: they are not told', async () => {
      const student = await site.student();
      const session = await student.startSession(exam.id);
      names.set(session.id, 'own');
      for (const query of ['attention=high', 'minAttention=90', 'order=attention&attention=high'])
        expect(
          (await student.get<Page>(`/api/sessions?${query}`)).items.map(({ id }) => id),
          query,
        ).toEqual([session.id]);
    });
  });
}
