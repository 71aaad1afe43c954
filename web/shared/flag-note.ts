import type { Event } from '../../protocol/events.ts';

/** Category and note of a flag of staff; undefined for other events, and for those of a client. */
export function flagNote({ source, type, details }: Event): string | undefined {
  if (source !== 'proctor' || type !== 'PROCTOR_FLAG') return undefined;
  const words = [details['label'], details['note']].filter((part) => typeof part === 'string');
  return words.join(' · ') || undefined;
}
