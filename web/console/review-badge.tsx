import type { Event } from '../../protocol/events.ts';

const WORDS = { confirmed: 'Confirmed', dismissed: 'Dismissed' } as const;

export const ReviewBadge = ({ review }: Pick<Event, 'review'>) =>
  review === null ? <span class="badge">Not decided</span> : <span class={`badge ${review === 'dismissed' ? 'low' : 'high'}`}>{WORDS[review]}</span>;
