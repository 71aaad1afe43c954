import { useSwitch } from '../shared/use-switch.ts';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

/** Link to the HTTP API's page; production serves that page only with `API_DOCS` on. */
export function ApiLink() {
  if (!useSwitch('apiDocs')) return null;
  return (
    <a class="button" href={at('/docs')}>
      {t.api}
    </a>
  );
}
