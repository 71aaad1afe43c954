import { describe, expect, test } from 'vitest';
import { signal, startAttempt } from '../support/attempt.ts';
import { jpeg } from '../support/pictures.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer, waitFor } from '../support/server.ts';

describe('the inference host', () => {
  test('a SIGKILL during a stream closes no socket, and analysis resumes', async ({ annotate }) => {
    await using site = await startTestServer({ vision: true });
    const attempts = await Promise.all(
      Array.from({ length: 4 }, () => startAttempt(site, { frames: { sendFps: 10, analyseFps: 10 } })),
    );
    const clients = attempts.map(({ student, session }) => createClient(student, session.id));
    const states: string[] = [];
    const analysedAt: number[] = [];
    for (const client of clients) {
      client.on('analysis', () => analysedAt.push(performance.now()));
      client.on('state', ({ state }) => states.push(state));
    }
    await Promise.all(clients.map((client) => client.connect()));
    let picture = 0;
    const stream = setInterval(() => {
      for (const client of clients) client.sendFrame(jpeg(picture++));
    }, 100);
    try {
      await waitFor('analyses', () => analysedAt.length > 20);
      states.length = 0;
      const before = site.server.pool.hostPid!;
      const killedAt = performance.now();
      process.kill(before, 'SIGKILL');
      await waitFor(
        'another host',
        () => site.server.pool.hostPid !== before && site.server.pool.vision.state === 'on',
      );
      const count = analysedAt.length;
      await waitFor('analyses', () => analysedAt.length > count);
      const gap = analysedAt[count]! - killedAt;
      await annotate(`frames flow again ${Math.round(gap)} ms after SIGKILL`);
      expect(states).toEqual([]);
      expect(clients.map((client) => client.state)).toEqual(clients.map(() => 'live'));
    } finally {
      clearInterval(stream);
      for (const client of clients) client.close();
    }
  });

  test('a session whose frames end the host three times in 60 s has its frames refused, and its signals continue (F9)', async () => {
    await using site = await startTestServer({ vision: true });
    const attempt = await startAttempt(site, { frames: { sendFps: 10, analyseFps: 10 } });
    const socket = await attempt.connect();
    let seq = 0;
    for (let kill = 0; kill < 3; kill++) {
      await waitFor('vision', () => site.server.pool.vision.state === 'on');
      const pid = site.server.pool.hostPid!;
      // Stopped, it has the frame and cannot answer when it is killed.
      process.kill(pid, 'SIGSTOP');
      socket.sendFrame(++seq, jpeg(seq));
      await waitFor('the frame with the host', () => !site.server.pool.idle);
      process.kill(pid, 'SIGKILL');
      await waitFor('another host', () => site.server.pool.hostPid !== undefined && site.server.pool.hostPid !== pid);
    }
    await waitFor('vision', () => site.server.pool.vision.state === 'on');
    socket.sendFrame(++seq, jpeg(seq));
    expect(await socket.next('error')).toMatchObject({ code: 'frames_refused' });
    socket.send(signal(1));
    expect(await socket.next('ack')).toMatchObject({ seq: 1 });
    // Slow starts of a host can leave the session without frames meanwhile.
    const types = (await attempt.types()).filter((type) => type !== 'NO_FRAME_RECEIVED');
    expect(types).toEqual(['FRAME_LOST', 'FRAMES_REFUSED', 'TAB_SWITCH']);
    socket.close();
  });

  test('without weights the server reports vision off, and accepts frames and signals without results', async () => {
    await using site = await startTestServer({ env: { FACE_MODEL: 'yunet' }, vision: true });
    const health = await site.api().get<{ vision: string; visionReason: string }>('/health');
    expect(health.vision).toBe('off');
    expect(health.visionReason).toContain('yunet.onnx');
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    expect(socket.of('welcome')[0]).toMatchObject({ vision: 'off', throttle: { reason: 'vision_off' } });
    socket.sendFrame(1, jpeg());
    socket.send(signal(1));
    expect(await socket.next('ack')).toMatchObject({ seq: 1 });
    expect(await attempt.types()).toEqual(['TAB_SWITCH']);
    expect(socket.of('analysis')).toEqual([]);
    socket.close();
  });
});
