import { common } from '../shared/messages/common.ts';
import type { CameraProblem } from './diagnosis.ts';
import { cameraHelp } from './help.ts';
import { readPlatform } from './platform.ts';

interface CameraHelpProps {
  readonly problem: CameraProblem;
  readonly onAgain: () => void;
}

/** Camera problem with steps to solve it. */
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
        <button onClick={onAgain}>{common.retry}</button>
      </div>
    </div>
  );
}
