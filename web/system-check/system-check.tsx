import { useEffect, useState } from 'preact/hooks';
import { CameraCheck } from '../camera/camera-check.tsx';
import { cameraHelp } from '../camera/help.ts';
import { checkText, gateText } from '../camera/hint-text.ts';
import { readPlatform } from '../camera/platform.ts';
import { useCamera } from '../camera/use-camera.ts';
import { useLiveCheck } from '../camera/use-live-check.ts';
import { readFeatures, testConnection } from './connection-test.ts';
import { FindingList } from './finding-list.tsx';
import { browserFindings, cameraFindings, type Connection, connectionFindings } from './findings.ts';
import { t } from './messages.ts';
import { Summary } from './summary.tsx';

const platform = readPlatform(navigator.userAgent);

/** Checks camera, connection and browser before an exam. Needs no account; nothing is stored. */
export function SystemCheck() {
  const camera = useCamera();
  const { state } = camera;
  const { check, gate } = useLiveCheck(state.at === 'live' ? state.stream : undefined);
  const [connection, setConnection] = useState<Connection>();
  const test = () => {
    setConnection(undefined);
    void testConnection().then(setConnection);
  };
  useEffect(test, []);
  const { tone, lines } = checkText(check);
  const hint = tone === 'good' ? '' : gate.open && gate.why !== 'face' ? (gateText(gate) ?? '') : lines.join(' ');
  const findings = {
    browser: browserFindings(readFeatures()),
    connection: connectionFindings(connection),
    camera: cameraFindings(
      state.at === 'live' ? { at: 'live', gate, hint } : state,
      (problem) => cameraHelp(problem, platform, false).title,
    ),
  };
  return (
    <section class="middle stack">
      <h1>{t.title}</h1>
      <p class="muted">{t.intro}</p>
      <div class="no-print">
        <CameraCheck camera={camera} check={check} gate={gate} />
      </div>
      <div class="card stack">
        <h2>{t.camera}</h2>
        <FindingList findings={findings.camera} />
        <div class="row between">
          <h2>{t.connection}</h2>
          <button class="small no-print" disabled={!connection} onClick={test}>
            {t.testAgain}
          </button>
        </div>
        <FindingList findings={findings.connection} />
        <h2>{t.browser}</h2>
        <FindingList findings={findings.browser} />
      </div>
      <Summary findings={Object.values(findings).flat()} />
      <p class="no-print">
        <a href="/exam">{t.toExams}</a>
      </p>
    </section>
  );
}
