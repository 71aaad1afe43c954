import { useEffect, useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { percent } from '../shared/messages/numbers.ts';
import { useNow } from '../shared/use-now.ts';
import { noteAnalysis, readProgress } from './calibration-progress.ts';
import { AnalysisLine } from './analysis-line.tsx';
import { imageProblem } from './image-problem.ts';
import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

interface CalibrationProps {
  readonly client: InvigilClient;
  readonly view: SessionView;
  /** From the policy; undefined before the first `welcome`. */
  readonly seconds: number | undefined;
  readonly onDone: () => void;
}

/** Asks the student to look at the screen while the server measures their reference pose. */
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
  const problem = view.link.state === 'live' && !view.paused ? imageProblem(view.analysis) : undefined;
  const { share, maySkip } = readProgress(progress, seconds ?? 0, performance.now());
  const needless = seconds === 0 || (seconds !== undefined && view.vision === 'off');
  const over = share >= 1 || needless;
  useEffect(() => {
    if (over) onDone();
  }, [over, onDone]);
  return (
    <div class="card stack calibration">
      <h2>{t.calibration.title}</h2>
      <p>{seconds ? t.calibration.instructionsFor(seconds) : t.calibration.instructions}</p>
      <progress max={1} value={share} aria-label={t.calibration.progress}>
        {percent(share)}
      </progress>
      {problem ? (
        <p class="note warn" role="status">
          {problem}
        </p>
      ) : (
        share === 0 && <AnalysisLine view={view} live />
      )}
      {maySkip && (
        <div class="stack">
          <p role="status">{t.calibration.slow}</p>
          <div>
            <button onClick={onDone}>{t.calibration.skip}</button>
          </div>
        </div>
      )}
    </div>
  );
}
