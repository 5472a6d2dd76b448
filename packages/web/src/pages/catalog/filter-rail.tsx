/** The filters beside the list; where there is no room for that, in a sheet behind a button. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { FilterIcon } from '../../parts/icons.tsx';
import { Filters, type FiltersProps } from './filters.tsx';
import { messages } from './messages.ts';
import { Modal } from './modal.tsx';
import { filterCount } from './url-state.ts';

export function FilterRail(props: FiltersProps): ReactElement {
  return (
    <aside className="catalog-rail" aria-label={messages.filters}>
      <Filters {...props} />
    </aside>
  );
}

export interface FilterSheetProps extends FiltersProps {
  /** Entities that match. */
  readonly total: number;
}

export function FilterSheet({ total, ...filters }: FilterSheetProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const active = filterCount(filters.state);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button
        className="catalog-filters-button"
        variant="secondary"
        iconStart={<FilterIcon />}
        aria-haspopup="dialog"
        onPress={() => setOpen(true)}
      >
        {active === 0 ? messages.filters : messages.filtersActive(active)}
      </Button>
      {isOpen && (
        <Modal
          title={messages.filters}
          className="modal-sheet"
          onClose={close}
          footer={
            <Button variant="primary" onPress={close}>
              {messages.showResults(total)}
            </Button>
          }
        >
          <Filters {...filters} />
        </Modal>
      )}
    </>
  );
}
