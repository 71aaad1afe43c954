import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const watched = new Map<Element, (seen: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element is visible on the screen; one observer for all elements. */
export function useInView(place: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    observer ??= new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
    });
    watched.set(element, setSeen);
    observer.observe(element);
    return () => {
      watched.delete(element);
      observer?.unobserve(element);
    };
  }, []);
  return seen;
}
