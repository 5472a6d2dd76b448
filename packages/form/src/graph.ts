/**
 * The words of a form whose fields depend on each other. A template's pages are compiled into a graph of fields; the graph is
 * resolved against what somebody entered. The result is a function of the graph, of what was entered, of who asks, and of
 * what the sources answered, and of nothing else: neither the order of writes nor the order of answers changes it.
 */
import type { Diagnostic, JsonObject, JsonValue } from '@callboard/model';

/**
 * A field by its place in the values, as a JSON Pointer (RFC 6901): `/account`, `/aws/region`. In a graph the items of a
 * list are `*`, as in `/regions/*\/name`; in a resolution they are numbers, as in `/regions/0/name`.
 */
export type FieldId = string;

/** A JSONata expression of a template, parsed. */
export interface Expression {
  readonly text: string;
  /** Where it is written, as `spec.parameters[0].properties.account.ui:visible`. */
  readonly at: string;
  /** Values of the form that it reads, as pointers in graph form. One that names an object reads all of it. */
  readonly reads: readonly FieldId[];
  /** Whether it reads `options`, the options that the source of its field gave. */
  readonly readsOptions: boolean;
  readonly readsUser: boolean;
}

/** A text with expressions in it (`/accounts?team=${{ form.team }}`), or any JSON with such texts. */
export type TemplateValue =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | {
      readonly kind: 'text';
      /** In order; texts stay, expressions are put in. */
      readonly parts: readonly (string | Expression)[];
    }
  | { readonly kind: 'object'; readonly entries: Readonly<Record<string, TemplateValue>> }
  | { readonly kind: 'list'; readonly items: readonly TemplateValue[] };

/** What an answer of a source becomes. Each expression sees the answer, or one item of it, as its input `$`. */
export interface OptionShape {
  /** From the answer to the list of items; null: the answer itself, or the first list in it. */
  readonly items: Expression | null;
  /** From an item to its value; null: `value`, `id`, `name`, or the item itself when it is no object. */
  readonly value: Expression | null;
  /** Null: `label`, `title`, `name`, or the value. */
  readonly label: Expression | null;
  readonly description: Expression | null;
  readonly group: Expression | null;
}

export type SourceRequest =
  | { readonly kind: 'static'; readonly items: TemplateValue }
  /** Entities that the person may read. `filter` as in `catalogFilter` of the pickers. */
  | { readonly kind: 'catalog'; readonly filter: TemplateValue }
  | {
      readonly kind: 'http';
      /** Name of an endpoint of the configuration; null: `url` is absolute, and its host must be allowed. */
      readonly endpoint: string | null;
      /** Path below the endpoint, or the whole URL. Values put into it are escaped. */
      readonly url: TemplateValue;
      readonly method: 'GET' | 'POST';
      readonly query: TemplateValue | null;
      readonly headers: TemplateValue | null;
      readonly body: TemplateValue | null;
    }
  /** Something that a plugin lists, by its name, as `aws:accounts`. */
  | { readonly kind: 'provider'; readonly provider: string; readonly input: TemplateValue };

/** Where the options of a field come from. */
export interface Source {
  readonly request: SourceRequest;
  readonly shape: OptionShape;
  /** Where it is written. */
  readonly at: string;
  /** What the request reads: all of it must have a value before anything is asked, unless `whenEmpty` is `ask`. */
  readonly reads: readonly FieldId[];
  readonly whenEmpty: 'wait' | 'ask';
  /** `value`: the answer is a value for the field (its suggestion), not a list to choose from. */
  readonly gives: 'options' | 'value';
}

export type Rule =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'expression'; readonly expression: Expression };

/** A check by the server of another system: 200 is good, else `{field: [messages]}`. */
export interface RemoteCheck {
  readonly request: Extract<SourceRequest, { kind: 'http' }>;
  readonly reads: readonly FieldId[];
  readonly at: string;
}

/** What a field declares, in whichever spelling it was written. */
export interface FieldRules {
  readonly source: Source | null;
  /** False hides the field: it has no value then, and may not be sent. */
  readonly visible: Rule | null;
  /** True: the field has the suggested value, or none. */
  readonly disabled: Rule | null;
  readonly required: Rule | null;
  /** The suggested value, as long as nobody entered another. */
  readonly suggest: Rule | null;
  /** A list of values or of `{value, label}`; may read `options`. */
  readonly options: Rule | null;
  /** Each gives nothing, `true` or '' for a good value; else a message or several. `value` is the field's own. */
  readonly checks: readonly Expression[];
  readonly remoteCheck: RemoteCheck | null;
}

export interface GraphField {
  readonly id: FieldId;
  /** Of the page, from 0. */
  readonly page: number;
  /** What a person calls it. */
  readonly title: string;
  /** The field's own schema, `$ref` resolved. */
  readonly schema: JsonObject;
  /** Where it is written, as `spec.parameters[0].properties.account`. */
  readonly at: string;
  /** It is asked for only while each of these holds: the branches of the schema that it stands in. */
  readonly conditions: readonly Condition[];
  /** Null for a field that declares nothing: its value is what was entered. */
  readonly rules: FieldRules | null;
  /** Fields whose values its own value, options or visibility is made of. */
  readonly dependsOn: readonly FieldId[];
}

/** A value, by its pointer in graph form, fits a schema (or, negated, does not). */
export interface Condition {
  /** Pointer of the object that the branch belongs to; '' for all values. */
  readonly of: FieldId;
  readonly schema: JsonValue;
  readonly holds: boolean;
}

export interface FormGraph {
  readonly pages: readonly JsonObject[];
  /** Every field, with those that others depend on first. */
  readonly fields: readonly GraphField[];
  readonly byId: ReadonlyMap<FieldId, GraphField>;
  /** Whether any field declares anything. If not, there is nothing to resolve. */
  readonly isDynamic: boolean;
  /** What is wrong with it, each with its `path`. A rule that cannot be used is left out, the rest works. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Who fills the form in; `user` in expressions. */
export interface FormUser {
  /** `user:default/anna`; null for nobody or a service. */
  readonly ref: string | null;
  readonly name: string;
  readonly displayName: string | null;
  readonly email: string | null;
  /** Full references of what they own things as: their own and those of their groups. */
  readonly groups: readonly string[];
}

export interface Option {
  readonly value: JsonValue;
  readonly label: string;
  readonly description?: string;
  readonly group?: string;
}

/** What a source is asked. Equal keys have equal answers. */
export interface SourceNeed {
  readonly key: string;
  /** Of the graph: `/regions/*\/name`. */
  readonly field: FieldId;
  /** `check`: the remote check of the field; `value` is in the form then. */
  readonly what: 'options' | 'check';
  /** The part of the form that the request reads. */
  readonly form: JsonObject;
  /** The item of a list that the field stands in; null outside of lists. */
  readonly item: JsonObject | null;
  /** Values that were entered: those of them that are options are named in the answer, when not all are. */
  readonly holds: readonly JsonValue[];
}

export interface SourceAnswer {
  readonly options: readonly Option[];
  /** Of all options, where only the first were sent. */
  readonly total: number;
  readonly isTruncated: boolean;
  /** Of `holds`: those that are options. */
  readonly held: readonly Option[];
  /** For a source that gives a value, and for a check (its messages, as a list of texts). */
  readonly value?: JsonValue;
}

/** `search`: only options with this text. Rejects with an Error whose message can be shown. */
export type AskSource = (
  need: SourceNeed,
  asked: { readonly search?: string; readonly signal: AbortSignal },
) => Promise<SourceAnswer>;

export type OptionsState =
  | { readonly status: 'waiting'; readonly for: readonly FieldId[] }
  | { readonly status: 'loading'; readonly key: string }
  | {
      readonly status: 'ready';
      readonly options: readonly Option[];
      readonly total: number;
      readonly isTruncated: boolean;
    }
  | { readonly status: 'failed'; readonly message: string; readonly key: string };

/** Why a field is as it is, for the people who write forms. */
export interface Reason {
  readonly what: 'visible' | 'disabled' | 'required' | 'suggest' | 'options' | 'check' | 'condition';
  /** The expression, or a sentence. */
  readonly text: string;
  readonly at: string;
  readonly result: JsonValue | undefined;
  /** The values that it read. */
  readonly read: Readonly<Record<FieldId, JsonValue | undefined>>;
  /** What it threw. */
  readonly failure: string | null;
}

export interface FieldState {
  /** With numbers for the items of lists. */
  readonly id: FieldId;
  readonly field: GraphField;
  /** False: in a branch that does not hold now. All else of it is at rest then. */
  readonly isPresent: boolean;
  readonly isVisible: boolean;
  readonly isDisabled: boolean;
  readonly isRequired: boolean;
  /** What counts now; undefined for none. */
  readonly value: JsonValue | undefined;
  readonly origin: 'entered' | 'suggested' | 'none';
  /** Undefined: nothing is suggested, or not known yet. */
  readonly suggested: JsonValue | undefined;
  /** Null: any value will do. */
  readonly options: OptionsState | null;
  /** What was entered and does not count now, as it is no option; null when all of it counts. */
  readonly replaced: { readonly entered: JsonValue } | null;
  /** What is wrong with its value, or with its rules. */
  readonly problems: readonly FieldProblem[];
  readonly reasons: readonly Reason[];
}

export interface FieldProblem {
  readonly kind: 'rule-failed' | 'source-failed' | 'not-an-option' | 'check' | 'hidden' | 'fixed';
  /** Goes on from the name of the field: `is not one of the options`. */
  readonly message: string;
}

export interface Resolution {
  /** What counts: entered and suggested values of the fields that are there. */
  readonly values: JsonObject;
  /** By id. Only fields with rules. */
  readonly fields: ReadonlyMap<FieldId, FieldState>;
  /** What has to be asked before all of it is known; empty when it is settled. */
  readonly needs: readonly SourceNeed[];
}

/** What is known of what was asked. */
export type Answered =
  | { readonly status: 'ready'; readonly answer: SourceAnswer }
  | { readonly status: 'failed'; readonly message: string };

export interface ResolveRequest {
  readonly graph: FormGraph;
  /** What somebody entered, prefilled or sent; absent keys were not. */
  readonly entered: JsonObject;
  readonly user: FormUser;
  /** By the key of the need. */
  readonly answers: ReadonlyMap<string, Answered>;
}
