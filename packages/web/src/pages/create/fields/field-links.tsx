/** Names of other fields, each with the way to it. */
import { Fragment, type ReactElement } from 'react';
import type { FieldId } from '@callboard/form';
import type { OpenForm } from '../form/session-context.ts';

export interface FieldLinksProps {
  readonly ids: readonly FieldId[];
  readonly form: OpenForm;
}

export function FieldLinks({ ids, form }: FieldLinksProps): ReactElement {
  return (
    <>
      {ids.map((id, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <button type="button" className="form-link" onClick={() => form.openField(id)}>
            <bdi>{form.titleOf(id)}</bdi>
          </button>
        </Fragment>
      ))}
    </>
  );
}
