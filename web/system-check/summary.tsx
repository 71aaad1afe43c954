import { useRef, useState } from 'preact/hooks';
import { Labelled } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { dateAndTime } from '../shared/time-format.ts';
import type { Finding } from './findings.ts';
import { t } from './messages.ts';
import { summaryText } from './result.ts';
import { serverUrl } from '../shared/base-path.ts';

interface SummaryProps {
  readonly findings: readonly Finding[];
  readonly headline: string;
}

/** All findings as text to copy or print for technical support. */
export function Summary({ findings, headline }: SummaryProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const text = summaryText(findings, headline, {
    server: serverUrl(),
    browser: navigator.userAgent,
    at: dateAndTime(Date.now()),
  });
  const copy = () => {
    // The selection lets the user copy by hand where the clipboard is not available.
    field.current?.select();
    void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="card stack">
      <h2>{t.forSupport}</h2>
      <Labelled label={t.summary} hint={t.summaryUse}>
        {(names) => (
          <textarea {...names} ref={field} class="summary" rows={text.split('\n').length + 1} readOnly value={text} />
        )}
      </Labelled>
      <div class="row no-print">
        <button onClick={copy}>{common.copy}</button>
        <button onClick={() => print()}>{common.print}</button>
        <span role="status" class="small">
          {copied === true && t.copied}
          {copied === false && t.selected}
        </span>
      </div>
    </div>
  );
}
