import { useEffect, useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { useNow } from '../shared/use-now.ts';
import { noteAnalysis, readProgress } from './calibration-progress.ts';
import { LookLine } from './look-line.tsx';
import type { SessionView } from './session-view.ts';

interface CalibrationProps {
  readonly client: InvigilClient;
  readonly view: SessionView;
  /** Of the policy; undefined before the first greeting. */
  readonly seconds: number | undefined;
  readonly onDone: () => void;
}

/** The server measures how the student sits; meanwhile they look at the screen. It measures on if they do not. */
export function Calibration({ client, view, seconds, onDone }: CalibrationProps) {
  const [progress, setProgress] = useState(() => ({
    since: undefined as number | undefined,
    startedAt: performance.now(),
  }));
  useNow(250);
  useEffect(
    () => client.on('analysis', (analysis) => setProgress((now) => noteAnalysis(now, analysis, performance.now()))),
    [client],
  );
  const { share, maySkip } = readProgress(progress, seconds ?? 0, performance.now());
  const needless = seconds === 0 || (seconds !== undefined && view.vision === 'off');
  const over = share >= 1 || needless;
  useEffect(() => {
    if (over) onDone();
  }, [over, onDone]);
  return (
    <div class="card stack calibration">
      <h2>Look at the screen</h2>
      <p>
        Sit as you will during the exam and look straight at the screen{seconds ? ` for ${seconds} s` : ''}. This shows
        the server which way is straight for you.
      </p>
      <progress max={1} value={share} aria-label="How much of it is over">
        {Math.round(share * 100)} %
      </progress>
      {share === 0 && <LookLine view={view} live />}
      {maySkip && (
        <div class="stack">
          <p role="status">You are not recognised yet. You need not wait: it is measured as soon as you are.</p>
          <div>
            <button onClick={onDone}>Go on to the exam</button>
          </div>
        </div>
      )}
    </div>
  );
}
