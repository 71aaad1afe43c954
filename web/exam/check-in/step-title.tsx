import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Heading of a step; takes the focus when the step begins. */
export function StepTitle({ children }: { readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} id="step-title" class="page-title" tabIndex={-1}>
      {children}
    </h2>
  );
}
