import { useSwitch } from '../shared/use-switch.ts';

/** To the HTTP API's page, where the server has one: production has none unless `API_DOCS` is on. */
export function ApiLink() {
  if (!useSwitch('apiDocs')) return null;
  return (
    <a class="button" href="/docs">
      HTTP API
    </a>
  );
}
