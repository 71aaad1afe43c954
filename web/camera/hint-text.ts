import type { CheckHint } from '../../protocol/http/system-check.ts';
import type { Gate, LiveCheck } from './live-check.ts';

const HINTS: Record<CheckHint, string> = {
  too_dark: 'It is too dark. Switch a light on in front of you, or turn towards a window.',
  no_face: 'No face is seen. Sit so that your whole face is in the picture.',
  off_centre: 'Your face is at the edge of the picture. Move to its middle, or turn the camera.',
  too_small: 'Your face is small. Come closer to the camera.',
  several_faces: 'More than one face is seen. Only you should be in the picture.',
};

export interface CheckText {
  readonly tone: 'good' | 'warn' | '';
  readonly lines: readonly string[];
}

/** What the last look says, in words. Pure. */
export function checkText({ latest }: LiveCheck): CheckText {
  switch (latest?.kind) {
    case undefined:
      return { tone: '', lines: ['Waiting for the server to look at a first picture …'] };
    case 'seen':
      return latest.hints.length === 0
        ? { tone: 'good', lines: ['Your face is well seen.'] }
        : { tone: 'warn', lines: latest.hints.map((hint) => HINTS[hint]) };
    case 'busy':
      return { tone: '', lines: ['The server has other pictures to look at. Yours is tried again in a moment.'] };
    case 'off':
      return { tone: '', lines: ['The server does not look at pictures at the moment.'] };
    case 'unanswered':
      return { tone: 'warn', lines: ['The server does not answer. It is tried again.'] };
  }
}

/** Why one may begin although no face was seen; undefined where there is nothing to say. Pure. */
export function gateText(gate: Gate): string | undefined {
  if (!gate.open) return undefined;
  switch (gate.why) {
    case 'face':
      return undefined;
    case 'off':
      return 'You can go on: the server looks at no pictures now. See for yourself that your whole face is in the picture.';
    case 'busy':
      return 'You can go on: the server is too busy to look beforehand. See for yourself that your whole face is in the picture.';
    case 'unanswered':
      return 'You can go on, though the server could not look at a picture. See for yourself that your whole face is in the picture.';
    case 'unseen':
      return 'Is your face in the picture, and not seen? Then you can go on: the models can be wrong, and a person decides about everything that is noted.';
  }
}
