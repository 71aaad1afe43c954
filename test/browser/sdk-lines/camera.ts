import { expect, test } from 'vitest';
import { clips } from '../../../simulator/draw/clips.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { waitFor } from '../../support/server.ts';
import { live, seen, type Sitting, state } from './sitting.ts';
import type { DrivenPage } from '../../support/driven-browser.ts';

const sent = (page: DrivenPage) => page.evaluate<number>('Invigil.current.frames.sent');
const changes = async (page: DrivenPage) => (await seen(page, 'camera')).map((change) => change['state']);
const CAMERA = { 'data-camera': undefined, 'data-video': '#me' };

/** A camera that shows a drawn student. */
function drawnCamera(): string {
  const pictures = clips(createScene(5)).attentive.map((jpeg) => `data:image/jpeg;base64,${jpeg.toString('base64')}`);
  return `const canvas = document.createElement('canvas');
    const pictures = ${JSON.stringify(pictures)}.map((src) => Object.assign(new Image(), { src }));
    let shown = 0;
    const draw = () => {
      const picture = pictures[shown++ % pictures.length];
      if (!picture.complete) return;
      if (canvas.width !== picture.width) Object.assign(canvas, { width: picture.width, height: picture.height });
      canvas.getContext('2d').drawImage(picture, 0, 0);
    };
    setInterval(draw, 200);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();`;
}

/** Lines of the SDK about the camera, in any browser. */
export function cameraLines(at: () => Sitting): void {
  test('the camera is captured in the worker, also while the window is minimised; a lost camera is reported and requested again', async () => {
    const exam = await at().embed({ body: '<video id="me"></video>', attributes: CAMERA });
    await using page = await exam.open();
    await waitFor('an analysed frame', async () => (await seen(page, 'analysis')).length > 0);
    expect(await seen(page, 'capture')).toMatchObject([{ path: 'bitmap' }]);
    expect(await page.evaluate("document.querySelector('#me').srcObject === Invigil.current.stream")).toBe(true);
    await page.evaluate('void Invigil.current.stream.getVideoTracks()[0].stop()');
    await waitFor('the camera', async () => (await changes(page)).at(-1) === 'back');
    expect(await changes(page)).toEqual(['live', 'lost', 'back']);
    const before = await sent(page);
    await waitFor('frames of the new track', async () => (await sent(page)) > before + 1);

    await exam.minimise();
    await exam.event('TAB_SWITCH');
    const hidden = await sent(page);
    await waitFor('frames of the hidden page', async () => (await sent(page)) > hidden + 3);
    await exam.focusWindow();
    await page.evaluate('Invigil.current.finish().then(() => true)');
    expect(await state(page)).toBe('ended');
    expect(await page.evaluate('Invigil.current.stream === undefined')).toBe(true);
    const types = (await exam.events()).map(({ type }) => type);
    expect(types.filter((type) => type === 'CAMERA_UNAVAILABLE')).toHaveLength(1);
    expect(types).not.toContain('INVALID_IMAGE');
  });

  test('a face before the camera is found, whether a worker encodes the frames or the page', async () => {
    for (const [path, before, csp] of [
      ['bitmap', '', undefined],
      ['canvas', 'delete globalThis.Worker;', undefined],
      ['canvas', '', "worker-src 'none'"],
    ] as const) {
      const exam = await at().embed({
        attributes: { 'data-camera': undefined },
        before: before + drawnCamera(),
        ...(csp !== undefined && { csp }),
      });
      await using page = await exam.open();
      await waitFor(`a face (${path})`, async () => (await seen(page, 'analysis')).some(({ faces }) => faces === 1));
      expect((await seen(page, 'capture')).at(-1)).toMatchObject({ path });
    }
  });

  test('a page that requires Trusted Types and allows the policy "invigil" captures in the worker', async () => {
    const { url } = at().server;
    const exam = await at().embed({
      attributes: { 'data-camera': undefined },
      csp: `require-trusted-types-for 'script'; trusted-types invigil; script-src 'unsafe-inline' ${url}; worker-src blob:; connect-src 'self' ${url} ${url.replace('http', 'ws')}`,
    });
    await using page = await exam.open();
    await waitFor('an analysed frame', async () => (await seen(page, 'analysis')).length > 0);
    expect(await seen(page, 'capture')).toMatchObject([{ path: 'bitmap' }]);
    expect(
      await page.evaluate("(() => { try { document.body.innerHTML = 'x'; } catch (error) { return error.name; } })()"),
    ).toBe('TypeError');
  });

  test('a refused camera does not drop the connection, is reported once, and is used once the student allows it', async () => {
    const exam = await at().embed({
      attributes: { 'data-camera': undefined, 'data-banner': undefined },
      before: `const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        globalThis.refuse = true;
        navigator.mediaDevices.getUserMedia = (...given) =>
          refuse ? Promise.reject(new DOMException('Permission denied', 'NotAllowedError')) : real(...given);`,
    });
    await using page = await exam.open();
    await live(page);
    await waitFor('the refusal', async () => (await changes(page)).length > 0);
    await page.evaluate('Invigil.current.retryCamera()');
    await waitFor('the second refusal', async () => (await changes(page)).length > 1);
    expect(await seen(page, 'camera')).toMatchObject([
      { state: 'refused', reason: 'denied' },
      { state: 'refused', reason: 'denied' },
    ]);
    await page.evaluate('(refuse = false, Invigil.current.retryCamera())');
    await waitFor('frames', async () => (await sent(page)) > 0);
    expect((await exam.types()).filter((type) => type === 'CAMERA_UNAVAILABLE')).toHaveLength(1);
  });

  test('data-camera-choice lists the cameras and remembers the choice', async () => {
    const exam = await at().embed({
      body: '<select id="choice"></select><video id="me"></video>',
      attributes: { ...CAMERA, 'data-camera-choice': '#choice' },
    });
    await using page = await exam.open();
    const listed = () => page.evaluate<string[]>("[...document.querySelectorAll('option')].map(({ value }) => value)");
    const open = () => page.evaluate('Invigil.current.stream?.getVideoTracks()[0]?.getSettings().deviceId');
    await waitFor('the list', async () => (await listed()).length > 0);
    await waitFor(
      'the open camera',
      async () => (await page.evaluate("document.querySelector('select').value")) === (await open()),
    );
    // Firefox pretends to have one camera.
    const last = (await listed()).at(-1)!;
    if (last !== (await open())) {
      await page.evaluate(`(() => {
        const select = document.querySelector('select');
        select.value = ${JSON.stringify(last)};
        select.dispatchEvent(new Event('change'));
      })()`);
      await waitFor('the other camera', async () => (await open()) === last);
      await page.reload();
      await waitFor('the remembered camera', async () => (await open()) === last);
    }
    expect(await exam.types()).toEqual([]);
  });
}
