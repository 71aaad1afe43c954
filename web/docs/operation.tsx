import { useState } from 'preact/hooks';
import { type ApiDocument, contentOf, type Operation } from './document.ts';
import { t } from './messages.ts';
import { SchemaView } from './schema.tsx';
import { TryIt } from './try-it.tsx';

interface OperationProps {
  readonly document: ApiDocument;
  readonly operation: Operation;
  readonly token: string;
  readonly onToken: (token: string) => void;
}

function Details({ document, operation, token, onToken }: OperationProps) {
  const body = contentOf(operation.requestBody?.content);
  return (
    <div class="stack">
      <p class="small">{operation.description}</p>
      {operation.parameters && (
        <>
          <h3>{t.parameters}</h3>
          <dl class="properties">
            {operation.parameters.map(({ name, in: place, required, description, schema }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                  {!required && <span class="muted">?</span>} <span class="muted small">{place}</span>
                </dt>
                <dd>
                  <SchemaView schema={schema} />
                  {description && <span class="small"> {description}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {body && (
        <>
          <h3>
            {t.body} <span class="muted small">{body.type}</span>
          </h3>
          <SchemaView schema={body.schema} />
        </>
      )}
      <h3>{t.responses}</h3>
      <dl class="properties">
        {Object.entries(operation.responses).map(([status, response]) => {
          const content = contentOf(response.content);
          return (
            <div key={status}>
              <dt>
                <code>{status}</code>
              </dt>
              <dd>
                {Number(status) >= 400 && <span class="small">{response.description} </span>}
                {content && Number(status) < 400 && <SchemaView schema={content.schema} />}
                {!content && <span class="muted small">{t.noBody}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      <h3>{t.tryIt}</h3>
      <TryIt document={document} operation={operation} token={token} onToken={onToken} />
    </div>
  );
}

/** One operation as a line that expands to its details. */
export function OperationView(props: OperationProps) {
  const { operationId, method, path, summary } = props.operation;
  const [open, setOpen] = useState(location.hash === `#${operationId}`);
  return (
    <details id={operationId} class="operation" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class={`badge method ${method.toLowerCase()}`}>{method}</span>
        <code>{path}</code>
        <span class="muted small">{summary}</span>
      </summary>
      {open && <Details {...props} />}
    </details>
  );
}
