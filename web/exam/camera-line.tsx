import { useEffect, useState } from 'preact/hooks';
import { CameraHelp } from '../camera/camera-help.tsx';
import type { CameraProblem } from '../camera/diagnosis.ts';
import { findProblem } from '../camera/evidence.ts';
import type { CameraChange } from '../sdk/browser/camera.ts';
import { Problem } from '../shared/field.tsx';
import { cameraProblemText, errorOf } from './camera-change.ts';

interface CameraLineProps {
  readonly change: CameraChange | undefined;
  readonly onAgain: () => void;
}

/** Camera problem during the exam, with help. */
export function CameraLine({ change, onAgain }: CameraLineProps) {
  const [problem, setProblem] = useState<CameraProblem>();
  useEffect(() => {
    let stale = false;
    if (change?.state !== 'refused') setProblem(undefined);
    else void findProblem(Object.assign(new Error(), errorOf(change))).then((found) => !stale && setProblem(found));
    return () => void (stale = true);
  }, [change]);
  if (problem) return <CameraHelp problem={problem} onAgain={onAgain} />;
  return <Problem>{cameraProblemText(change)}</Problem>;
}
