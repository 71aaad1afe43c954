import { useEffect, useState } from 'preact/hooks';
import { CameraHelp } from '../camera/camera-help.tsx';
import type { CameraProblem } from '../camera/diagnosis.ts';
import { findProblem } from '../camera/evidence.ts';
import type { CameraChange } from '../sdk/browser/camera.ts';
import { Problem } from '../shared/field.tsx';
import { cameraTrouble, errorOf } from './camera-trouble.ts';

interface CameraLineProps {
  readonly change: CameraChange | undefined;
  readonly onAgain: () => void;
}

/** What is wrong with the camera during the exam, and what to do about it. */
export function CameraLine({ change, onAgain }: CameraLineProps) {
  const [problem, setProblem] = useState<CameraProblem>();
  useEffect(() => {
    let stale = false;
    if (change?.state !== 'refused') setProblem(undefined);
    else void findProblem(Object.assign(new Error(), errorOf(change))).then((found) => !stale && setProblem(found));
    return () => void (stale = true);
  }, [change]);
  if (problem) return <CameraHelp problem={problem} onAgain={onAgain} />;
  return <Problem>{cameraTrouble(change)}</Problem>;
}
