/** A jq program as a tree; `index` is the place in the text. */
export type JqNode =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly index: number }
  | { readonly kind: 'text'; readonly parts: readonly (string | JqNode)[]; readonly index: number }
  | { readonly kind: 'field'; readonly of: JqNode; readonly name: string; readonly index: number }
  | { readonly kind: 'item'; readonly of: JqNode; readonly key: JqNode; readonly index: number }
  | {
      readonly kind: 'slice';
      readonly of: JqNode;
      readonly from: JqNode | null;
      readonly to: JqNode | null;
      readonly index: number;
    }
  | { readonly kind: 'each'; readonly of: JqNode; readonly index: number }
  | { readonly kind: 'list'; readonly body: JqNode | null; readonly index: number }
  | {
      readonly kind: 'object';
      readonly entries: readonly { readonly key: JqNode; readonly value: JqNode }[];
      readonly index: number;
    }
  | { readonly kind: 'negative'; readonly of: JqNode; readonly index: number }
  | {
      readonly kind: 'binary';
      readonly sign: string;
      readonly left: JqNode;
      readonly right: JqNode;
      readonly index: number;
    }
  | {
      readonly kind: 'if';
      readonly condition: JqNode;
      readonly whenTrue: JqNode;
      /** Null: the input, as jq 1.7 has it. */
      readonly otherwise: JqNode | null;
      readonly index: number;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly JqNode[]; readonly index: number }
  | { readonly kind: 'variable'; readonly name: string; readonly index: number }
  | {
      readonly kind: 'bind';
      readonly name: string;
      readonly value: JqNode;
      readonly body: JqNode;
      readonly index: number;
    };
