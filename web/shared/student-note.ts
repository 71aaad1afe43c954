import type { Event } from '../../protocol/events.ts';
import { talk } from './messages/conversation.ts';

/** A message of the student to staff, in quotes; undefined for other events. */
export function studentNote({ source, type, details }: Event): string | undefined {
  if (source !== 'client' || type !== 'STUDENT_MESSAGE') return undefined;
  const { text } = (details['data'] ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? talk.quoted(text) : undefined;
}
