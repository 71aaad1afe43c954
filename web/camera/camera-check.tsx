import { CameraHelp } from './camera-help.tsx';
import { CameraView } from './camera-view.tsx';
import { checkText, gateText } from './hint-text.ts';
import type { Gate, LiveCheck } from './live-check.ts';
import type { CameraControl } from './use-camera.ts';

interface CameraCheckProps {
  readonly camera: CameraControl;
  readonly check: LiveCheck;
  readonly gate: Gate;
}

/** The camera's picture with what is to be mended, or why there is none and what to do. */
export function CameraCheck({ camera: { state, ask }, check, gate }: CameraCheckProps) {
  const { tone, lines } = checkText(check);
  const why = gateText(gate);
  return (
    <div class="card stack">
      <h2>Your camera</h2>
      {(state.at === 'off' || state.at === 'asking') && (
        <>
          <p>The browser asks whether this page may use your camera. Press Allow.</p>
          <p>
            <button class="primary" disabled={state.at === 'asking'} onClick={ask}>
              {state.at === 'asking' ? 'Waiting for the camera …' : 'Turn the camera on'}
            </button>
          </p>
        </>
      )}
      {state.at === 'failed' && <CameraHelp problem={state.problem} onAgain={ask} />}
      {state.at === 'live' && (
        <div class="camera-check">
          <CameraView stream={state.stream} />
          <div class="stack">
            <div class={`note ${tone}`} role="status">
              <ul class="plain hints">
                {lines.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </div>
            {why && (
              <p class="small" role="status">
                {why}
              </p>
            )}
            <p class="muted small">
              Light from the front, the camera at the height of your eyes, nobody else in the picture.
            </p>
          </div>
        </div>
      )}
    </div>
  );
}
