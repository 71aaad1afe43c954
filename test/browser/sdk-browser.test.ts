import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { EmbeddingSite, startCable } from '../support/embedding-site.ts';
import type { Api } from '../support/api.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { kept, live, made, make, pending, seen, state } from './sdk-lines/sitting.ts';

/** The built SDK on pages of another site, in a real browser with a fake camera, against the real server. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 240_000 };

let embedding: EmbeddingSite;
let server: TestServer;
let browser: Browser;
const students = new Map<string, Api>();

beforeAll(async () => {
  if (!hasBrowser) return;
  embedding = await EmbeddingSite.start();
  embedding.ticket = async (session) => ({ ...(await students.get(session)!.examTicket(session)), session });
  server = await startTestServer({ vision: true, env: { ALLOWED_ORIGINS: embedding.url } });
  const { attentive } = clips(createScene(5));
  const camera = join(server.database.dataDir, 'camera.mjpeg');
  writeFileSync(camera, Buffer.concat(Array.from({ length: 240 }, (_, i) => attentive[(i >> 2) % attentive.length]!)));
  browser = await launch(camera);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await embedding?.close();
});

async function startSession(): Promise<string> {
  const exam = await server.admin.createExam();
  const student = await server.student();
  const { id } = await student.startSession(exam.id);
  students.set(id, student);
  return id;
}

/** A page of the site with one script tag; its events are collected in `seen`. */
function embed(path: string, attributes: Record<string, string>, csp?: string): void {
  const text = Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
  const html = `<!doctype html><title>Exam</title><video id="me"></video><p>Exam</p><script>
    seen = [];
    for (const name of ['camera', 'capture', 'analysis', 'state', 'ticketNeeded', 'error', 'signal'])
      document.addEventListener('invigil:' + name, ({ detail }) => seen.push({ name, ...detail, stream: undefined }));
  </script><script ${text}></script>`;
  embedding.pages.set(path, csp === undefined ? { html } : { html, csp });
}

const tag = (session: string, url = server.url) => ({
  src: `${url}/sdk/invigil.iife.js`,
  'data-server': url,
  'data-ticket-url': `/ticket/${session}`,
  'data-session': session,
  'data-video': '#me',
});

const stored = async (session: string) =>
  (await server.admin.events(session)).filter(({ type }) => type.startsWith('MADE_')).map(({ type }) => type);

/** A visible page, expected to have no errors of its own. */
async function open(path: string, init?: string): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({ permissions: ['camera'] });
  const page = await context.newPage();
  if (init) await page.addInitScript(init);
  await page.goto(embedding.url + path);
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

const analysed = (page: Page) =>
  waitFor(
    'two analysed pictures',
    async () => (await seen(page, 'analysis')).filter(({ faces }) => faces === 1).length >= 2,
  );

test.runIf(hasBrowser)(
  `one tag on another site's page streams from the worker, emits DOM events, and reports a lost camera${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embed('/tag', tag(session));
    await using page = await open('/tag');
    await analysed(page);
    expect(await seen(page, 'capture')).toMatchObject([{ path: 'page-processor' }]);
    expect(await page.evaluate('document.querySelector("#me").srcObject === Invigil.current.stream')).toBe(true);

    // Stopping the track emits no event.
    await page.evaluate('Invigil.current.stream.getVideoTracks()[0].stop()');
    await waitFor('the camera to be back', async () =>
      (await seen(page, 'camera')).some((change) => change['state'] === 'back'),
    );
    expect((await seen(page, 'camera')).map((change) => change['state'])).toEqual(['live', 'lost', 'back']);
    const before = await page.evaluate<number>('Invigil.current.frames.sent');
    await waitFor(
      'pictures of the new track',
      async () => (await page.evaluate<number>('Invigil.current.frames.sent')) > before + 1,
    );

    // Dark at the source, then light again.
    await page.evaluate("Invigil.current.stream.getVideoTracks()[0].dispatchEvent(new Event('mute'))");
    await page.evaluate("Invigil.current.stream.getVideoTracks()[0].dispatchEvent(new Event('unmute'))");
    await expect
      .poll(async () => (await seen(page, 'camera')).map((change) => change['state']))
      .toEqual(['live', 'lost', 'back', 'muted', 'back']);

    // Hidden pages have their timers throttled to one a minute: streaming must not depend on them.
    await page.evaluate('setTimeout = setInterval = () => 0');
    const untimed = await page.evaluate<number>('Invigil.current.frames.sent');
    await waitFor(
      'pictures by the clock of the worker',
      async () => (await page.evaluate<number>('Invigil.current.frames.sent')) > untimed + 3,
    );
    await page.evaluate('Invigil.current.finish()');
    expect(await state(page)).toBe('ended');
    expect(await page.evaluate('Invigil.current.stream')).toBeUndefined();
    const events = await server.admin.events(session);
    expect(
      events
        .filter(({ type }) => type === 'CAMERA_UNAVAILABLE')
        .map(({ details }) => (details['data'] as { reason: string }).reason),
    ).toEqual(['ended', 'muted']);
    expect(events.map(({ type }) => type)).not.toContain('INVALID_IMAGE');
  },
);

const WAYS = [
  {
    name: 'no MediaStreamTrackProcessor',
    path: 'bitmap',
    init: 'delete globalThis.MediaStreamTrackProcessor',
    csp: undefined,
  },
  { name: 'no workers', path: 'canvas', init: 'delete globalThis.Worker', csp: undefined },
  { name: 'a policy that forbids workers', path: 'canvas', init: undefined, csp: "worker-src 'none'" },
];
test.runIf(hasBrowser).for(WAYS)(
  `with $name, pictures are captured through a video element: $path${skipped}`,
  PATIENT,
  async ({ path, init, csp }) => {
    const session = await startSession();
    embed('/way', tag(session), csp);
    await using page = await open('/way', init);
    await analysed(page);
    expect((await seen(page, 'capture')).at(-1)).toMatchObject({ path });
  },
);

test.runIf(hasBrowser)(
  `S4: signals made while the network is cut survive a reload and are stored once, in order${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    const cable = await startCable(server.url);
    try {
      // The page and its script are the site's own, so that it loads while the server is down.
      embed('/cut', { ...tag(session, cable.url), src: '/sdk/invigil.iife.js', 'data-camera': 'off' });
      await using page = await open('/cut');
      await live(page);
      await make(page, 1, 5);
      await waitFor('five events', async () => (await stored(session)).length === 5);
      // Some of these are stored, but their acknowledgements are lost.
      await make(page, 6, 20);
      cable.cut();
      await make(page, 21, 100);
      await waitFor('the page to notice', async () => (await state(page)) !== 'live');
      const waiting = await pending(page);
      expect(waiting).toBeGreaterThanOrEqual(80);
      await waitFor('all to be kept', async () => (await kept(page)) === waiting);
      await page.reload();
      await waitFor('what was kept', async () => (await pending(page)) === waiting);
      await make(page, 101, 110);
      await waitFor('all to be kept', async () => (await kept(page)) === waiting + 10);
      await page.reload();
      await waitFor('what was kept', async () => (await pending(page)) === waiting + 10);
      cable.mend();
      await waitFor('an empty queue', async () => (await pending(page)) === 0);
      expect(await stored(session)).toEqual(made(110));
      // In the same numbered stream: no restart of numbering.
      const streams = new Set((await seen(page, 'error')).map(({ code }) => code));
      expect([...streams]).toEqual([]);
      expect((await server.admin.events(session)).map(({ type }) => type)).not.toContain('SEQUENCE_CONFLICT');
    } finally {
      await cable.close();
    }
  },
);

test.runIf(hasBrowser)(
  `without IndexedDB, or with a broken one, signals are still reported${skipped}`,
  PATIENT,
  async () => {
    for (const init of [
      "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })",
      "IDBFactory.prototype.open = () => { throw new Error('no') }",
    ]) {
      const session = await startSession();
      embed('/private', { ...tag(session), 'data-camera': 'off' });
      await using page = await open('/private', init);
      await live(page);
      await make(page, 1, 3);
      await waitFor('three events', async () => (await stored(session)).length === 3);
      // The acknowledgement reaches the page after the event can be read.
      await waitFor('an empty queue', async () => (await pending(page)) === 0);
    }
  },
);

test.runIf(hasBrowser)(
  `a refused camera does not drop the connection, is reported once, and is used once the student allows it${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embed('/refused', tag(session));
    await using page = await open(
      '/refused',
      `const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
     refuse = true;
     navigator.mediaDevices.getUserMedia = (...given) =>
       refuse ? Promise.reject(new DOMException('Permission denied', 'NotAllowedError')) : real(...given);`,
    );
    await live(page);
    await waitFor('the refusal', async () => (await seen(page, 'camera')).length > 0);
    await page.evaluate('Invigil.current.retryCamera()');
    await waitFor('the second refusal', async () => (await seen(page, 'camera')).length > 1);
    expect(await seen(page, 'camera')).toMatchObject([
      { state: 'refused', reason: 'denied' },
      { state: 'refused', reason: 'denied' },
    ]);
    await page.evaluate('refuse = false; Invigil.current.retryCamera()');
    await analysed(page);
    const events = await server.admin.events(session);
    expect(events.filter(({ type }) => type === 'CAMERA_UNAVAILABLE')).toHaveLength(1);
  },
);

test.runIf(hasBrowser)(
  `C7: of two tabs of one browser the newer one continues the session and its signals; nothing is stored twice, and no takeover${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embed('/tabs', { ...tag(session), 'data-camera': 'off', 'data-signals': 'off' });
    await using older = await open('/tabs');
    await live(older);
    await make(older, 1, 3);
    const newer = await older.context().newPage();
    await newer.goto(`${embedding.url}/tabs`);
    await live(newer);
    await waitFor('the older tab to be told', async () => (await state(older)) === 'takenOver');
    await make(newer, 4, 6);
    await waitFor('six events', async () => (await stored(session)).length === 6);
    // Created after the takeover: they wait until that tab has the session again.
    await make(older, 8, 9);
    await make(newer, 7, 7);
    await waitFor('seven events', async () => (await stored(session)).length === 7);
    await older.evaluate('Invigil.current.connect()');
    await waitFor('nine events', async () => (await stored(session)).length === 9);
    await expect.poll(() => state(newer)).toBe('takenOver');
    expect(await stored(session)).toEqual(made(9));
    const types = async () => (await server.admin.events(session)).map(({ type }) => type);
    await expect.poll(async () => (await types()).filter((type) => type === 'CONNECTION_RESTORED')).toHaveLength(2);
    expect(await types()).not.toContain('SESSION_TAKEOVER');
  },
);

test.runIf(hasBrowser)(
  `C3: with a single ticket, the page is asked for another one and continues with it${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    const { ticket } = await students.get(session)!.examTicket(session);
    const cable = await startCable(server.url);
    try {
      embed('/once', {
        src: '/sdk/invigil.iife.js',
        'data-server': cable.url,
        'data-ticket': ticket,
        'data-session': session,
        'data-camera': 'off',
      });
      await using page = await open('/once');
      await live(page);
      cable.cut();
      await waitFor('the call for a ticket', async () => (await seen(page, 'ticketNeeded')).length > 0);
      await expect.poll(() => state(page)).toBe('unauthenticated');
      await make(page, 1, 2);
      cable.mend();
      const next = await students.get(session)!.examTicket(session);
      await page.evaluate(`Invigil.current.useTicket('${next.ticket}')`);
      await waitFor('both events', async () => (await stored(session)).length === 2);
    } finally {
      await cable.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the ES module, on a page of its own origin, reports the browser's signals${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embedding.pages.set('/module', {
      html: `<!doctype html><title>Exam</title><textarea>some text</textarea><script type="module">
      import { Invigil } from '/sdk/invigil.js';
      globalThis.Invigil = Invigil;
      Invigil.current = new Invigil({
        server: '${server.url}',
        getTicket: async () => (await fetch('/ticket/${session}', { method: 'POST' })).json(),
        camera: false,
      });
      await Invigil.current.connect();
    </script>`,
    });
    await using page = await open('/module');
    await live(page);
    const types = async () =>
      (await server.admin.events(session)).filter(({ source }) => source === 'client').map(({ type }) => type);
    await page.getByRole('textbox').selectText();
    await page.keyboard.press('Control+c');
    await page.getByRole('textbox').click({ button: 'right' });
    // The browser opens its menu after the click is through.
    await waitFor('both events', async () => (await types()).length === 2);
    await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    delete document.visibilityState;
    Object.defineProperty(screen, 'isExtended', { value: true });
    screen.dispatchEvent(new Event('change'));
  `);
    await waitFor('five events', async () => (await types()).length >= 5);
    expect(await types()).toEqual(['COPY', 'CONTEXT_MENU', 'TAB_SWITCH', 'SECOND_SCREEN', 'RETURNED_TO_EXAM']);
  },
);

const bar = (page: Page) => page.locator('#invigil-banner').getByRole('alert');

const DEFAULT_POLICY = "<script>trustedTypes.createPolicy('default', { createScriptURL: (url) => url })</script>";

test.runIf(hasBrowser).for([
  ['allows the policy "invigil"', 'invigil', ''],
  ['lets script URLs pass by a default policy', 'default', DEFAULT_POLICY],
] as const)(
  `a page that requires Trusted Types and %s captures in the worker${skipped}`,
  PATIENT,
  async ([, policies, script]) => {
    const session = await startSession();
    const csp = `require-trusted-types-for 'script'; trusted-types ${policies}; script-src 'unsafe-inline' ${server.url}; worker-src blob:; connect-src 'self' ${server.url} ${server.url.replace('http', 'ws')}`;
    embed('/trusted', tag(session), csp);
    const { html } = embedding.pages.get('/trusted')!;
    embedding.pages.set('/trusted', { html: html.replace('<script', `${script}<script`), csp });
    await using page = await open('/trusted');
    await analysed(page);
    expect(await seen(page, 'capture')).toMatchObject([{ path: 'page-processor' }]);
  },
);

test.runIf(hasBrowser)(
  `in a sandboxed frame without an origin the SDK fails with the reason instead of waiting${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embed('/sandboxed', { ...tag(session), 'data-camera': 'off' });
    embedding.pages.set('/outer', {
      html: '<!doctype html><iframe src="/sandboxed" sandbox="allow-scripts"></iframe>',
    });
    await using page = await open('/outer');
    const frame = page.frames()[1]!;
    await waitFor('the failure', async () => (await frame.evaluate('globalThis.Invigil?.current?.state')) === 'failed');
    expect(await frame.evaluate("seen.find((event) => event.state === 'failed').reason")).toContain(
      'allow-same-origin',
    );
    await frame.locator('#invigil-banner').getByText('refused the connection').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a frame whose page blocks the camera says so, offers no useless retry, and its bar lets clicks through${skipped}`,
  PATIENT,
  async () => {
    const session = await startSession();
    embed('/blocked', tag(session));
    embedding.pages.set('/platform', {
      html: `<!doctype html><iframe src="/blocked" allow="camera 'none'" width="600" height="400"></iframe>`,
    });
    await using page = await open('/platform');
    const frame = page.frames()[1]!;
    const shown = frame.locator('#invigil-banner').getByRole('alert');
    await shown.getByText('The surrounding page blocks the camera. Open the exam in its own tab').waitFor();
    await expect.poll(() => shown.getByRole('button').count()).toBe(0);
    await frame.evaluate(`
      const button = document.body.appendChild(document.createElement('button'));
      button.textContent = 'Question 1';
      button.style.cssText = 'position: fixed; top: 0; left: 0';
      button.onclick = () => (button.textContent = 'Clicked');
    `);
    await frame.getByText('Question 1').click();
    await frame.getByText('Clicked').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a ticket URL that answers for somebody else is asked again, the student is told, and banner="off" tells nothing${skipped}`,
  PATIENT,
  async () => {
    embedding.pages.set('/blank', { html: '<!doctype html><title>Blank</title>' });
    for (const banner of ['on', 'off']) {
      const session = await startSession();
      embed('/waiting', { ...tag(session), 'data-camera': 'off', 'data-banner': banner });
      let refused = 0;
      await using page = await open('/blank');
      await page.route('**/ticket/**', (route) => {
        refused += 1;
        return route.fulfill({ status: [401, 403, 404][refused % 3]!, body: 'Log in to the network' });
      });
      await page.goto(`${embedding.url}/waiting`);
      await waitFor('four requests', () => refused >= 4);
      if (banner === 'on') await bar(page).getByText('Keep working').waitFor();
      else expect(await bar(page).count()).toBe(0);
      expect(await state(page)).not.toBe('failed');
      await page.unroute('**/ticket/**');
      await live(page);
      if (banner === 'on') await bar(page).waitFor({ state: 'hidden' });
    }
    // Final is only what the server itself says.
    const session = await startSession();
    await students.get(session)!.post(`/api/sessions/${session}/end`);
    embed('/over', { ...tag(session), 'data-camera': 'off' });
    await using page = await open('/blank');
    await page.route('**/ticket/**', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'urn:invigil:error:session_over', code: 'session_over', retryable: false }),
      }),
    );
    await page.goto(`${embedding.url}/over`);
    await waitFor('the end', async () => (await state(page)) === 'ended');
  },
);
