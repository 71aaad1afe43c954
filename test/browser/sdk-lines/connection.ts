import { expect, test } from 'vitest';
import { startCable } from '../../support/embedding-site.ts';
import { SlowLine } from '../../support/slow-line.ts';
import { waitFor } from '../../support/server.ts';
import { barrier, kept, live, made, make, pending, seen, type Sitting, state } from './sitting.ts';

/** Text of the SDK's bar. */
const BANNER = "(document.getElementById('invigil-banner')?.shadowRoot.textContent ?? '')";

/** Lines of the SDK about the connection, in any browser. */
export function connectionLines(at: () => Sitting): void {
  const own = (types: readonly string[]) => types.filter((type) => type.startsWith('MADE_'));

  test('S4: signals made while the network is cut survive a reload and are stored once, in order', async () => {
    const cable = await startCable(at().server.url);
    try {
      const exam = await at().embed({ attributes: { src: '/sdk/invigil.iife.js', 'data-server': cable.url } });
      await using page = await exam.open();
      await live(page);
      await make(page, 1, 5);
      await waitFor('five events', async () => own(await exam.types()).length === 5);
      // Some of these are stored, but their acknowledgements are lost.
      await make(page, 6, 20);
      cable.cut();
      await make(page, 21, 60);
      await waitFor('the page to notice', async () => (await state(page)) !== 'live');
      const waiting = await pending(page);
      expect(waiting).toBeGreaterThanOrEqual(40);
      await waitFor('all to be kept', async () => (await kept(page)) === waiting);
      await page.reload();
      await waitFor('the kept signals', async () => (await pending(page)) === waiting);
      await make(page, 61, 65);
      cable.mend();
      await waitFor('an empty queue', async () => (await pending(page)) === 0);
      expect(own(await exam.types())).toEqual(made(65));
      expect(await seen(page, 'error')).toEqual([]);
      const all = (await exam.events()).map(({ type }) => type);
      expect(all).toContain('CONNECTION_RESTORED');
      expect(all).not.toContain('SEQUENCE_CONFLICT');
    } finally {
      await cable.close();
    }
  });

  test('C7: of two windows of one browser the newer one continues the session and its signals; nothing is stored twice', async () => {
    const exam = await at().embed({ attributes: { 'data-signals': 'off' } });
    await using older = await exam.open();
    await live(older);
    await make(older, 1, 3);
    await using newer = await exam.open();
    await live(newer);
    await waitFor('the takeover', async () => (await state(older)) === 'takenOver');
    await make(newer, 4, 6);
    await waitFor('six events', async () => own(await exam.types()).length === 6);
    await make(older, 7, 8);
    await older.evaluate('Invigil.current.connect()');
    await waitFor('eight events', async () => own(await exam.types()).length === 8);
    await expect.poll(() => state(newer)).toBe('takenOver');
    expect(own(await exam.types())).toEqual(made(8));
    expect((await exam.events()).map(({ type }) => type)).not.toContain('SESSION_TAKEOVER');
  });

  test('C3: with a single ticket, the page is asked for another one and continues with it', async () => {
    const { students, server } = at();
    const cable = await startCable(server.url);
    try {
      const exam = await at().embed({
        attributes: {
          src: '/sdk/invigil.iife.js',
          'data-server': cable.url,
          'data-ticket-url': undefined,
          'data-start': 'manual',
        },
      });
      const student = students.get(exam.session)!;
      await using page = await exam.open();
      const { ticket } = await student.examTicket(exam.session);
      await page.evaluate(`(Invigil.current.useTicket('${ticket}'), void Invigil.current.connect())`);
      await live(page);
      cable.cut();
      await waitFor('the call for a ticket', async () => (await seen(page, 'ticketNeeded')).length > 0);
      await expect.poll(() => state(page)).toBe('unauthenticated');
      await make(page, 1, 2);
      cable.mend();
      const next = await student.examTicket(exam.session);
      await page.evaluate(`void Invigil.current.useTicket('${next.ticket}')`);
      await waitFor('both events', async () => own(await exam.types()).length === 2);
    } finally {
      await cable.close();
    }
  });

  test("a captive portal's 401, 403, 404 and redirect in place of a ticket are retried and told to the student; the server's own problem is final", async () => {
    const { exam: site, other } = at();
    const exam = await at().embed({ attributes: { 'data-banner': undefined } });
    let refused = 0;
    site.portal = (response) => {
      const status = [401, 403, 404, 302][refused++ % 4]!;
      response
        .writeHead(status, status === 302 ? { location: `${other.url}/portal` } : {})
        .end('Log in to the network');
    };
    try {
      await using page = await exam.open();
      await waitFor('four requests', () => refused >= 4);
      await waitFor('the bar', async () => (await page.evaluate<string>(BANNER)).includes('Keep working'));
      expect(await state(page)).not.toBe('failed');
      site.portal = undefined;
      await live(page);
      await expect.poll(() => page.evaluate("document.getElementById('invigil-banner').hidden")).toBe(true);
      await barrier(page, exam);
      site.portal = (response) =>
        response
          .writeHead(409, { 'content-type': 'application/problem+json' })
          .end(JSON.stringify({ type: 'urn:invigil:error:session_over', code: 'session_over', retryable: false }));
      await page.reload();
      await waitFor('the end', async () => (await state(page)) === 'ended');
    } finally {
      site.portal = undefined;
    }
  });

  test('the time left is right on a device whose clock is 25 minutes fast or slow', async () => {
    for (const wrongBy of [25 * 60_000, -25 * 60_000]) {
      const exam = await at().embed({
        before: `const now = Date.now; Date.now = () => now() + ${wrongBy};`,
        policy: { calibration: { seconds: 0 } },
        durationMinutes: 60,
      });
      await using page = await exam.open();
      await live(page);
      const minutes = (await page.evaluate<number>('Invigil.current.client.remainingMs')) / 60_000;
      expect(minutes).toBeGreaterThan(57);
      expect(minutes).toBeLessThanOrEqual(60);
    }
  });

  test('in a sandboxed frame without an origin the SDK fails with the reason instead of waiting', async () => {
    const exam = await at().embed({
      before: "document.addEventListener('invigil:state', ({ detail }) => parent.postMessage(detail, '*'));",
    });
    at().exam.pages.set('/sandbox', {
      html: `<!doctype html><title>${exam.title}</title>
        <script>addEventListener('message', ({ data }) => (globalThis.told = data));</script>
        <iframe src="${exam.url}" sandbox="allow-scripts"></iframe>`,
    });
    await using page = await exam.open(`${at().exam.url}/sandbox`);
    await waitFor('the failure', async () => (await page.evaluate('globalThis.told?.state')) === 'failed');
    expect(await page.evaluate('told.reason')).toContain('allow-same-origin');
  });

  test('without IndexedDB, and with all site data refused to scripts, signals are still stored', async () => {
    for (const before of [
      "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });",
      `for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
         Object.defineProperty(globalThis, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });`,
    ]) {
      const exam = await at().embed({ before });
      await using page = await exam.open();
      await live(page);
      await make(page, 1, 3);
      await waitFor('an empty queue', async () => (await pending(page)) === 0);
      expect(own(await exam.types())).toEqual(made(3));
    }
  });

  test('F13: on a slow uplink pictures shrink, signals are stored, and the connection is kept', async () => {
    const line = await SlowLine.start(at().server.url, 300_000);
    try {
      const exam = await at().embed({
        // Noise, which compresses badly.
        before: `const canvas = document.createElement('canvas');
          Object.assign(canvas, { width: 640, height: 480 });
          const context = canvas.getContext('2d');
          const noise = context.createImageData(640, 480);
          setInterval(() => {
            for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : 96 + Math.random() * 64;
            context.putImageData(noise, 0, 0);
          }, 200);
          navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();`,
        attributes: { src: '/sdk/invigil.iife.js', 'data-server': line.url, 'data-camera': undefined },
      });
      await using page = await exam.open();
      const uplink = async () => (await seen(page, 'uplink')).map((change) => change['state']);
      await live(page);
      await waitFor('frames', () => page.evaluate('Invigil.current.frames.sent > 5'));
      line.rate = 20_000;
      await waitFor('reduced pictures', async () => (await uplink()).at(-1) === 'reduced');
      await make(page, 1, 5);
      await waitFor('an empty queue', async () => (await pending(page)) === 0);
      expect(await state(page)).toBe('live');
      expect(own(await exam.types())).toEqual(made(5));
      expect((await exam.events()).map(({ type }) => type)).not.toContain('CONNECTION_LOST');
    } finally {
      await line.close();
    }
  });
}
