import { useEffect, useState } from 'preact/hooks';
import { CameraCheck } from '../camera/camera-check.tsx';
import { cameraHelp } from '../camera/help.ts';
import { checkText, gateText } from '../camera/hint-text.ts';
import { readPlatform } from '../camera/platform.ts';
import { useCamera } from '../camera/use-camera.ts';
import { useLiveCheck } from '../camera/use-live-check.ts';
import { Answer } from './answer.tsx';
import { readFeatures, testConnection } from './connection-test.ts';
import { FindingList } from './finding-list.tsx';
import { browserFindings, cameraFindings, type Connection, connectionFindings, measuredFindings } from './findings.ts';
import type { Measured } from './measured.ts';
import { measure } from './measurements.ts';
import { t } from './messages.ts';
import { resultOf } from './result.ts';
import { Summary } from './summary.tsx';
import { at } from '../shared/base-path.ts';

const platform = readPlatform(navigator.userAgent);

/** Checks camera, connection and browser before an exam. Needs no account; nothing is stored. */
export function SystemCheck() {
  const camera = useCamera();
  const { state } = camera;
  const { check, gate } = useLiveCheck(state.at === 'live' ? state.stream : undefined);
  const [connection, setConnection] = useState<Connection>();
  const [measured, setMeasured] = useState<Measured>();
  const test = () => {
    setConnection(undefined);
    setMeasured(undefined);
    // In turn: the requests of one would slow down the other.
    void testConnection().then(setConnection).then(measure).then(setMeasured);
  };
  useEffect(test, []);
  const { tone, lines } = checkText(check);
  const hint = tone === 'good' ? '' : gate.open && gate.why !== 'face' ? (gateText(gate) ?? '') : lines.join(' ');
  const findings = {
    browser: browserFindings(readFeatures()),
    connection: [...connectionFindings(connection), ...measuredFindings(measured)],
    camera: cameraFindings(
      state.at === 'live' ? { at: 'live', gate, hint } : state,
      (problem) => cameraHelp(problem, platform, false).title,
    ),
  };
  const all = Object.values(findings).flat();
  const result = resultOf(all, state.at === 'off');
  return (
    <section class="middle stack">
      <h1>{t.title}</h1>
      <Answer result={result} />
      <div class="no-print">
        <CameraCheck camera={camera} check={check} gate={gate} />
      </div>
      <div class="card stack">
        <div class="row between">
          <h2>{t.details}</h2>
          <button class="small no-print" disabled={!measured} onClick={test}>
            {t.testAgain}
          </button>
        </div>
        <h3>{t.camera}</h3>
        <FindingList findings={findings.camera} />
        <h3>{t.connection}</h3>
        <FindingList findings={findings.connection} />
        <h3>{t.browser}</h3>
        <FindingList findings={findings.browser} />
      </div>
      <Summary findings={all} headline={result.headline} />
      <p class="muted">{t.intro}</p>
      <p class="no-print">
        <a href={at('/exam')}>{t.toExams}</a>
      </p>
    </section>
  );
}
