import type { CameraProblem } from './diagnosis.ts';
import { cameraHelp } from './help.ts';
import { readPlatform } from './platform.ts';

interface CameraHelpProps {
  readonly problem: CameraProblem;
  readonly onAgain: () => void;
}

/** Why there is no camera, and what to do about it, step by step. */
export function CameraHelp({ problem, onAgain }: CameraHelpProps) {
  const { title, steps } = cameraHelp(problem, readPlatform(navigator.userAgent), window !== window.top);
  return (
    <div class="note bad stack camera-help" role="alert">
      <h3>{title}</h3>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div>
        <button onClick={onAgain}>Try again</button>
      </div>
    </div>
  );
}
