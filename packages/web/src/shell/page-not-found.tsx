/** For addresses that lead nowhere. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { messages } from '../messages.ts';
import { useTitle } from '../parts/use-title.ts';

export function PageNotFound(): ReactElement {
  useTitle(messages.pageNotFound);
  return (
    <section className="cb-notice">
      <h1>{messages.pageNotFound}</h1>
      <p>{messages.pageNotFoundWhy}</p>
      <ButtonLink className="cb-notice-action" variant="primary" href="/catalog">
        {messages.toCatalog}
      </ButtonLink>
    </section>
  );
}
