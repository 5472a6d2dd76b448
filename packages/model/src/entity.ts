/**
 * The entity envelope: the shape every catalog entity has, whatever its kind.
 * Wire format: Backstage's `apiVersion/kind/metadata/spec` with `relations` and `status` added on output.
 */

export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export interface EntityLink {
  readonly url: string;
  readonly title?: string;
  readonly icon?: string;
  readonly type?: string;
}

export interface EntityMeta {
  readonly name: string;
  /** `default` when absent; always present on output. */
  readonly namespace?: string;
  /** Output only: UUID, stable for as long as the entity exists. */
  readonly uid?: string;
  /** Output only: changes whenever anything of the entity changes. */
  readonly etag?: string;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly links?: readonly EntityLink[];
  readonly [key: string]: unknown;
}

export interface EntityRelation {
  readonly type: string;
  /** Full lower-case reference, `kind:namespace/name`. */
  readonly targetRef: string;
}

export interface EntityStatusItem {
  readonly type: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly error?: { readonly name: string; readonly message: string; readonly [key: string]: unknown };
}

export interface EntityStatus {
  readonly items?: readonly EntityStatusItem[];
}

export interface Entity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: EntityMeta;
  readonly spec?: JsonObject;
  /** Output only. */
  readonly relations?: readonly EntityRelation[];
  /** Output only. */
  readonly status?: EntityStatus;
}

/**
 * As much of an entity as it takes to name it: what a document must have before its placeholders are
 * replaced and its kind is looked at. Every `Entity` is one.
 */
export interface EntityEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [key: string]: unknown;
  };
  readonly spec?: unknown;
}

/** Where entities are that name no namespace. */
export const DEFAULT_NAMESPACE = 'default';
