import type { Prefs } from './prefs.ts';
import { shownAddress } from './shown-name.ts';

/** The student's email address, truncated to the available width; nothing while names are hidden. */
export function Address({
  session,
  names,
}: {
  readonly session: { readonly studentName: string; readonly studentEmail: string };
  readonly names: Prefs['names'];
}) {
  const address = shownAddress(session, names);
  return address === undefined ? null : (
    <p class="address small muted" title={address}>
      {address}
    </p>
  );
}
