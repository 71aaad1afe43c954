import { expect, test } from 'vitest';
import type { DrivenPage } from '../../support/driven-browser.ts';
import { waitFor } from '../../support/server.ts';
import { barrier, lasting, live, type Sitting } from './sitting.ts';

/** Lines of the SDK about the student's attention, in any browser, with real windows. */
export function focusLines(at: () => Sitting): void {
  const editor = (parent: string, script = '') => ({
    html: `<!doctype html><body style="margin:0"><textarea style="width:100vw;height:100vh">12345</textarea>${script && `<script src="${script}" data-parent="${parent}"></script>`}`,
  });

  test('E9: another window in front is WINDOW_BLUR with its length; a click into a frame of any origin is none', async () => {
    at().exam.pages.set('/editor', editor(''));
    at().other.pages.set('/editor', editor(''));
    const exam = await at().embed({
      body: `<p>Question</p><iframe id="own" src="/editor"></iframe><iframe id="foreign" src="${at().other.url}/editor"></iframe>`,
    });
    await using page = await exam.open();
    await live(page);
    await page.click('p');
    for (const frame of ['own', 'foreign']) {
      await page.click(`#${frame}`);
      await expect.poll(() => page.evaluate('[document.activeElement.id, document.hasFocus()]')).toEqual([frame, true]);
      await lasting(page);
    }
    await barrier(page, exam);
    expect(await exam.types()).toEqual(['MADE_BARRIER']);

    // From inside the frame of another origin, whose events do not reach the page.
    await at().leaveWindow();
    await exam.event('WINDOW_BLUR');
    await exam.focusWindow();
    await exam.event('RETURNED_TO_EXAM');
    const [, blur] = await exam.reported();
    expect(blur).toMatchObject({ type: 'WINDOW_BLUR', weight: 1 });
    expect(blur!.durationMs).toBeGreaterThan(900);
  });

  test("the browser's own bars and menus, opened with the mouse or a key, are no WINDOW_BLUR; another window after them is", async () => {
    const { browser } = at();
    const exam = await at().embed();
    await using page = await exam.open();
    await live(page);
    const opened: ((page: DrivenPage) => Promise<unknown>)[] = [
      // The address bar, and a menu button at the end of it.
      () => exam.clickWindow(400, browser.barHeight),
      () => exam.clickWindow(-25, browser.barHeight),
      () => at().display.do('key', 'ctrl+f'),
    ];
    for (const open of opened) {
      await exam.clickWindow(300, 400);
      await waitFor('the focus', () => page.evaluate('document.hasFocus()'));
      await open(page);
      // Firefox leaves it with the page while its menu is open.
      if (open !== opened[1] || browser.name !== 'Firefox')
        await waitFor('the focus of the browser', async () => !(await page.evaluate('document.hasFocus()')));
      await lasting(page);
      await at().display.do('key', 'Escape');
    }
    await barrier(page, exam);
    expect(await exam.types()).toEqual(['MADE_BARRIER']);
    await exam.clickWindow(400, browser.barHeight);
    await at().leaveWindow();
    await exam.event('WINDOW_BLUR');
  });

  test('a minimised window is TAB_SWITCH with its length, and no WINDOW_BLUR', async () => {
    const exam = await at().embed();
    await using page = await exam.open();
    await live(page);
    await exam.minimise();
    await exam.event('TAB_SWITCH');
    await exam.focusWindow();
    await exam.event('RETURNED_TO_EXAM');
    await lasting(page);
    await barrier(page, exam);
    expect(await exam.types()).toEqual(['TAB_SWITCH', 'RETURNED_TO_EXAM', 'MADE_BARRIER']);
    expect((await exam.reported())[0]!.durationMs).toBeGreaterThan(0);
  });

  test('copying, cutting, pasting and context menus are reported with their length, also in frames', async () => {
    at().exam.pages.set('/editor', editor(''));
    at().other.pages.set('/told', editor(at().exam.url, `${at().server.url}/sdk/frame.js`));
    const exam = await at().embed({
      body: `<textarea id="here">1234567</textarea><iframe id="own" src="/editor"></iframe><iframe id="told" src="${at().other.url}/told"></iframe>`,
      attributes: { 'data-frames': at().other.url },
    });
    await using page = await exam.open();
    await live(page);
    let reported = 0;
    const next = async () => {
      reported += 1;
      await waitFor('the next signal', async () => (await exam.types()).length >= reported);
    };
    for (const field of ['here', 'own', 'told']) {
      await page.click(`#${field}`);
      for (const key of ['c', 'x', 'v']) {
        await page.press('Control', 'a');
        await page.press('Control', key);
        await next();
      }
    }
    await page.click('#here', 'right');
    await next();
    await page.press('Escape');
    const all = (await exam.reported()).map(({ type, details }) => [type, details['data'] ?? {}]);
    const each = (data: object) => [
      ['COPY', data],
      ['CUT', data],
      ['PASTE', data],
    ];
    expect(all).toEqual([
      ...each({ length: 7 }),
      ...each({ length: 5 }),
      ...each({ frame: at().other.url, length: 5 }),
      ['CONTEXT_MENU', {}],
    ]);
  });

  test("in a learning platform's frame of either origin, a click beside the exam is no WINDOW_BLUR, and leaving the window is", async () => {
    for (const site of [at().exam, at().other]) {
      const exam = await at().embed({
        before: "document.addEventListener('invigil:state', ({ detail }) => parent.postMessage(detail, '*'));",
      });
      site.pages.set('/platform', {
        html: `<!doctype html><title>${exam.title}</title>
          <script>addEventListener('message', ({ data }) => (globalThis.told = data));</script>
          <h1>Course</h1><iframe src="${exam.url}" allow="camera"></iframe>`,
      });
      await using page = await exam.open(`${site.url}/platform`);
      await waitFor('a live connection', () => page.evaluate("globalThis.told?.state === 'live'"));
      await page.click('iframe');
      await page.click('h1');
      await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('BODY');
      await lasting(page);
      expect(await exam.types()).toEqual([]);
      await at().leaveWindow();
      await exam.event('WINDOW_BLUR');
    }
  });

  test('E9: a link to another site is PAGE_LEFT with its length; a reload and the next page of the exam are not', async () => {
    at().other.pages.set('/', { html: '<!doctype html><title>Another site</title>' });
    const exam = await at().embed({
      body: `<a id="search" href="${at().other.url}/">Search</a><a id="next" href="?page=2">Next</a>`,
    });
    await using page = await exam.open();
    await live(page);
    await page.reload();
    await live(page);
    await page.click('#next');
    await waitFor('the next page', async () => (await page.evaluate<string>('location.search')) === '?page=2');
    await live(page);
    await barrier(page, exam);
    expect(await exam.types()).toEqual(['MADE_BARRIER']);

    await page.click('#search');
    await waitFor('the other site', async () => (await page.evaluate('document.title')) === 'Another site');
    // Firefox has closed the socket when the navigation began, and WebKitGTK does not tell where to: both wait for the
    // exam's next page. Only the one that knows does not need 10 s of absence to be sure.
    expect(await exam.types()).toEqual(['MADE_BARRIER']);
    if (at().browser.name === 'WebKitGTK') {
      at().exam.pages.set('/blank', { html: '<!doctype html><title>Blank</title>' });
      await page.goto(`${at().exam.url}/blank`);
      await page.evaluate(`(() => {
        const key = Object.keys(localStorage).find((name) => name.startsWith('invigil-left') && name.endsWith('${exam.session}'));
        localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), at: Date.now() - 15_000 }));
      })()`);
    }
    await page.goto(exam.url);
    await live(page);
    await exam.event('PAGE_LEFT');
    await barrier(page, exam, 'MADE_LAST');
    const left = (await exam.reported()).find(({ type }) => type === 'PAGE_LEFT')!;
    expect(left.weight).toBe(3);
    expect(left.durationMs).toBeGreaterThan(0);
    expect((await exam.types()).filter((type) => type !== 'RETURNED_TO_EXAM')).toEqual([
      'MADE_BARRIER',
      'PAGE_LEFT',
      'MADE_LAST',
    ]);
  });

  test('the end of full screen is FULLSCREEN_EXIT', async () => {
    const exam = await at().embed({
      body: '<button onclick="document.documentElement.requestFullscreen()">Full</button>',
    });
    await using page = await exam.open();
    await live(page);
    await page.click('button');
    await waitFor('full screen', () => page.evaluate('document.fullscreenElement !== null'));
    await page.evaluate('document.exitFullscreen().then(() => true)');
    await exam.event('FULLSCREEN_EXIT');
  });
}
