import { useEffect, useRef, useState } from 'preact/hooks';

/** Recovery codes, shown once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    setCopied(true);
  };
  return (
    <div class="note warn stack printed">
      <h3 ref={heading} tabIndex={-1}>
        Your recovery codes
      </h3>
      <p>
        Each logs you in once when your second factor is lost. They are not shown again: print them, or keep them with
        your passwords.
      </p>
      <ol class="recovery-codes code">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <p class="row">
        <button type="button" onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" onClick={() => print()}>
          Print
        </button>
        <button type="button" class="primary" onClick={onDone}>
          I have kept them
        </button>
      </p>
    </div>
  );
}
