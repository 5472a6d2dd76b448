/** The items of a list: they can be added, moved, copied and taken away by button, so also by keyboard. */
import type { ReactElement } from 'react';
import {
  descriptionId,
  getUiOptions,
  titleId,
  type ArrayFieldTemplateItemType,
  type ArrayFieldTemplateProps,
} from '@rjsf/utils';
import { CloseIcon, CopyIcon, SortDownIcon, SortUpIcon } from '../../../parts/icons.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from '../messages.ts';
import { Required } from './field-template.tsx';
import { IconButton } from './icon-button.tsx';

export function ArrayTemplate(props: ArrayFieldTemplateProps): ReactElement {
  const { idSchema, uiSchema, schema, items, canAdd, disabled, readonly, required, onAddClick } = props;
  const options = getUiOptions(uiSchema);
  const title = options.title ?? props.title;
  const description = options.description ?? schema.description;
  return (
    <fieldset className="form-list" id={idSchema.$id} tabIndex={-1}>
      <legend className="form-label" id={titleId(idSchema)}>
        <bdi>{title}</bdi>
        {required === true && <Required />}
      </legend>
      {description !== undefined && description !== '' && (
        <div className="form-hint" id={descriptionId(idSchema)}>
          <Prose text={description} />
        </div>
      )}
      {items.length === 0 && <p className="form-none">{messages.noItems}</p>}
      <ol className="form-items">
        {items.map((item) => (
          <ListItem key={item.key} item={item} />
        ))}
      </ol>
      {canAdd === true && (
        <button
          type="button"
          className="form-add-button"
          aria-label={messages.addTo(title)}
          disabled={disabled === true || readonly === true}
          onClick={onAddClick}
        >
          {messages.add}
        </button>
      )}
    </fieldset>
  );
}

function ListItem({ item }: { readonly item: ArrayFieldTemplateItemType }): ReactElement {
  const { children, index, disabled, readonly, hasToolbar } = item;
  const what = messages.item(index + 1);
  const isFixed = disabled === true || readonly === true;
  return (
    <li className="form-item">
      <div className="form-item-value">{children}</div>
      {hasToolbar && (
        <div className="form-item-tools">
          {(item.hasMoveUp || item.hasMoveDown) && (
            <>
              <IconButton
                label={messages.moveUp(what)}
                isDisabled={isFixed || !item.hasMoveUp}
                onClick={item.onReorderClick(index, index - 1)}
              >
                <SortUpIcon />
              </IconButton>
              <IconButton
                label={messages.moveDown(what)}
                isDisabled={isFixed || !item.hasMoveDown}
                onClick={item.onReorderClick(index, index + 1)}
              >
                <SortDownIcon />
              </IconButton>
            </>
          )}
          {item.hasCopy && (
            <IconButton
              label={messages.copyItem(what)}
              isDisabled={isFixed}
              onClick={item.onCopyIndexClick(index)}
            >
              <CopyIcon />
            </IconButton>
          )}
          {item.hasRemove && (
            <IconButton
              label={messages.remove(what)}
              isDisabled={isFixed}
              onClick={item.onDropIndexClick(index)}
            >
              <CloseIcon />
            </IconButton>
          )}
        </div>
      )}
    </li>
  );
}
