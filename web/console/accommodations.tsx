import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { accommodationLines, shortAccommodations } from './accommodation-lines.ts';
import { t } from './messages.ts';

interface AccommodationsProps {
  readonly given: SessionAccommodations | null | undefined;
}

/** Everything that applies to a session, and the profile that it is from. */
export function Accommodations({ given }: AccommodationsProps) {
  if (!given) return null;
  const { profile } = given;
  return (
    <aside class="accommodations small" aria-label={t.accommodations.title}>
      <strong>{t.accommodations.title}</strong>
      {profile && <span class="muted"> · {t.accommodations.profile(profile.name, profile.version)}</span>}
      <ul>
        {accommodationLines(given).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </aside>
  );
}

/** On a tile: at most three lines, and all of it as the pointer's hint. */
export function TileAccommodations({ given }: AccommodationsProps) {
  const short = given ? shortAccommodations(given) : [];
  if (!given || short.length === 0) return null;
  return (
    <p class="tile-accommodations above" title={accommodationLines(given).join('\n')}>
      <span class="unseen">{t.accommodations.prefix}</span>
      {short.join(', ')}
    </p>
  );
}
