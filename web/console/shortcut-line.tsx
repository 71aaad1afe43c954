import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import type { ShortcutAction } from './shortcuts.ts';

interface ShortcutLineProps {
  readonly prefs: Prefs;
  readonly actions: readonly ShortcutAction[];
  readonly onEdit: () => void;
}

/** The keys of a page, and the way to change them. */
export const ShortcutLine = ({ prefs, actions, onEdit }: ShortcutLineProps) => (
  <div class="row between">
    <p class="small muted review-keys">
      {prefs.keysOn ? (
        <>
          {t.review.keys}{' '}
          {actions.map((action) => (
            <span key={action}>
              {' '}
              <kbd>{prefs.keys[action]}</kbd> {t.review.actions[action]}
            </span>
          ))}
        </>
      ) : (
        t.review.keysOff
      )}
    </p>
    <button class="small" onClick={onEdit}>
      {t.review.editKeys}
    </button>
  </div>
);
