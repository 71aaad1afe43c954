import { expect, test } from 'vitest';
import { isReserved, SIGNALS } from './event-types.ts';

test.each([
  'BREAK_APPROVED_BY_TEACHER',
  'APPROVED_BY_STAFF',
  'APPROVED_BY_ADMIN',
  'DISMISSED_BY_REVIEWER',
  'CLEARED_BY_SERVER',
  'CONFIRMED_BY_SYSTEM',
  'ALL_EVENTS_DISMISSED',
  'PRQCTOR_OK',
  'PROKTOR_OK',
  'MODERATOR_OK',
  'TUTOR_OK',
  'IDENTITY_VERIFIED',
  'INVIGIL_OK',
  'INVIGILATI0N_OK',
  'PAUSED_BY_THEM',
  'TERMINATED',
  'RESUMED',
  'EXTENDED',
  'EXAM_ADMIN_NOTE',
  'LECTURER_OK',
  'BREAK_GRANTED',
  'N0_FACE',
  'P_R_O_C_T_O_R',
  'OK_BY_PR0CT0R',
  'APPR0VED',
  'A11OWED_TO_LEAVE',
  'BREAK_EXCUSED',
])('%s reads as an act of staff or of the server (S7)', (name) => {
  expect(isReserved(name)).toBe(true);
});

/** Signal names of comparable proctoring clients. */
const CLIENTS = [
  ...SIGNALS,
  'COPY_PASTE',
  'TAB_HIDDEN',
  'TAB_VISIBLE',
  'WINDOW_FOCUS',
  'FULLSCREEN_ENTER',
  'RIGHT_CLICK',
  'KEYBOARD_SHORTCUT',
  'PRINT_SCREEN',
  'SCREENSHOT',
  'CUT',
  'DEVTOOLS_OPEN',
  'NO_FACE_DETECTED',
  'PHONE_DETECTED',
  'AUDIO_DETECTED',
  'VOICE_DETECTED',
  'MICROPHONE_MUTED',
  'PAGE_RELOAD',
  'MOUSE_LEAVE',
  'IDLE',
  'TUTORIAL_OPENED',
  'PERMISSION_DENIED',
];
test.each(CLIENTS)('S7: the signal name %s is accepted', (name) => {
  expect(isReserved(name)).toBe(false);
});
