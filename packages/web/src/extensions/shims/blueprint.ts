/** Extensions of Backstage's new frontend system. A definition keeps what it was made of; the portal reads the kinds it knows. */

export interface ExtensionDefinition {
  readonly $$type: '@backstage/ExtensionDefinition';
  readonly kind: string;
  readonly name: string | undefined;
  readonly params: unknown;
}

interface MakeOptions {
  readonly name?: string;
  /** Some blueprints take a function that is given a function which hands its argument back. */
  readonly params?: unknown;
}

export interface Blueprint {
  readonly make: (options: MakeOptions) => ExtensionDefinition;
  readonly makeWithOverrides: (options: {
    readonly name?: string;
    readonly factory: (original: (params: unknown) => unknown, context: unknown) => unknown;
  }) => ExtensionDefinition;
}

export function createBlueprint(kind: string): Blueprint {
  const make = ({ name, params }: MakeOptions): ExtensionDefinition => ({
    $$type: '@backstage/ExtensionDefinition',
    kind,
    name,
    params: typeof params === 'function' ? params((given: unknown) => given) : params,
  });
  return {
    make,
    makeWithOverrides({ name, factory }) {
      let params: unknown;
      factory(
        (given) => {
          params = given;
          return [];
        },
        { config: {}, inputs: {} },
      );
      return make({ ...(name === undefined ? {} : { name }), params });
    },
  };
}

/** Several extensions under one name; each of them counts as if it were exported by itself. */
export interface ExtensionBundle {
  readonly $$type: '@backstage/FrontendPlugin';
  readonly id: string;
  readonly extensions: readonly unknown[];
}

export function createBundle(options: {
  readonly pluginId?: string;
  readonly id?: string;
  readonly extensions?: readonly unknown[];
}): ExtensionBundle {
  return {
    $$type: '@backstage/FrontendPlugin',
    id: options.pluginId ?? options.id ?? 'extension',
    extensions: options.extensions ?? [],
  };
}
