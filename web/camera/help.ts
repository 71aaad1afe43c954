import type { CameraProblem } from './diagnosis.ts';
import type { Platform } from './platform.ts';

export interface CameraHelpText {
  readonly title: string;
  /** What to do, in order. */
  readonly steps: readonly string[];
}

const ALLOW: Record<Platform['browser'], readonly string[]> = {
  chromium: ['Click the symbol at the left of the address in the address bar.', 'Set Camera to Allow.'],
  firefox: [
    'Click the camera symbol, or the padlock, at the left of the address in the address bar.',
    'Remove the block beside "Use the camera".',
  ],
  safari: [
    'Open Safari > Settings > Websites > Camera (on an iPhone or iPad: the "aA" in the address bar > Website Settings).',
    'Set this site to Allow.',
  ],
  other: ["Open the browser's settings for this site.", 'Allow the camera.'],
};

const SYSTEM: Record<Platform['system'], string> = {
  windows:
    'Open Settings > Privacy & security > Camera. Switch on "Camera access" and "Let desktop apps access your camera".',
  macos:
    'Open System Settings > Privacy & Security > Camera, and switch your browser on. Quit the browser and open it again.',
  chromeos: 'Open Settings > Security and Privacy > Privacy controls, and switch the camera on.',
  android: 'Open Settings > Apps > your browser > Permissions, and allow the camera.',
  ios: 'Open Settings > your browser, and switch the camera on.',
  linux:
    'See that your user may open the camera, and that the browser has a permission for it where it runs in a sandbox (Flatpak, Snap).',
  other: "Open the system's privacy settings, and allow the browser to use the camera.",
};

/** What to do about a camera that is not there. Pure. @param framed whether the page stands inside another one */
export function cameraHelp(problem: CameraProblem, { browser, system }: Platform, framed: boolean): CameraHelpText {
  const ownTab = framed
    ? ['If that does not help: open the exam in a tab of its own, since the page around it may forbid the camera.']
    : [];
  switch (problem) {
    case 'insecure':
      return {
        title: 'This page was not opened securely, so that the browser gives it no camera',
        steps: [
          'See whether the address begins with https://. If it does not, write https:// in front of it.',
          'If the page is not there then, tell whoever runs this server.',
        ],
      };
    case 'unsupported':
      return {
        title: 'This browser gives pages no camera',
        steps: [
          'Bring the browser up to date, or take another one: Chrome, Edge, Firefox or Safari.',
          'If you came from inside another app, open the address in the browser itself.',
        ],
      };
    case 'policy':
      return {
        title: 'The page around this one does not let it use the camera',
        steps: [
          'Open the exam in a tab of its own.',
          'Tell your teacher: the site that shows the exam has to allow it (allow="camera", Permissions-Policy).',
        ],
      };
    case 'dismissed':
      return {
        title: 'The browser was not told that it may use the camera',
        steps: ['Press "Try again".', 'When the browser asks, press Allow.', ...ownTab],
      };
    case 'blocked':
      return {
        title: 'The camera is blocked for this site',
        steps: [
          ...ALLOW[browser],
          'Press "Try again".',
          'On a managed computer only its administrator may be able to change that.',
          ...ownTab,
        ],
      };
    case 'system':
      return {
        title: 'The system keeps the camera from the browser',
        steps: [SYSTEM[system], 'See whether the camera has a switch or a key of its own.', 'Press "Try again".'],
      };
    case 'missing':
      return {
        title: 'No camera was found',
        steps: [
          'Plug one in, or switch it on: some have a switch, a key or a slider.',
          'Take it out and plug it in at another socket if it is plugged in already.',
          'Press "Try again".',
        ],
      };
    case 'in_use':
      return {
        title: 'The camera is there and cannot be opened: most likely another program has it',
        steps: [
          'Close programs and tabs that may use it: video calls, camera apps, other exams.',
          'Press "Try again".',
          'If that does not help, unplug the camera and plug it in again, or restart the computer.',
        ],
      };
    case 'failed':
      return {
        title: 'The camera could not be opened',
        steps: ['Press "Try again".', 'If that does not help, restart the browser, or try another one.'],
      };
  }
}
