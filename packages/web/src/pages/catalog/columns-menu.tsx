/** Chooses the columns of the list. */
import type { ReactElement } from 'react';
import { Button, Checkbox } from '@backstage/ui';
import { COLUMN_IDS, DEFAULT_COLUMNS, sameColumns } from './columns.ts';
import { messages } from './messages.ts';
import type { ColumnChoice } from './use-columns.ts';

export function ColumnsMenu({ choice }: { readonly choice: ColumnChoice }): ReactElement {
  const { chosen, choose } = choice;
  return (
    <div className="columns">
      <h2>{messages.columns}</h2>
      <div className="columns-list">
        {COLUMN_IDS.map((id) => (
          <Checkbox
            key={id}
            className="facet-choice"
            isSelected={chosen.includes(id)}
            onChange={(isSelected) =>
              choose(COLUMN_IDS.filter((each) => (each === id ? isSelected : chosen.includes(each))))
            }
          >
            <span className="facet-label">{messages.columnNames[id]}</span>
          </Checkbox>
        ))}
      </div>
      <p className="catalog-note">{messages.columnsOfKind}</p>
      {choice.isUnsaved && (
        <p className="catalog-problem" role="alert">
          {messages.columnsUnsaved}
        </p>
      )}
      <Button
        variant="tertiary"
        isDisabled={sameColumns(chosen, DEFAULT_COLUMNS)}
        onPress={() => choose(DEFAULT_COLUMNS)}
      >
        {messages.columnsReset}
      </Button>
    </div>
  );
}
