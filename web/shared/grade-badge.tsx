/** One shape per level, so that levels can be told apart without colours. */
const SHAPES = {
  low: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM5 8.2l2.2 2.2L11.3 6',
  medium: 'M8 2 14.8 14H1.2ZM8 6.5v3.5M8 11.8v.3',
  high: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2ZM8 4.5v4.3M8 11v.3',
};
export type Grade = keyof typeof SHAPES;

/** A level as colour, shape and text. */
export const GradeBadge = ({ grade, text, title }: { grade: Grade; text: string; title?: string | undefined }) => (
  <span class={`badge ${grade}`} title={title}>
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={SHAPES[grade]} />
    </svg>
    {text}
  </span>
);
