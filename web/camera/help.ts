import type { CameraProblem } from './diagnosis.ts';
import { t } from './messages.ts';
import type { Platform } from './platform.ts';

export interface CameraHelpText {
  readonly title: string;
  /** In the order in which they are to be tried. */
  readonly steps: readonly string[];
}

/** Pure: help for a camera problem. @param framed whether the page is embedded in another one */
export const cameraHelp = (problem: CameraProblem, platform: Platform, framed: boolean): CameraHelpText => ({
  title: t.problems[problem],
  steps: stepsFor(problem, platform, framed),
});

function stepsFor(problem: CameraProblem, { browser, system }: Platform, framed: boolean): readonly string[] {
  const ownTab = framed ? [t.ownTabStep] : [];
  switch (problem) {
    case 'dismissed':
      return [...t.steps.dismissed, ...ownTab];
    case 'blocked':
      return [...t.allowInBrowser[browser], t.tryAgainStep, t.managedStep, ...ownTab];
    case 'system':
      return [t.allowInSystem[system], ...t.steps.system];
    default:
      return t.steps[problem];
  }
}
