import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Asked {
  readonly asked: boolean;
  readonly setAsked: (asked: boolean) => void;
  readonly question: RefObject<HTMLParagraphElement | null>;
  readonly button: RefObject<HTMLButtonElement | null>;
}

/** An act that asks first. The focus goes to the question, and back to the button. */
export function useAsked(): Asked {
  const [asked, setAsked] = useState<boolean>();
  const question = useRef<HTMLParagraphElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked !== undefined) (asked ? question : button).current?.focus();
  }, [asked]);
  return { asked: asked === true, setAsked, question, button };
}
