/** What brings entities into the catalog by itself: an organisation chart, a cloud account, a forge's repositories. */
import type { Mutation } from './ingest/engine.ts';

export interface EntityProvider {
  /** Unique and stable: entities of a provider that is gone are removed at the next start. */
  readonly name: string;
  /** Called once at start. Keep the connection and use it whenever something changes. */
  connect(connection: ProviderConnection): Promise<void>;
}

export interface ProviderConnection {
  /** Replaces or changes what the provider has in the catalog; resolves when readers can see it. */
  applyMutation(mutation: Mutation): Promise<void>;
  /** Makes entities again that were made from something under these keys, such as `url:https://…`. */
  refresh(request: { readonly keys: readonly string[] }): Promise<void>;
}
