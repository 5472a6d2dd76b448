/** The saved views: open one, save what is shown now, rename, delete, copy the link. */
import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { Button, ButtonIcon } from '@backstage/ui';
import { Link } from 'react-router-dom';
import { CopyButton } from '../../parts/copy-button.tsx';
import { CloseIcon, EditIcon } from '../../parts/icons.tsx';
import { messages } from './messages.ts';
import {
  findView,
  LONGEST_NAME,
  renamedView,
  viewSearch,
  withoutView,
  withView,
  type SavedView,
} from './saved-views.ts';
import { ALL_KINDS, START, type CatalogState } from './url-state.ts';
import { useSavedViews, type SavedViews } from './use-saved-views.ts';

/** What is there before anything is saved. */
const BUILT_IN: readonly SavedView[] = [
  { name: messages.viewAllComponents, search: viewSearch({ ...START, kind: 'component' }) },
  { name: messages.viewOwned, search: viewSearch({ ...START, kind: ALL_KINDS, show: 'mine' }) },
  { name: messages.viewStarred, search: viewSearch({ ...START, kind: ALL_KINDS, show: 'starred' }) },
];

export interface ViewsMenuProps {
  readonly state: CatalogState;
  readonly onClose: () => void;
}

export function ViewsMenu({ state, onClose }: ViewsMenuProps): ReactElement {
  const saved = useSavedViews();
  const search = viewSearch(state);
  const isBuiltIn = saved.views.length === 0;
  return (
    <div className="views">
      <h2>{isBuiltIn ? messages.builtInViews : messages.viewsTitle}</h2>
      {saved.isUnread && <p className="catalog-problem">{messages.viewsUnread}</p>}
      <ul className="views-list">
        {(isBuiltIn ? BUILT_IN : saved.views).map((view) => (
          <View
            key={view.name}
            view={view}
            isOpen={view.search === search}
            saved={isBuiltIn ? null : saved}
            onClose={onClose}
          />
        ))}
      </ul>
      <SaveForm search={search} saved={saved} />
    </div>
  );
}

interface ViewProps {
  readonly view: SavedView;
  readonly isOpen: boolean;
  /** Null for a view that cannot be changed. */
  readonly saved: SavedViews | null;
  readonly onClose: () => void;
}

function View({ view, isOpen, saved, onClose }: ViewProps): ReactElement {
  const [isRenaming, setRenaming] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { name } = view;
  const path = `/catalog${view.search === '' ? '' : `?${view.search}`}`;
  if (saved !== null && isRenaming) {
    return (
      <li className="view">
        <NameForm
          label={messages.renameView(name)}
          button={messages.rename}
          start={name}
          onSave={async (next) => {
            const other = findView(saved.views, next);
            if (other !== undefined && other !== view) return messages.viewNameTaken(other.name);
            const failure = await attempt(saved.change((views) => renamedView(views, name, next)));
            if (failure === null) setRenaming(false);
            return failure;
          }}
          onCancel={() => setRenaming(false)}
        />
      </li>
    );
  }
  return (
    <li className="view">
      <Link className="view-link" to={path} aria-current={isOpen ? 'true' : undefined} onClick={onClose}>
        <bdi>{name}</bdi>
      </Link>
      <CopyButton text={new URL(path, location.href).href} label={messages.copyViewLink(name)} />
      {saved !== null && (
        <>
          <ButtonIcon
            variant="tertiary"
            className="cb-copy"
            aria-label={messages.renameView(name)}
            icon={<EditIcon />}
            onPress={() => setRenaming(true)}
          />
          <ButtonIcon
            variant="tertiary"
            className="cb-copy"
            aria-label={messages.deleteView(name)}
            icon={<CloseIcon />}
            onPress={() => void attempt(saved.change((views) => withoutView(views, name))).then(setProblem)}
          />
        </>
      )}
      {problem !== null && (
        <p className="catalog-problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function SaveForm({ search, saved }: { readonly search: string; readonly saved: SavedViews }): ReactElement {
  return (
    <section className="views-save">
      <h2>{messages.saveView}</h2>
      <NameForm
        label={messages.viewName}
        button={messages.saveViewButton}
        start=""
        note={(name) => {
          const other = findView(saved.views, name);
          return other === undefined ? null : messages.replacesView(other.name);
        }}
        onSave={(name) => attempt(saved.change((views) => withView(views, { name, search })))}
      />
    </section>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly button: string;
  readonly start: string;
  /** What saving under a name will do; null when there is nothing to say. */
  readonly note?: (name: string) => string | null;
  /** Resolves with what went wrong; null when nothing did. */
  readonly onSave: (name: string) => Promise<string | null>;
  readonly onCancel?: () => void;
}

/** What was typed stays until it is saved. */
function NameForm({ label, button, start, note, onSave, onCancel }: NameFormProps): ReactElement {
  const [name, setName] = useState(start);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const id = useId();
  const noteText = problem ?? note?.(name) ?? null;

  async function save(): Promise<void> {
    const trimmed = name.trim();
    if (trimmed === '') {
      setProblem(messages.viewNameMissing);
      return;
    }
    setSaving(true);
    const failure = await onSave(trimmed);
    setSaving(false);
    setProblem(failure);
    if (failure === null) setName(start === '' ? '' : trimmed);
  }

  return (
    <form
      className="name-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || onCancel === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      <input
        className="catalog-field"
        type="text"
        aria-label={label}
        placeholder={messages.viewNameHint}
        maxLength={LONGEST_NAME}
        value={name}
        aria-invalid={problem !== null}
        aria-describedby={id}
        // The field takes the place of the button that was pressed.
        autoFocus={onCancel !== undefined}
        onChange={(event) => {
          setName(event.target.value);
          setProblem(null);
        }}
      />
      <Button type="submit" variant="secondary" isDisabled={isSaving}>
        {button}
      </Button>
      <p
        id={id}
        className={problem === null ? 'catalog-note' : 'catalog-problem'}
        role={problem === null ? undefined : 'alert'}
      >
        {noteText}
      </p>
    </form>
  );
}

async function attempt(change: Promise<void>): Promise<string | null> {
  try {
    await change;
    return null;
  } catch (error) {
    return messages.viewUnsaved(error instanceof Error ? error.message : String(error));
  }
}
