import type { Benchmark } from './benchmark.ts';
import { figure } from './figure.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { canReadStats } from './process-stats.ts';
import { temporaryFolder } from './server-process.ts';
import { ServerWatch } from './server-watch.ts';
import { Crowd } from './simulator/crowd.ts';
import { makeExam } from './simulator/exam.ts';
import { openFrames } from './simulator/frame-source.ts';
import { measure, serverFigures, tallyFigures, windowFigures } from './simulator/measure.ts';
import { showProgress } from './simulator/progress.ts';

const SECS = 20;
const SESSIONS = 50;
const FPS = 2;
const SCENES = 8;
/** Connections a second. */
const RAMP = 25;
/** Networks, sockets and the shared frame rate find their pace first, ms. */
const WARM_UP_MS = 5000;

/** The whole way of a frame: a real server, and sessions on the real exam client. */
export const stream: Benchmark = {
  name: 'stream',
  about: 'a whole server and sessions on the exam client: analysed frames/s, latency, processor time a frame, memory',
  run: async ({ secs = SECS, sessions = SESSIONS, fps = FPS, frames: folder }, say) => {
    const never = new AbortController().signal;
    const data = temporaryFolder();
    const errors: string[] = [];
    let own: OwnServer | undefined;
    let crowd: Crowd | undefined;
    try {
      const scenes = Math.min(sessions, SCENES);
      const frames = await openFrames({ frames: folder, scenes, students: sessions, script: 'attentive' }, say).complete;
      own = await startOwnServer({
        env: { DATA_DIR: data.path, PORT: '0', DRAIN_SECONDS: '0' },
        warn: (message) => say(`server: ${message}`),
        died: (code) => void errors.push(`the server ended with code ${code}`),
      });
      const { server, admin } = own;
      const health = await admin.health();
      const exam = await makeExam(admin, 'Benchmark', fps);
      crowd = new Crowd({ server: server.url, students: sessions, frames, script: 'attentive' });
      say(`${sessions} accounts and sessions`);
      await crowd.prepare(exam, () => {});
      await crowd.connect((sessions / RAMP) * 1000, never);
      await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));

      const watch = canReadStats() ? new ServerWatch(server.pid) : undefined;
      const quiet = showProgress(crowd.tally, sessions, watch, say);
      const window = await measure(crowd, secs, watch, never);
      quiet();
      watch?.stop();
      await crowd.finish();

      const { tally } = crowd;
      errors.push(...[...tally.errors].map(([code, count]) => `${count} x ${code}: ${tally.firstErrors.get(code)}`));
      errors.push(...[...tally.drops].map(([code, count]) => `${count} connections ended by themselves with ${code}`));
      return {
        input: { seconds: secs, sessions, fps, frames: frames.about, meanFrameBytes: frames.meanBytes, server: health },
        figures: [figure('frames asked for', sessions * fps, 'frames/s'), ...windowFigures(window), ...tallyFigures(crowd), ...serverFigures(window, watch)],
        errors,
      };
    } finally {
      crowd?.close();
      await own?.server.stop();
      data.remove();
    }
  },
};
