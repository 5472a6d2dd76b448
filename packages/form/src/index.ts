/** The door of forms whose fields depend on each other: compile a form, resolve it, hold it open, send it. */
export type * from './graph.ts';
export { compileForm, type CompileRequest } from './compile/compile-form.ts';
export { isPresent } from './compile/is-present.ts';
export { readRules } from './rules/read-rules.ts';
export {
  loadExpressions,
  type Evaluated,
  type ExpressionLanguage,
  type ParsedExpression,
  type ParseOptions,
} from './expression/language.ts';
export { renderTemplateValue, type RenderOptions } from './expression/render-template-value.ts';
export { idOf, keysOf } from './resolve/pointer.ts';
export { resolveForm, settleForm, type Settled, type SettleRequest } from './resolve/resolve-form.ts';
export { shapeOptions, type Shaping } from './resolve/shape-options.ts';
export { createFormSession } from './session/create-form-session.ts';
export type { FormSession, FormSessionOptions } from './session/form-session.ts';
export { pageWith, type PageWithOptions } from './apply/page-with.ts';
export { refusals, type Refusal, type Sent } from './apply/refusals.ts';
export { valuesToSend } from './apply/values-to-send.ts';
export { checkValues, isValid, toJson, type ValueError } from './schema/check-values.ts';
export { resolveRef } from './schema/prepare-schema.ts';
export { wordsFor } from './schema/schema-words.ts';
