import { CameraHelp } from './camera-help.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { CameraView } from './camera-view.tsx';
import { checkText, gateText } from './hint-text.ts';
import type { Gate, LiveCheck } from './live-check.ts';
import { t } from './messages.ts';
import type { CameraControl } from './use-camera.ts';

interface CameraCheckProps {
  readonly camera: CameraControl;
  readonly check: LiveCheck;
  readonly gate: Gate;
}

/** The camera's image with hints to improve it, or help when there is none. */
export function CameraCheck({ camera: { state, ask, choose }, check, gate }: CameraCheckProps) {
  const { tone, lines } = checkText(check);
  const why = gateText(gate);
  return (
    <div class="card stack">
      <h2>{t.title}</h2>
      {(state.at === 'off' || state.at === 'asking') && (
        <>
          <p>{t.askFirst}</p>
          <p>
            <button class="primary" disabled={state.at === 'asking'} onClick={ask}>
              {state.at === 'asking' ? t.waiting : t.turnOn}
            </button>
          </p>
        </>
      )}
      {state.at === 'failed' && <CameraHelp problem={state.problem} onAgain={ask} />}
      {state.at === 'failed' && <CameraPicker stream={undefined} onChoose={choose} />}
      {state.at === 'live' && (
        <div class="camera-check">
          <CameraView stream={state.stream} />
          <div class="stack">
            <CameraPicker stream={state.stream} onChoose={choose} />
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
            <p class="muted small">{t.advice}</p>
          </div>
        </div>
      )}
    </div>
  );
}
