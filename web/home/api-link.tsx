import { useSwitch } from '../shared/use-switch.ts';
import { t } from './messages.ts';

/** Link to the HTTP API's page; production serves that page only with `API_DOCS` on. */
export function ApiLink() {
  if (!useSwitch('apiDocs')) return null;
  return (
    <a class="button" href="/docs">
      {t.api}
    </a>
  );
}
