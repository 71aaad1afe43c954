import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../shared/api-error.ts';
import { Field, Problem } from '../shared/field.tsx';
import { readLogin } from '../shared/login-store.ts';
import { type ApiDocument, operationsOf } from './document.ts';
import { t } from './messages.ts';
import { OperationView } from './operation.tsx';
import { SchemaView } from './schema.tsx';
import { at } from '../shared/base-path.ts';

async function load(): Promise<ApiDocument> {
  const response = await fetch(at('/openapi.json'), { cache: 'no-store' });
  if (!response.ok) throw new Error(t.loadFailed(response.status));
  return (await response.json()) as ApiDocument;
}

/** Browsable view of the server's /openapi.json, with a form to try each operation. */
export function Docs() {
  const [document, setDocument] = useState<ApiDocument>();
  const [error, setError] = useState<string>();
  const [filter, setFilter] = useState('');
  const [token, setToken] = useState(readLogin()?.accessToken ?? '');
  useEffect(() => {
    load().then(setDocument, (fault: unknown) => setError(messageOf(fault)));
  }, []);
  if (!document) return <Problem>{error}</Problem>;
  const wanted = filter.trim().toLowerCase();
  const operations = operationsOf(document).filter(({ method, path, summary }) =>
    `${method} ${path} ${summary}`.toLowerCase().includes(wanted),
  );
  return (
    <div class="middle stack">
      <section class="card stack">
        <h1>
          {document.info.title} <span class="muted small">{document.info.version}</span>
        </h1>
        {document.info.description.split('\n\n').map((paragraph) => (
          <p key={paragraph}>{paragraph.replaceAll('`', '')}</p>
        ))}
        <label class="field">
          {t.filter}
          <input
            type="search"
            placeholder={t.filterPlaceholder}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <Field
          label={t.token}
          hint={t.tokenHint}
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={(event) => setToken(event.currentTarget.value.trim())}
        />
      </section>
      {document.tags.map(({ name }) => {
        const own = operations.filter((operation) => operation.tags.includes(name));
        if (own.length === 0) return null;
        return (
          <section class="card stack" key={name}>
            <h2>{name}</h2>
            <div>
              {own.map((operation) => (
                <OperationView
                  key={operation.operationId}
                  document={document}
                  operation={operation}
                  token={token}
                  onToken={setToken}
                />
              ))}
            </div>
          </section>
        );
      })}
      <section class="card stack">
        <h2>{t.schemas}</h2>
        {Object.entries(document.components.schemas).map(([name, schema]) => (
          <div key={name} id={`schema-${name}`}>
            <h3>{name}</h3>
            <SchemaView schema={schema} />
          </div>
        ))}
      </section>
    </div>
  );
}
