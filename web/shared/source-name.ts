import type { Source } from '../../protocol/event-types.ts';

/** Who says it. What a student's client says is its own word, whatever it calls it. */
export const SOURCE_NAMES: Readonly<Record<Source, string>> = {
  client: "Student's client",
  vision: 'Camera analysis',
  connection: 'Server',
  proctor: 'Proctor',
};
