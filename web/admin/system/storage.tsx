import type { System } from '../../../protocol/http/system.ts';
import { t } from '../messages.ts';
import { bytes } from './bytes.ts';

type Storage = System['storage'];

/** Space in use, its growth, and how long it lasts. */
export function StorageFacts({ storage }: { readonly storage: Storage }) {
  const { parts, volumes } = storage;
  return (
    <section class="card stack" aria-labelledby="storage">
      <h2 id="storage">{t.system.storage}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.system.storage}>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{t.system.part}</th>
              <th scope="col" class="number">
                {t.system.used}
              </th>
              <th scope="col" class="number">
                {t.system.growth}
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ name, bytes: used, growthPerDay }) => (
              <tr key={name}>
                <th scope="row">{t.system.storageParts[name]}</th>
                <td class="number">{used === null ? t.system.unknown : bytes(used)}</td>
                <td class="number">{growthOf(growthPerDay)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul class="plain stack tight">
        {volumes.map(({ freeBytes, totalBytes, lastsDays }, index) => {
          const of = parts.filter(({ volume }) => volume === index);
          return (
            <li key={index}>
              <strong>{of.map(({ name }) => t.system.storageParts[name]).join(', ')}:</strong>{' '}
              {t.system.volume(bytes(freeBytes), bytes(totalBytes))},{' '}
              {lastsOf(
                lastsDays,
                of.some(({ growthPerDay }) => growthPerDay === null),
              )}
            </li>
          );
        })}
        {parts.some(({ name, volume, bytes: used }) => name === 'database' && volume === null && used !== null) && (
          <li>
            <strong>{t.system.storageParts.database}:</strong> {t.system.elsewhere}
          </li>
        )}
      </ul>
      <p class="small muted">{t.system.growthHint}</p>
      <p class="small muted">{t.system.logsElsewhere}</p>
    </section>
  );
}

const growthOf = (growth: number | null): string =>
  growth === null ? t.system.unknown : growth < 1 ? t.system.notGrowing : bytes(growth);

const YEARS = 3 * 365;

function lastsOf(days: number | null, isUnknown: boolean): string {
  if (isUnknown) return t.system.lastsUnknown;
  if (days === null) return t.system.lastsStable;
  return days > YEARS ? t.system.lastsYears : t.system.lasts(days);
}
