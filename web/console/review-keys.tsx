import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { SHORTCUT_ACTIONS } from './shortcuts.ts';

/** The keys of the review, and the way to change them. */
export const ReviewKeys = ({ prefs, onEdit }: { readonly prefs: Prefs; readonly onEdit: () => void }) => (
  <div class="row between">
    <p class="small muted review-keys">
      {prefs.keysOn ? (
        <>
          {t.review.keys}
          {SHORTCUT_ACTIONS.map((action) => (
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
